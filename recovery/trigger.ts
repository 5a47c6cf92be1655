import type { Remedy } from './policy.ts';
import type { Instant } from './time.ts';

/** Why we were called. */
export type Trigger =
  | {
      readonly kind: 'alarm';
      readonly connector: string;
      readonly signal: string;
      readonly alarm: string;
      readonly since: Instant;
      readonly reason: string;
    }
  /** The preventive restart. */
  | { readonly kind: 'schedule'; readonly connector: string; readonly remedy?: Remedy }
  /** The one-minute sweep handed this connector over, and says why. */
  | { readonly kind: 'sweep'; readonly connector: string; readonly why: string }
  | {
      readonly kind: 'person';
      readonly connector: string;
      readonly who: string;
      readonly remedy?: Remedy;
      readonly dryRun: boolean;
    };

/** An input that asks for nothing, and why. */
export interface Ignored {
  readonly kind: 'ignored';
  readonly reason: string;
}
