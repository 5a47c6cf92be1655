import type { CreateRequest } from './connector.ts';
import type { DeleteAct } from './journal.ts';
import type { Outcome } from './outcome.ts';

/** One next act, or wait, or finish; always with its reason. */
export type Decision =
  | { readonly kind: 'restart'; readonly arn: string; readonly onlyFailedTasks: boolean; readonly reason: string }
  | {
      readonly kind: 'delete';
      readonly arn: string;
      readonly version: string;
      readonly live: CreateRequest;
      readonly recreateFrom: CreateRequest;
      readonly reason: string;
    }
  | { readonly kind: 'create'; readonly request: CreateRequest; readonly reason: string }
  /** An open deletion that only its backup remembers is taken up again. */
  | { readonly kind: 'take-up'; readonly recoveryId: string; readonly act: DeleteAct; readonly reason: string }
  | { readonly kind: 'capture'; readonly request: CreateRequest; readonly reason: string }
  /** A connector of ours is deleted, or being deleted, and not back: people must know. */
  | { readonly kind: 'raise-alarm'; readonly reason: string }
  | { readonly kind: 'wait'; readonly seconds: number; readonly reason: string }
  | { readonly kind: 'finish'; readonly outcome: Outcome; readonly reason: string };
