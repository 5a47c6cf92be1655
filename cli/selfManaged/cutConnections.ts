import { setTimeout as sleep } from 'node:timers/promises';
import { clockText } from '../demonstration/story.ts';
import { promisesAfterCut, type Promised } from './promises.ts';
import { stateOf, type Stage } from './stage.ts';
import type { Steps } from './steps.ts';
import type { Seen } from './witness.ts';

const lookEveryMs = 250;
/** After so long since the cut something must have gone wrong. */
const longestMs = { short: 240_000, whole: 900_000 };
/** In which a task whose connection is reset is FAILED. */
const failedWithinMs = 5000;
/** Until the watchdog has seen what is usual, and both have committed. */
const healthyMs = { short: 25_000, whole: 90_000 };

function show(steps: Steps, ...[what, name, fate, text]: Parameters<Seen>): void {
  const since = (atMs: number | undefined) => `${(((atMs ?? 0) - (fate.cutAtMs ?? 0)) / 1000).toFixed(1)} s`;
  switch (what) {
    case 'seen':
      steps.tell('detect', `${name}: ${text}, ${since(fate.seenAtMs)} after the cut`);
      return;
    case 'waits':
      steps.tell('detect', `${name}: the watchdog waits a while: ${text}`);
      return;
    case 'decided':
      steps.tell('detect', `${name}: the watchdog decides to act, ${since(fate.decidedAtMs)} after the cut. ${text}`);
      return;
    case 'acted':
      steps.tell('restart', `${text} (the worker's own log)`);
      return;
    case 'rows':
      steps.tell('flows again', `${name}: ${text}; ${since(fate.rowsAtMs)} after the cut`);
      return;
    case 'finished':
      steps.tell('flows again', `${name}: the watchdog says ${text}`);
      return;
    default:
      what satisfies never;
  }
}

/** Steps 5 to 8: connections are cut, and the watchdog is left to it. */
async function play(stage: Stage): Promise<readonly Promised[]> {
  const { world, sources, witness, steps, short, signal } = stage;
  const { ground } = world;
  await wait(healthyMs[short ? 'short' : 'whole'], stage, () => 'healthy; the watchdog sees what is usual');
  for (const { name, fate } of sources) {
    if (fate === 'lives') continue;
    const proxy = ground.proxies.get(name);
    witness.fate(name).cutAtMs = Date.now();
    if (fate === 'fails') proxy?.reset();
    else proxy?.freeze();
    steps.tell(
      'cut',
      fate === 'fails'
        ? `${name}: its connections to the database are reset`
        : `${name}: its connections to the database are half open from now on`,
    );
  }
  const cutAtMs = Date.now();
  const harmed = sources.filter(({ fate }) => fate !== 'lives');
  for (const { name, fate } of harmed) {
    if (fate === 'fails') await untilFailed(stage, name);
    steps.tell('cut', await stateOf(world, name));
  }
  const done = () =>
    harmed.every(({ name }) => {
      const { rowsAtMs, outcomes } = witness.fate(name);
      return rowsAtMs !== undefined && outcomes.includes('recovered');
    });
  while (!done() && Date.now() - cutAtMs < longestMs[short ? 'short' : 'whole']) {
    signal.throwIfAborted();
    for (const { name } of harmed) {
      const rows = ground.topics.get(name);
      if (rows !== undefined) witness.look(name, rows, ground.writers.mariadb?.writtenAtMs ?? new Map());
    }
    steps.progress(
      `${clockText(Date.now() - cutAtMs)} since the cut; rows that wait: ${harmed.map(({ name }) => `${name} ${stage.rows(name).waiting}`).join(', ')}`,
    );
    await sleep(lookEveryMs);
  }
  return sources.flatMap((source) => promisesAfterCut(source, witness.fate(source.name)));
}

async function untilFailed({ world: { cluster }, signal }: Stage, name: string): Promise<void> {
  const giveUpAtMs = Date.now() + failedWithinMs;
  const failed = async () => (await cluster.status(name))?.tasks.some(({ state }) => state === 'FAILED') ?? false;
  while (Date.now() < giveUpAtMs && !(await failed())) await sleep(100, undefined, { signal });
}

async function wait(milliseconds: number, { steps, signal }: Stage, doing: () => string): Promise<void> {
  const untilMs = Date.now() + milliseconds;
  while (Date.now() < untilMs) {
    signal.throwIfAborted();
    steps.progress(doing());
    await sleep(lookEveryMs);
  }
}

export const cutConnections = { show, play };
