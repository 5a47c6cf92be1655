import type { LiveConnector } from './connector.ts';
import type { Recovery, RestartAct } from './journal.ts';
import { sayTasks } from './messageParts.ts';
import type { Outcome } from './outcome.ts';
import type { Verdict } from './verdict.ts';

/** Those of these tasks that were restarted, or for which the connector was. */
export function tried(tasks: readonly number[] = [], act: RestartAct, recovery: Recovery): readonly number[] {
  const restarted = act.tasks ?? recovery.verdict.deadTasks ?? [];
  return tasks.filter((id) => restarted.includes(id));
}

/** Whether every task was begun anew. */
export function isOfAll(act: RestartAct, recovery: Recovery, { tasks = [] }: LiveConnector): boolean {
  // What has come to it from another worker meanwhile was begun anew as well.
  if (act.by === 'replace-worker') return tasks.every(({ worker }) => worker === act.worker);
  if (act.by === 'stop-and-resume' || (!act.onlyFailedTasks && act.tasks === undefined)) return true;
  const ids = tasks.map(({ id }) => id);
  return tried(ids, act, recovery).length === ids.length;
}

/** Records flow, as they may have done all along. */
export function untold(tasks: readonly number[], verdict: Verdict): Outcome {
  const [run, theirs] = tasks.length === 1 ? ['is', 'its'] : ['are', 'their'];
  const reason = `It was restarted, and ${sayTasks(tasks)} ${run} RUNNING, but nothing shows records of ${theirs} own: what flows may be the other tasks'.`;
  return {
    kind: 'acted-unproved',
    reason,
    verdict: {
      ...verdict,
      kind: 'unknown',
      because: reason,
      wouldChange: `To know next time: ${verdict.tellsNoneApart ?? ''}.`,
      evidence: [{ source: sayTasks(tasks), seen: reason, says: 'nothing' }, ...verdict.evidence],
      untoldTasks: tasks,
    },
  };
}
