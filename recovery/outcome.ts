import type { Verdict } from './verdict.ts';

/** What forbids the remedy, for those who must switch on it; the reason says it in words. */
export type Objection =
  | 'saved-config'
  | 'drift'
  | 'offsets'
  | 'sweep'
  | 'absent'
  | 'limit'
  | 'service'
  | 'policy'
  /** What might forbid it has not been read. */
  | 'unread'
  /** A person holds it. */
  | 'held'
  /** A person must approve it. */
  | 'approval'
  /** Many connectors of the stack are silent at once. */
  | 'breaker'
  /** What it died of no restart cures. */
  | 'incurable'
  /** Healthy tasks of other connectors live on the worker whose process would be replaced. */
  | 'others-live';

/** How a person lifts an objection: what the command does, and what it is given. */
export interface Lift {
  readonly says: string;
  readonly input: Readonly<Record<string, string | boolean>>;
}

/** How a look at a connector ended. `byStack`: people hear of it in a message about the whole stack. */
export type Outcome = Ending & { readonly byStack?: true };

type Ending =
  /** Data was seen flowing again after our act. */
  | { readonly kind: 'recovered'; readonly reason: string; readonly verdict: Verdict }
  /** We acted; nothing proves that it helped, nothing proves that it did not. */
  | { readonly kind: 'acted-unproved'; readonly reason: string; readonly verdict: Verdict }
  /** It is dead or may be, and something forbids the remedy. */
  | {
      readonly kind: 'refused';
      readonly objections: readonly Objection[];
      readonly reason: string;
      readonly lifts?: readonly Lift[];
      readonly verdict: Verdict;
    }
  /** What was allowed has been tried; a person must look. */
  | { readonly kind: 'gave-up'; readonly reason: string; readonly verdict: Verdict }
  /** A person called it off; it stays off until it was seen alive or idle, or a person asks. */
  | { readonly kind: 'called-off'; readonly reason: string; readonly verdict?: Verdict }
  /** Nothing to do: it lives, it is idle, somebody is at work on it. */
  | { readonly kind: 'left-alone'; readonly reason: string; readonly verdict?: Verdict }
  /** The configuration of a living connector was stored, because there was none. */
  | { readonly kind: 'captured'; readonly reason: string; readonly verdict: Verdict };
