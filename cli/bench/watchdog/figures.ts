import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Figure } from '../figures.ts';
import { median, spread } from '../statistics.ts';
import { connectorCount, taskCount, workerCount } from './cast.ts';
import type { Said as Hour } from './day.ts';
import type { Said as Rounds } from './rounds.ts';

/** How much later than the others one of the workers answers. */
const slowMs = 1500;
const roundCount = 12;
/** A round that lasts longer than this could not be called every few seconds. */
const roundLimitSeconds = 2;
/** The watchdog remembers so many hours, so that memory can be flat only from then on. */
const filledAfterHours = 4;
/** With fewer there is nothing to compare. */
export const leastHours = filledAfterHours + 1;
/** Of the heap, from then to the end. */
const growthLimitPercent = 2;

const watched = `${connectorCount} connectors with ${taskCount} tasks each`;

/** How long a round over a large cluster takes while one of its workers is slow, by real HTTP to another process. */
export async function roundFigures(): Promise<readonly Figure[]> {
  const servers = start('servers.ts', [String(slowMs)]);
  try {
    const place = await lineOf(servers);
    const [said] = await linesOf(start('rounds.ts', [place, String(roundCount)]));
    return figuresOfRounds(JSON.parse(said ?? '{}') as Rounds);
  } finally {
    servers.stdin?.end();
    await once(servers, 'exit');
  }
}

/** Whether memory is flat over so many hours of virtual time. */
export async function dayFigures(hours: number, progress: (hour: number) => void): Promise<readonly Figure[]> {
  const said = await linesOf(start('day.ts', [String(hours)], ['--expose-gc']), (count) => progress(count));
  return figuresOfDay(said.map((line) => JSON.parse(line) as Hour));
}

/** Pure. @throws where a round did not see and judge everything */
export function figuresOfRounds({ rounds, faults }: Rounds): readonly Figure[] {
  const [first, ...others] = rounds;
  if (first === undefined || others.length === 0) throw new Error(`The watchdog made no rounds: ${faults.join('; ')}`);
  const blind = rounds.find(({ connectors, judged }) => connectors < connectorCount || judged < connectorCount);
  if (blind !== undefined)
    throw new Error(`A round saw ${blind.connectors} connectors and judged ${blind.judged}: ${faults.join('; ')}`);
  const group = `watchdog, poll round (${watched})`;
  const took = spread(others.map(({ tookMs }) => tookMs / 1000));
  const how = `real HTTP, one of ${workerCount} workers answers ${slowMs / 1000} s late (${others.at(-1)?.slowest ?? ''}); ${others.length} rounds`;
  return [
    { group, name: 'a round, median', value: took.median, unit: 's', measured: `${how}, the last connector judged` },
    { group, name: 'a round, maximum', value: took.maximum, unit: 's', measured: 'as above', limit: roundLimitSeconds },
    {
      group,
      name: 'the first round',
      value: first.tookMs / 1000,
      unit: 's',
      measured: 'nothing is known yet, every journal read',
    },
    {
      group,
      name: 'time of the processor in a round, median',
      value: median(others.map(({ cpuMs }) => cpuMs / 1000)),
      unit: 's',
      measured: 'of the watchdog alone, by process.cpuUsage',
    },
    {
      group,
      name: 'sources whose offsets were read in a round, least',
      value: Math.min(...others.map(({ offsetsRead }) => offsetsRead)),
      unit: `of ${connectorCount / 2}`,
      measured: 'one question each; who waited longest is asked first',
    },
  ];
}

/** Pure. @throws where the hours are too few to say anything, or not every connector was judged in each */
export function figuresOfDay(said: readonly Hour[]): readonly Figure[] {
  const filled = said.filter(({ hour }) => hour >= filledAfterHours);
  const [from, to] = [filled[0], filled.at(-1)];
  if (from === undefined || to === undefined || from === to)
    throw new Error(`Memory is filled after ${filledAfterHours} hours, and ${said.length} were lived through.`);
  const unwell = said.find(({ verdicts, faults }) => verdicts['alive'] !== connectorCount || faults.length > 0);
  if (unwell !== undefined)
    throw new Error(`Hour ${unwell.hour}: ${JSON.stringify(unwell.verdicts)} ${unwell.faults.slice(0, 3).join('; ')}`);
  const group = `watchdog, memory over ${to.hour} h of virtual time (${watched})`;
  const megabytes = ({ heapBytes }: Hour) => heapBytes / 1e6;
  return [
    ...said
      .filter(({ hour }) => hour === 1 || hour === filledAfterHours || hour === to.hour || hour % 6 === 0)
      .map((one): Figure => ({
        group,
        name: `heap after ${one.hour} h`,
        value: megabytes(one),
        unit: 'MB',
        measured: `after a collection, the simulated cluster included; ${one.rounds} rounds`,
      })),
    {
      group,
      name: 'slope of the heap',
      value: slope(filled.map((one) => [one.hour, megabytes(one)])),
      unit: 'MB an hour',
      measured: `least squares over the heap of each hour from the ${filledAfterHours}th on, when all that is remembered is there`,
    },
    {
      group,
      name: 'growth of the heap',
      value: (100 * (to.heapBytes - from.heapBytes)) / from.heapBytes,
      unit: '%',
      measured: `from hour ${from.hour} to hour ${to.hour}`,
      limit: growthLimitPercent,
    },
  ];
}

/** Of the straight line that lies nearest to the points. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const along = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / along;
}

function start(script: string, args: readonly string[], flags: readonly string[] = []): ChildProcess {
  const file = fileURLToPath(new URL(script, import.meta.url));
  return spawn(process.execPath, [...flags, file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function lineOf({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('A child of the bench has no output.');
  const [line] = (await once(createInterface({ input: stdout }), 'line')) as [string];
  return line;
}

/** All that it says until it ends. @throws when it does not end well */
async function linesOf(child: ChildProcess, heard: (count: number) => void = () => {}): Promise<readonly string[]> {
  const lines: string[] = [];
  if (child.stdout === null) throw new Error('A child of the bench has no output.');
  createInterface({ input: child.stdout }).on('line', (line) => heard(lines.push(line)));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code !== 0) throw new Error(`${child.spawnargs.join(' ')} ended with ${signal ?? code}.`);
  return lines;
}
