import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { policyDefaults } from '../../settings/defaults.ts';
import { synthesizeDeployments } from './deployments.ts';
import type { Figure } from './figures.ts';
import type { Said, Share } from './overheadWorker.ts';
import type { RecoveryFigures } from './recoveryRun.ts';
import { median, spread } from './statistics.ts';

export interface OverheadOptions {
  /** Half of them restarts, half recreations. */
  readonly runs: number;
  /** Of the first run; the others count on from it. */
  readonly seed: number;
  /** How long a request, and again an answer, is on its way at most. */
  readonly longestTravelMs: number;
  /** Told after each run how many are done. */
  readonly progress: (done: number) => void;
}

/** What the product adds to the services' own time, over many recoveries in virtual time, spread over the machine's cores. */
export async function overheadFigures(options: OverheadOptions): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const deployments = await synthesizeDeployments(folder);
    const runs = Array.from({ length: options.runs }, (_, index) =>
      deployments.slice(index % 2, (index % 2) + 1).map((deployment) => ({ deployment, seed: options.seed + index })),
    ).flat();
    const said: Said[] = [];
    const threads = Math.min(availableParallelism(), runs.length);
    await Promise.all(
      Array.from({ length: threads }, (_, thread) =>
        runShare(
          {
            runs: runs.filter((_run, index) => Math.floor(index / 2) % threads === thread),
            longestTravelMs: options.longestTravelMs,
          },
          (one) => {
            said.push(one);
            options.progress(said.length);
          },
        ),
      ),
    );
    return figuresOf(said, runs.length);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A thread of its own, for each run takes the whole thread's `Date` and timers into its time. */
async function runShare(given: Share, hear: (said: Said) => void): Promise<void> {
  const worker = new Worker(new URL('overheadWorker.ts', import.meta.url), { workerData: given });
  worker.on('message', hear);
  const [code] = (await once(worker, 'exit')) as [number];
  if (code !== 0) throw new Error(`A thread of the bench ended with ${code}.`);
}

/** The table's lines. Pure, but for the policy's poll interval. @throws when no run of a remedy went well */
export function figuresOf(said: readonly Said[], runs: number): readonly Figure[] {
  const failed = said.filter((one) => one.kind === 'failed');
  const recovered = said.flatMap((one) => (one.kind === 'recovered' ? [one.figures] : []));
  const restarts = recovered.filter(({ remedy }) => remedy === 'restart');
  const recreations = recovered.filter(({ remedy }) => remedy === 'recreate');
  const [first] = failed;
  const why = first === undefined ? '' : `; the first: seed ${first.seed}, ${first.remedy}: ${first.reason}`;
  return [
    {
      group: 'orchestration in virtual time',
      name: 'runs that did not recover as expected',
      value: failed.length,
      unit: `of ${runs}`,
      measured: `synthesized stack on the local services, engine, Lambda adapter and SDK in process${why}`,
      limit: 0,
    },
    ...restartFigures(restarts),
    ...recreationFigures(recreations),
  ];
}

const overheadOf = (run: RecoveryFigures) => run.provedToActMs + run.goneToCreateMs + run.readableToSaidMs;
const shareOf = (run: RecoveryFigures) => (100 * overheadOf(run)) / run.serviceMs;

function restartFigures(runs: readonly RecoveryFigures[]): Figure[] {
  if (runs.length === 0) return [];
  const group = `restart, Connect 3.7 (${runs.length} runs)`;
  const { pollSeconds } = policyDefaults.waits;
  return [
    ...seconds(
      group,
      'alarm to RestartConnector',
      runs.map((run) => run.alarmToActMs),
      'state change of the alarm to the call, the wait for the proof included',
    ),
    ...seconds(
      group,
      'proof to RestartConnector',
      runs.map((run) => run.provedToActMs),
      'the death is proved in CloudWatch and its logs, to the call',
    ),
    ...seconds(
      group,
      'data readable to said',
      runs.map((run) => run.readableToSaidMs),
      'first proof newer than the restart in CloudWatch or its logs, to the message',
    ),
    ...seconds(
      group,
      'overhead, both',
      runs.map(overheadOf),
      `limit: one poll interval (${pollSeconds} s)`,
      pollSeconds,
    ),
    ...durationsOf(group, runs),
    ...callsOf(group, runs),
  ];
}

