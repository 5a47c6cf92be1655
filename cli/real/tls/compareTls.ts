import { compare } from './comparison.ts';

export interface TlsOptions {
  /** How long rows are written and connections broken. */
  readonly minutes: number;
  /** Rows that are waited for in that time. */
  readonly checks: number;
  /** Of every random moment. */
  readonly seed: number;
}

/**
 * Compares TLS 1.3 with TLS 1.2 on two real workers.
 * @returns whether what was measured stands
 * @throws MissingSoftware; the signal's reason
 */
export function compareTls(options: TlsOptions, signal: AbortSignal): Promise<boolean> {
  return compare(options, signal);
}
