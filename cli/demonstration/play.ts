import { setTimeout as sleep } from 'node:timers/promises';
import type { Screen } from './screen.ts';
import type { Part, Stage } from './stage.ts';
import type { Fate, Watch } from './watch.ts';

/** How a run is played. */
export interface Play {
  readonly stage: Stage;
  readonly cast: readonly Part[];
  readonly watch: Watch;
  readonly screen: Screen;
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** How long they live before they are broken, in the stage's own time. */
  readonly healthySeconds: number;
  /** Whether the monitoring says so too. @default it is not asked */
  readonly seenHealthy?: () => Promise<boolean>;
  /** After so much of the stage's own time since they fell silent something must have gone wrong. */
  readonly longestSeconds: number;
  /** Real time between two looks. */
  readonly lookEveryMs: number;
  /** Whether nothing more is to come for that connector. */
  readonly settled: (part: Part, fate: Fate) => boolean;
  /** What else is said of a connector meanwhile. @default nothing */
  readonly aside?: (name: string) => string;
}

const befalls: Readonly<Record<Part['fate'], string>> = {
  'half-open': 'its database connection hangs half open: rows stop arriving, its state stays RUNNING',
  idle: 'its database falls idle: no rows, nothing wrong',
};
const counts = ['none', 'one', 'both', 'all three'];

/** Waits until the configurations are saved, lets the connectors live for a moment, breaks them, and watches until all is settled. */
export async function play(run: Play): Promise<void> {
  const { stage, cast, watch, healthySeconds, longestSeconds, seenHealthy } = run;
  await untilSaved(run);
  if (seenHealthy !== undefined) await until(run, 'waiting until every alarm has seen data and is OK', seenHealthy);
  const healthyUntilMs = stage.clock.now() + healthySeconds * 1000;
  await until(run, `${counts[cast.length] ?? 'all'} are healthy`, () =>
    Promise.resolve(stage.clock.now() >= healthyUntilMs),
  );
  for (const { name, fate } of cast) {
    stage.strike(name, fate);
    watch.silent(name, befalls[fate]);
  }
  const giveUpAtMs = stage.clock.now() + longestSeconds * 1000;
  await until(run, undefined, () =>
    Promise.resolve(cast.every((part) => run.settled(part, watch.fate(part.name))) || stage.clock.now() > giveUpAtMs),
  );
}

/** The function keeps the living connectors' configurations on its first sweep; without one it would delete nothing. */
async function untilSaved(run: Play): Promise<void> {
  const { stage, cast } = run;
  await until(run, `waiting for the first sweep to save the ${cast.length} configurations`, async () => {
    const { Contents } = (await stage.aws.s3.call('ListObjectsV2', {
      Bucket: stage.bucket,
      Prefix: 'connectors/',
    })) as { Contents?: readonly unknown[] };
    return (Contents?.length ?? 0) === cast.length;
  });
}

/** @param doing what is said meanwhile; absent: what each connector does */
async function until(run: Play, doing: string | undefined, reached: () => Promise<boolean>): Promise<void> {
  const { stage, cast, watch, screen, signal, lookEveryMs, aside } = run;
  for (;;) {
    signal.throwIfAborted();
    await watch.poll();
    if (await reached()) return;
    const now = cast.map(({ name }) => {
      const { state, doing: does } = watch.fate(name);
      return `${name}: ${state}, ${does}${aside === undefined ? '' : ` (${aside(name)})`}`;
    });
    screen.progress(stage.clock.now(), doing === undefined ? now : [doing]);
    await sleep(lookEveryMs);
  }
}
