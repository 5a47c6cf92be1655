import type { AwsError } from '../aws/awsError.ts';
import { connectError, type ErrorCode } from './errors.ts';

/** A call that is about to be carried out. */
export interface Call {
  readonly operation: string;
  /** 1 for the first call of that operation. */
  readonly nth: number;
  readonly atMs: number;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What goes wrong with a call. */
export type Fault =
  /** Refused, nothing done. */
  | { readonly kind: 'refuse'; readonly error: AwsError }
  /** Carried out, but the caller gets an error instead of the answer. */
  | { readonly kind: 'lose-answer' };

/** Says what goes wrong with a call, if anything. Asked once for each call, in order. */
export type Faults = (call: Call) => Fault | undefined;

/** A fault as a scenario file writes it. Of several that fit a call the first one counts. */
export interface FaultRule {
  readonly operation: string;
  /** The nth calls of the operation that it strikes, both included. @default every call */
  readonly nth?: { readonly from?: number; readonly to?: number };
  /** Only once this other operation has been called, for so many seconds from its last call. @default always */
  readonly after?: { readonly operation: string; readonly forSeconds?: number };
  /** The error that is answered, or `lost`: carried out, but the answer never arrives. */
  readonly answer: ErrorCode | 'lost';
  readonly message?: string;
}

/** Turns a scenario's rules into faults. */
export function faultsFrom(rules: readonly FaultRule[]): Faults {
  const lastCallMs = new Map<string, number>();
  const strikes = (rule: FaultRule, call: Call): boolean => {
    if (rule.operation !== call.operation) return false;
    if (call.nth < (rule.nth?.from ?? 1) || call.nth > (rule.nth?.to ?? Number.POSITIVE_INFINITY)) return false;
    if (rule.after === undefined) return true;
    const sinceMs = lastCallMs.get(rule.after.operation);
    if (sinceMs === undefined) return false;
    return call.atMs - sinceMs <= (rule.after.forSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  };
  return (call) => {
    const rule = rules.find((candidate) => strikes(candidate, call));
    lastCallMs.set(call.operation, call.atMs);
    if (rule === undefined) return undefined;
    if (rule.answer === 'lost') return { kind: 'lose-answer' };
    return { kind: 'refuse', error: connectError(rule.answer, rule.message ?? 'Refused by the scenario.') };
  };
}
