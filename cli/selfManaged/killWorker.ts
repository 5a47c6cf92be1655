import { setTimeout as sleep } from 'node:timers/promises';
import { clockText } from '../demonstration/story.ts';
import { promisesAfterKill, type Promised } from './promises.ts';
import { stateOf, type Stage } from './stage.ts';
import type { Steps } from './steps.ts';
import type { Seen } from './witness.ts';

const lookEveryMs = 250;
/** After so long since the end of the worker something must have gone wrong. */
const longestMs = { short: 150_000, whole: 600_000 };
const healthyMs = { short: 25_000, whole: 90_000 };

function show(steps: Steps, ...[what, name, , text]: Parameters<Seen>): void {
  if (what === 'acted') steps.tell('restart', `${name}: ${text} (the worker's own log): Connect was not left to it`);
  else steps.tell(what === 'rows' ? 'flows again' : 'detect', `${name}: ${text}`);
}

/** Steps 5 to 8: one of two workers is killed; Connect moves its tasks, and the watchdog tells people and leaves them to it. */
async function play(stage: Stage): Promise<readonly Promised[]> {
  const { world, sources, witness, steps, short, signal } = stage;
  const { cluster } = world;
  const healthyUntilMs = Date.now() + healthyMs[short ? 'short' : 'whole'];
  while (Date.now() < healthyUntilMs) {
    signal.throwIfAborted();
    steps.progress('healthy; the watchdog sees what is usual');
    await sleep(lookEveryMs);
  }
  const tasks = await tasksByWorker(stage);
  // Not the one that leads the group: a new leader knows of no tasks that are lost, and deals all of them out at once.
  const doomed = cluster.workers.find(({ id }) => id !== cluster.leader);
  const moved = doomed === undefined ? [] : (tasks.get(doomed.id) ?? []);
  if (doomed === undefined || moved.length === 0)
    throw new Error('The worker that does not lead the group has no task.');
  const killedAtMs = Date.now();
  const deliveredBefore = world.deliveries.length;
  doomed.process.signal('SIGKILL');
  steps.tell(
    'cut',
    `worker ${doomed.id}, which does not lead the group, is killed (SIGKILL), and with it the ${moved.length === 1 ? 'task' : 'tasks'} of ${moved.join(' and ')}`,
  );
  const arrivedAtKill = new Map(moved.map((name) => [name, stage.rows(name).arrived]));

  let toldAtMs: number | undefined;
  const flowsAtMs = new Map<string, number>();
  while (Date.now() - killedAtMs < longestMs[short ? 'short' : 'whole']) {
    signal.throwIfAborted();
    const since = `${((Date.now() - killedAtMs) / 1000).toFixed(1)} s after the kill`;
    const told = world.deliveries.slice(deliveredBefore).find(({ body }) => JSON.stringify(body).includes(doomed.id));
    if (told !== undefined && toldAtMs === undefined) {
      toldAtMs = told.atMs;
      steps.tell('detect', `people are told of worker ${doomed.id}, ${since}`);
    }
    for (const name of moved) {
      if (flowsAtMs.has(name)) continue;
      const owner = (await cluster.status(name))?.tasks[0];
      if (owner === undefined || owner.worker_id === doomed.id || owner.state !== 'RUNNING') continue;
      // What was on its way when the worker died may have come after the kill.
      const { arrived } = stage.rows(name);
      if (arrived <= (arrivedAtKill.get(name) ?? 0) + 2) continue;
      flowsAtMs.set(name, Date.now());
      steps.tell('restart', `none by the watchdog: Connect moved ${name} itself. ${await stateOf(world, name)}`);
      steps.tell('flows again', `${name}: rows arrive again, ${since}`);
    }
    if (toldAtMs !== undefined && flowsAtMs.size === moved.length) break;
    steps.progress(
      `${clockText(Date.now() - killedAtMs)} since the kill; rows that wait: ${moved.map((name) => `${name} ${stage.rows(name).waiting}`).join(', ')}`,
    );
    await sleep(lookEveryMs);
  }
  // Whoever would act late has had a poll or two more.
  await sleep(short ? 25_000 : 60_000, undefined, { signal });
  const acts = sources.flatMap(({ name }) => witness.fate(name).acts.map(({ text }) => text));
  return promisesAfterKill({ told: toldAtMs !== undefined, moved, flowing: [...flowsAtMs.keys()], acts });
}

/** Names of connectors whose task runs on each worker. */
async function tasksByWorker({ world: { cluster }, sources }: Stage): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for (const { name } of sources) {
    const worker = (await cluster.status(name))?.tasks[0]?.worker_id;
    if (worker !== undefined) found.set(worker, [...(found.get(worker) ?? []), name]);
  }
  return found;
}

export const killWorker = { show, play };
