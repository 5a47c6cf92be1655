import type { Act } from './journal.ts';
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
      return `${act.intendedAt} restart${act.onlyFailedTasks ? ' of the failed tasks' : ''}: ${act.result ?? 'under way'}${took}${why}`;
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
