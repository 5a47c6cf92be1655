import type { Recovery } from './journal.ts';
import { wasDone } from './messageParts.ts';
import type { Instant } from './time.ts';
import { secondsBetween } from './time.ts';

/** Minutes are 0, 5, 15, 60 and then every hour: seconds from one alarm to the next. */
const intervalsSeconds = [300, 600, 2700, 3600] as const;

/** Whether people are to be told again of a recovery that does not come to its end. */
export function alarmDue(recovery: Recovery, now: Instant): boolean {
  const alarmed = alarmedSoFar(recovery);
  if (alarmed === undefined) return true;
  const interval = intervalsSeconds[alarmed.times - 1] ?? 3600;
  return secondsBetween(alarmed.at, now) >= interval;
}

/** When people were last told of the trouble that is now, and how often; `undefined`: not yet. */
export function alarmedSoFar(recovery: Recovery): Recovery['alarmed'] {
  const { acts, alarmed } = recovery;
  const deletion = acts.findLast((act) => act.kind === 'delete');
  if (alarmed === undefined || deletion === undefined || !isAway(recovery)) return alarmed;
  // What they heard before it was deleted was of one that was there.
  return alarmed.at < deletion.intendedAt ? undefined : alarmed;
}

/** What is written once people have been told. */
export function alarmedAgain(recovery: Recovery, at: Instant): NonNullable<Recovery['alarmed']> {
  return { at, times: (alarmedSoFar(recovery)?.times ?? 0) + 1 };
}

/** Whether the connector is deleted, or being deleted, by our doing, and was not created again since. */
export function isAway({ acts }: Recovery): boolean {
  const last = acts.at(-1);
  if (last?.kind === 'delete') return wasDone(last);
  return last?.kind === 'create' && last.result !== 'failed' && last.result !== 'running';
}
