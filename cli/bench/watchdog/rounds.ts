import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileObjects } from '../../../store/fileObjects.ts';
import { openWorld } from './world.ts';
import type { Said as Servers } from './servers.ts';

/** One round over the cluster on real ports. */
export interface RoundFigures {
  /** From the first question to the last connector judged. */
  readonly tookMs: number;
  /** Of this process. */
  readonly cpuMs: number;
  readonly connectors: number;
  /** Sources whose committed offsets were read. */
  readonly offsetsRead: number;
  readonly judged: number;
  /** What the slowest worker's answer was called. */
  readonly slowest: string;
}

/** What this process, which has nothing else to do, says when it is done. */
export interface Said {
  readonly rounds: readonly RoundFigures[];
  readonly faults: readonly string[];
}

const [place = '', count = '12'] = process.argv.slice(2);
const servers = JSON.parse(place) as Servers;
const folder = mkdtempSync(join(tmpdir(), 'bench-watchdog-'));
try {
  const world = openWorld({
    ...servers,
    clock: { now: () => new Date().toISOString(), sleep: (seconds) => setTimeout(1000 * seconds) },
    objects: fileObjects(folder),
  });
  const rounds: RoundFigures[] = [];
  for (let round = 0; round < Number(count); round += 1) {
    const cpu = process.cpuUsage();
    const begun = performance.now();
    // oxlint-disable-next-line no-await-in-loop -- one round after the other is the point
    await world.watch.round();
    const tookMs = performance.now() - begun;
    const { user, system } = process.cpuUsage(cpu);
    rounds.push({ tookMs, cpuMs: (user + system) / 1000, ...seenBy(world.watch) });
    // oxlint-disable-next-line no-await-in-loop -- as above
    await setTimeout(Math.max(0, 1000 * world.pollSeconds - tookMs));
  }
  await world.close();
  const said: Said = { rounds, faults: world.faults };
  console.log(JSON.stringify(said));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function seenBy({ seen, verdicts }: ReturnType<typeof openWorld>['watch']): Omit<RoundFigures, 'tookMs' | 'cpuMs'> {
  const list = seen?.connectors.kind === 'read' ? seen.connectors.list : [];
  const answers = (seen?.workers ?? []).map(({ answer }) => answer?.kind ?? 'not asked');
  return {
    connectors: list.length,
    offsetsRead: list.filter(({ type, offsets }) => type === 'source' && offsets.kind === 'read').length,
    judged: verdicts.size,
    slowest: answers.find((answer) => answer !== 'answers') ?? 'answers',
  };
}
