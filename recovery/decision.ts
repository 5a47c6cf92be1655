import type { OpenBreaker, Turn } from './breaker.ts';
import type { CreateRequest, LiveConnector } from './connector.ts';
import { yourName } from './intervention.ts';
import type { DeleteAct } from './journal.ts';
import type { Backup } from './ports.ts';
import type { Lift, Objection, Outcome } from './outcome.ts';
import type { Policy, Remedy } from './policy.ts';
import type { Verdict } from './verdict.ts';

/** One next act, or wait, or finish; always with its reason. */
export type Decision =
  | {
      readonly kind: 'restart';
      readonly arn: string;
      readonly onlyFailedTasks: boolean;
      readonly by?: 'stop-and-resume' | 'replace-worker';
      readonly tasks?: readonly number[];
      readonly worker?: string;
      readonly reason: string;
      /** It finds out for the whole stack whether the cause is over. */
      readonly forStack?: true;
    }
  | {
      readonly kind: 'delete';
      readonly arn: string;
      readonly version: string;
      readonly live: CreateRequest;
      readonly recreateFrom: CreateRequest;
      readonly reason: string;
      readonly forStack?: true;
    }
  /** What we stopped is resumed. */
  | { readonly kind: 'resume'; readonly arn: string; readonly reason: string }
  | { readonly kind: 'create'; readonly request: CreateRequest; readonly reason: string }
  /** Its default offsets topic is pinned in a worker configuration, so that it finds its place when it is created again; then it is deleted. */
  | { readonly kind: 'pin'; readonly live: LiveConnector; readonly request: CreateRequest; readonly reason: string }
  /** An open deletion that only its backup remembers is taken up again. */
  | { readonly kind: 'take-up'; readonly recoveryId: string; readonly act: DeleteAct; readonly reason: string }
  /** A backup whose journal was lost still promises to recreate a connector that is there. */
  | { readonly kind: 'close-backup'; readonly backup: Backup; readonly reason: string }
  | { readonly kind: 'capture'; readonly request: CreateRequest; readonly reason: string }
  /** A connector of ours is deleted, or being deleted, and not back: people must know. */
  | { readonly kind: 'raise-alarm'; readonly reason: string; readonly lifts?: readonly Lift[] }
  /** The breaker is open: it writes down that it waits, and by what it would find out whether the cause is over. */
  | { readonly kind: 'stand'; readonly probe?: Remedy; readonly approvable: boolean; readonly reason: string }
  /** People are told of the breaker, by one connector for all. */
  | { readonly kind: 'announce'; readonly open: OpenBreaker; readonly turn: Turn; readonly reason: string }
  | { readonly kind: 'wait'; readonly seconds: number; readonly reason: string }
  | { readonly kind: 'finish'; readonly outcome: Outcome; readonly reason: string };

/** How long until what we created again, and what a person or the breaker holds, is looked at again. */
export const heldSeconds = 60;

/** Look again at the next poll. */
export function poll(policy: Policy, reason: string): Decision {
  return { kind: 'wait', seconds: policy.waits.pollSeconds, reason };
}

export function refuse(objection: Objection, reason: string, verdict: Verdict): Decision {
  return finish({ kind: 'refused', objections: [objection], reason, verdict });
}

/** A remedy as a person asks for it. */
const asked: Readonly<Record<Remedy, string>> = {
  restart: 'To restart it',
  recreate: 'To recreate it',
  'restart-failed-tasks': 'To restart its failed tasks',
  'stop-and-resume': 'To stop and resume it',
  'replace-worker': "To replace its worker's process",
};

/** What keeps failing is handed to a person, who is not held by it. */
export function refuseByLimit(reason: string, verdict: Verdict, { connector, remedies }: Policy): Decision {
  const remedy = remedies[0] ?? 'restart';
  const lifts = [{ says: `${asked[remedy]} all the same`, input: { connector, remedy, who: yourName } }];
  return finish({ kind: 'refused', objections: ['limit'], reason, lifts, verdict });
}

export function finish(outcome: Outcome): Decision {
  return { kind: 'finish', outcome, reason: outcome.reason };
}
