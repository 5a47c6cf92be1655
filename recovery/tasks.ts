import { freshSeconds, isFresh, readSeries } from './readings.ts';
import { rebalanceSeconds } from './rebalance.ts';
import type { Signs } from './signs.ts';
import { duration, secondsBetween } from './time.ts';
import type { Evidence } from './verdict.ts';
import type { Scene } from './weigh.ts';

/** Whether tasks run, by their count. */
export function taskEvidence({ signs }: Scene): Evidence[] {
  const running = readSeries(signs.runningTasks);
  if (running?.zeroSince === undefined || !isFresh(running.newest.at, signs.to, freshSeconds)) return [];
  const seconds = secondsBetween(running.zeroSince, running.newest.at);
  const says = seconds > rebalanceSeconds ? 'dead' : 'nothing';
  return [
    { source: 'running tasks', seen: `no task has run for ${duration(seconds)}`, since: running.zeroSince, says },
  ];
}

/** Tasks in error, with how many still run; `undefined` when none is known to be. */
export function erroredTasks(
  signs: Signs,
): { readonly count: number; readonly running: number | undefined; readonly evidence: Evidence } | undefined {
  const errored = readSeries(signs.erroredTasks);
  if (errored === undefined || errored.zeroSince !== undefined || !isFresh(errored.newest.at, signs.to, freshSeconds)) {
    return undefined;
  }
  const samples = signs.erroredTasks.kind === 'read' ? signs.erroredTasks.samples : [];
  const since = samples.findLast((sample) => sample.value <= 0)?.to ?? samples[0]?.from ?? signs.from;
  const count = errored.newest.value;
  const running = readSeries(signs.runningTasks)?.newest;
  return {
    count,
    running: running !== undefined && isFresh(running.at, signs.to, freshSeconds) ? running.value : undefined,
    evidence: { source: 'tasks in error', seen: `${count} task(s) in error`, since, says: 'errored' },
  };
}
