import type { Lift, Outcome } from '../recovery/outcome.ts';
import type { Ended } from '../recovery/recover.ts';
import type { Verdict } from '../recovery/verdict.ts';
import type { Checked } from './readinessCheck.ts';
import type { HandOver } from './sweepPlan.ts';

/** What an invocation answers: for a person who called, and for the log. */
export type Answer =
  | { readonly kind: 'looked'; readonly looks: readonly Look[]; readonly ignored: readonly string[] }
  /** A person's word was carried out, or changed nothing; `done` says which. */
  | { readonly kind: 'ordered'; readonly done: string; readonly outcome?: Outcome['kind']; readonly reason?: string }
  | { readonly kind: 'swept'; readonly handedOver: readonly HandOver[] }
  | ({ readonly kind: 'checked' } & CheckSummary)
  | { readonly kind: 'rejected'; readonly faults: readonly string[] };

/** What a check of readiness found: for each connector whether it is ready, and else why not. */
export interface CheckSummary {
  readonly ready: readonly string[];
  readonly notReady: Readonly<Record<string, readonly string[]>>;
  /** Could not be read this time. */
  readonly unread: readonly string[];
  /** Whether people were told what changed. */
  readonly told: boolean;
}

/** Without anything that may hold a secret, as findings are. */
export function summarizeCheck({ judged, unread, told }: Checked): CheckSummary {
  const names = judged.filter(({ ready }) => ready).map(({ name }) => name);
  const others = judged.filter(({ name, ready }) => !ready && !unread.includes(name));
  return {
    ready: names,
    notReady: Object.fromEntries(
      others.map(({ name, findings }) => [
        name,
        findings
          .filter(({ severity }) => severity !== 'improve')
          .map(({ severity, rule, found }) => `${severity}: ${rule}: ${found}`),
      ]),
    ),
    unread,
    told,
  };
}

/** How the look at one connector ended. */
export interface Look {
  readonly connector: string;
  readonly ended: Ended['kind'];
  /** Only of a look that was finished. */
  readonly outcome?: Outcome['kind'];
  /** The decision of a dry run. */
  readonly decision?: string;
  /** What persons have ordered and still holds; of a dry run. */
  readonly inForce?: readonly string[];
  readonly reason: string;
  /** What a person can order to lift what forbids it: the payloads, as the mail shows them in whole commands. */
  readonly lifts?: readonly Lift[];
  readonly verdict?: Verdict;
}

/** Without anything that may hold a secret: of a decision only its kind and its reason. */
export function summarize(connector: string, ended: Ended): Look {
  switch (ended.kind) {
    case 'finished': {
      const { kind, reason, verdict } = ended.outcome;
      return {
        connector,
        ended: ended.kind,
        outcome: kind,
        reason,
        ...liftsOf(ended.outcome),
        ...(verdict === undefined ? {} : { verdict }),
      };
    }
    case 'lease-held':
      return {
        connector,
        ended: ended.kind,
        reason: `another invocation is at work on it${ended.until === undefined ? '' : `, until ${ended.until} at least`}`,
      };
    case 'time-spent':
      return {
        connector,
        ended: ended.kind,
        reason: `${ended.atOnce ? 'another invocation goes on' : 'the sweep goes on'}: ${ended.next}`,
      };
    case 'dry-run': {
      const { decision, observation } = ended;
      return {
        connector,
        ended: ended.kind,
        decision: decision.kind === 'finish' ? decision.outcome.kind : decision.kind,
        reason: decision.reason,
        ...(decision.kind === 'finish' ? liftsOf(decision.outcome) : {}),
        ...(ended.inForce.length === 0 ? {} : { inForce: ended.inForce }),
        ...(observation.verdict === undefined ? {} : { verdict: observation.verdict }),
      };
    }
  }
}

function liftsOf(outcome: Outcome): { readonly lifts?: readonly Lift[] } {
  return outcome.kind === 'refused' && outcome.lifts !== undefined ? { lifts: outcome.lifts } : {};
}