function recreationFigures(runs: readonly RecoveryFigures[]): Figure[] {
  if (runs.length === 0) return [];
  const group = `recreation, Connect 2.7.1 (${runs.length} runs)`;
  const shares = spread(runs.map(shareOf));
  const share = (name: string, value: number): Figure => ({
    group,
    name: `overhead, share, ${name}`,
    value,
    unit: '%',
    measured: 'of deletion and creation, as MSK Connect took for them in that run',
    limit: 3,
  });
  return [
    ...seconds(
      group,
      'alarm to DeleteConnector',
      runs.map((run) => run.alarmToActMs),
      'state change of the alarm to the call, the wait for the proof included',
    ),
    ...seconds(
      group,
      'proof to DeleteConnector',
      runs.map((run) => run.provedToActMs),
      'the death is proved in CloudWatch and its logs, to the call',
    ),
    ...seconds(
      group,
      'gone to CreateConnector',
      runs.map((run) => run.goneToCreateMs),
      'end of the deletion to the call',
    ),
    ...seconds(
      group,
      'data readable to said',
      runs.map((run) => run.readableToSaidMs),
      'first proof newer than RUNNING in CloudWatch or its logs, to the message',
    ),
    ...seconds(group, 'overhead, all three', runs.map(overheadOf), 'their sum in each run'),
    share('median', shares.median),
    share('95th percentile', shares.p95),
    share('maximum', shares.maximum),
    share('maximum within one invocation', Math.max(...runs.filter(({ handOvers }) => handOvers === 0).map(shareOf))),
    {
      group,
      name: 'recreations that outlived an invocation',
      value: runs.filter(({ handOvers }) => handOvers > 0).length,
      unit: `of ${runs.length}`,
      measured: 'after 15 min a new invocation takes the recovery up',
    },
    ...durationsOf(group, runs),
    ...callsOf(group, runs),
  ];
}

function seconds(
  group: string,
  name: string,
  milliseconds: readonly number[],
  measured: string,
  limit?: number,
): Figure[] {
  const { median: middle, p95, maximum } = spread(milliseconds.map((value) => value / 1000));
  const one = (which: string, value: number): Figure => ({
    group,
    name: `${name}, ${which}`,
    value,
    unit: 's',
    measured,
    ...(limit === undefined ? {} : { limit }),
  });
  return [one('median', middle), one('95th percentile', p95), one('maximum', maximum)];
}

function durationsOf(group: string, runs: readonly RecoveryFigures[]): Figure[] {
  const line = (name: string, value: number, measured: string): Figure => ({ group, name, value, unit: 's', measured });
  return [
    line(
      "the service's own time, median",
      median(runs.map((run) => run.serviceMs / 1000)),
      'drawn: deletion 4 min, creation 8 min, restart 1 min, each 30 % more or less',
    ),
    line(
      'alarm to said, median',
      median(runs.map((run) => run.alarmToSaidMs / 1000)),
      'all of it, the wait for data too',
    ),
  ];
}

/** Every operation, the most frequent first, and their sum. */
function callsOf(group: string, runs: readonly RecoveryFigures[]): Figure[] {
  const operations = [...new Set(runs.flatMap(({ calls }) => Object.keys(calls)))];
  const counted = operations
    .map((operation) => ({ operation, times: median(runs.map(({ calls }) => calls[operation] ?? 0)) }))
    .filter(({ times }) => times > 0)
    .toSorted((a, b) => b.times - a.times || (a.operation < b.operation ? -1 : 1));
  const total = median(runs.map(({ calls }) => Object.values(calls).reduce((sum, times) => sum + times, 0)));
  const line = (name: string, value: number): Figure => ({
    group,
    name,
    value,
    unit: 'calls',
    measured: 'median, alarm to said, by the invocations that look; sweeps left out',
  });
  return [
    line('AWS calls, all', total),
    ...counted.map(({ operation, times }) => line(`AWS calls, ${operation}`, times)),
  ];
}
