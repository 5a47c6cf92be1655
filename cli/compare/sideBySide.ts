import { setTimeout as sleep } from 'node:timers/promises';
import { duration } from '../../recovery/time.ts';
import { inOrder } from '../demonstration/inOrder.ts';
import { clockText } from '../demonstration/story.ts';
import { openColumns, type Columns } from './columns.ts';
import { durationList } from './durationList.ts';
import type { Duration } from './durations.ts';
import { silenceOf, sides, type Side } from './marks.ts';
import { faultsOf, judgement, phaseTable, sightTable } from './report.ts';
import { isSettled } from './settled.ts';
import { SideWatch, type Happening } from './sideWatch.ts';
import type { World } from './world.ts';

/** How both worlds are shown and struck. */
export interface SideBySide {
  readonly clock: { now(): number };
  /** What stands above it. */
  readonly introduction: string;
  /** Makes the world of that side; nothing runs in it before it is opened. */
  readonly make: (side: Side, watch: SideWatch) => World;
  /** One world is opened after the other, for both want the machine for themselves. @default at once */
  readonly oneAfterTheOther?: boolean;
  /** Milliseconds into a full minute of the clock at which both break. */
  readonly breaksInMinuteMs: number;
  /** What the figures rest on. */
  readonly durations: readonly Duration[];
  /** Real time between two looks. */
  readonly lookEveryMs: number;
  /** What is heard by a log comes so late, in the clock's time. */
  readonly longestDelayMs: number;
  readonly signal: AbortSignal;
}

interface Shown {
  readonly side: Side;
  readonly watch: SideWatch;
  readonly world: World;
}

const minuteMs = 60_000;
/** Longer than any of it takes, in the clock's time. */
const longestMs = 3_000_000;

/** Breaks both at the same moment and watches until nothing more is to come. Gives whether data came back in both and no row was lost. */
export async function sideBySide(given: SideBySide): Promise<boolean> {
  const { clock, signal } = given;
  const columns = openColumns(clock.now());
  columns.write(given.introduction);
  columns.heading();
  const story = inOrder<Happening>((happening) => columns.tell(happening));
  const shown: readonly Shown[] = sides.map((side) => {
    const watch = new SideWatch(side, (happening) => story.add(happening));
    return { side, watch, world: given.make(side, watch) };
  });
  const aborted = new Promise<never>((_, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    const playing = play(given, shown, columns, (atMs) => story.tellUntil(atMs));
    // After an interruption it fails for want of its actors, which is no news.
    playing.catch(() => undefined);
    await Promise.race([playing, aborted]);
    const results = shown.map(({ watch }) => watch.result());
    const sights = await Promise.all(shown.map(({ world, watch }) => world.sights(...silenceOf(watch.result().marks))));
    const parts = [phaseTable(results), sightTable(sights), durationList(given.durations), judgement(results)];
    columns.write(`\n${parts.join('\n\n')}`);
    return results.every((result) => faultsOf(result).length === 0);
  } finally {
    columns.close();
    await Promise.all(shown.map(({ world }) => world.end()));
  }
}

async function play(
  given: SideBySide,
  shown: readonly Shown[],
  columns: Columns,
  tellUntil: (atMs: number) => void,
): Promise<void> {
  const { clock } = given;
  const startMs = clock.now();
  const until = async (reached: (one: Shown) => boolean, now: (one: Shown) => string): Promise<void> => {
    for (;;) {
      given.signal.throwIfAborted();
      await Promise.all(shown.map(({ world }) => world.poll()));
      tellUntil(clock.now() - given.longestDelayMs);
      if (shown.every(reached)) return;
      columns.progress(clock.now(), shown.map(now));
      await sleep(given.lookEveryMs);
    }
  };
  const open = ({ world, side }: Shown) =>
    world.open((text) => columns.tell({ atMs: clock.now(), side, role: 'you', text }));
  if (given.oneAfterTheOther === true) for (const one of shown) await open(one);
  else await Promise.all(shown.map(open));
  await until(
    ({ world }) => world.healthy,
    ({ world }) => world.waitsFor,
  );
  const failAtMs = (Math.floor(clock.now() / minuteMs) + 1) * minuteMs + given.breaksInMinuteMs;
  for (const { world } of shown) world.strike(failAtMs);
  const text = `both are healthy, and both break at ${clockText(failAtMs - startMs)}`;
  columns.tell({ atMs: clock.now(), role: 'you', text });
  await until(
    ({ watch }) => isSettled(watch, clock.now()) || clock.now() > failAtMs + longestMs,
    ({ watch }) => doing(watch, clock.now()),
  );
  await Promise.all(shown.map(({ world }) => world.drain()));
  tellUntil(clock.now());
}

/** What goes on in a world, in words. */
export function doing({ marks, rows, proved }: SideWatch, nowMs: number): string {
  if (marks === undefined || nowMs < marks.failedAtMs) return 'rows arrive';
  if (marks.rowsAtMs !== undefined) return `rows arrive again${proved ? ', and that is proved' : ''}`;
  const { failedAtMs, detectedAtMs, actedAtMs } = marks;
  const said = actedAtMs !== undefined ? 'acted on' : detectedAtMs === undefined ? 'nobody has noticed' : 'noticed';
  return `no row for ${duration((nowMs - failedAtMs) / 1000)}, ${rows?.waiting ?? 0} wait; ${said}`;
}
