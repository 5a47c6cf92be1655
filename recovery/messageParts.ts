import type { Act, RestartAct } from './journal.ts';
import { duration, secondsBetween } from './time.ts';

/** Whether an act took place. */
export function wasDone(act: Act): boolean {
  return act.result !== 'refused' && act.result !== 'not-carried-out';
}

/** An act in a line: when, what, how it ended, and why if not well. */
export function deed(act: Act): string {
  const took =
    act.endedAt === undefined || act.result === 'refused'
      ? ''
      : ` after ${duration(secondsBetween(act.intendedAt, act.endedAt))}`;
  const well = act.result === 'complete' || act.result === 'gone' || act.result === 'running';
  const why = act.reason === undefined || well ? '' : `: ${act.reason}`;
  switch (act.kind) {
    case 'restart':
      return `${act.intendedAt} ${restartDeed(act)}: ${act.result ?? 'under way'}${took}${why}`;
    case 'delete': {
      const kept = act.backup === undefined ? '' : `; the live configuration was kept in ${act.backup}`;
      return `${act.intendedAt} deletion: ${act.result ?? 'under way'}${took}${why}${kept}`;
    }
    case 'create': {
      const state = act.result === 'running' ? 'RUNNING' : (act.result ?? 'under way');
      const tries =
        act.refusals === undefined ? '' : `; failed ${act.refusals.times} time(s) since ${act.refusals.since}`;
      return `${act.intendedAt} creation: ${state}${took}${why}${tries}`;
    }
  }
}

/** What a restart is, without when and how it ended. */
export function restartDeed({
  by,
  tasks,
  worker,
  onlyFailedTasks,
  resumes,
}: Pick<RestartAct, 'by' | 'tasks' | 'worker' | 'onlyFailedTasks' | 'resumes'>): string {
  if (by === 'stop-and-resume') return resumes === undefined ? 'stop, to be resumed' : 'stop and resume';
  if (by === 'replace-worker') return `replacement of the worker process ${worker ?? ''}`.trimEnd();
  if (!onlyFailedTasks) return 'restart';
  return `restart of ${tasks === undefined ? 'the failed tasks' : sayTasks(tasks)}`;
}

/** A restart as a sentence names it. */
export function restartWords({ by, tasks, onlyFailedTasks }: RestartAct): string {
  if (by === 'stop-and-resume') return 'the stop and resume';
  if (by === 'replace-worker') return "the replacement of its worker's process";
  return onlyFailedTasks && tasks !== undefined ? `the restart of ${sayTasks(tasks)}` : 'the restart';
}

/** `task 1`, `tasks 1, 2`. */
export function sayTasks(ids: readonly number[]): string {
  return `${ids.length === 1 ? 'task' : 'tasks'} ${ids.join(', ')}`;
}

/** SNS takes 100 printable ASCII characters: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export function subject(connector: string, news: string): string {
  const name = connector.length > 40 ? `${connector.slice(0, 37)}...` : connector;
  return `[connector-recovery] ${name}: ${news}`.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 100);
}

/** A heading with its lines; nothing where there is none. */
export function section(title: string, lines: readonly string[]): string {
  const told = lines.filter((line) => line !== '');
  return told.length === 0 ? '' : `${title}\n${told.map((line) => `  - ${line}`).join('\n')}`;
}

export function paragraphs(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
