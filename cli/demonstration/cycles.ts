import { setTimeout as sleep } from 'node:timers/promises';
import pc from 'picocolors';
import { scaledClock } from '../../local/scaledClock.ts';
import type { ScaledClock } from '../../local/scaledClock.ts';
import { duration } from '../../recovery/time.ts';
import { cast } from './connectors.ts';
import { faultsOf, judge, roundLine, summary } from './cyclesRounds.ts';
import { CyclesWatch } from './cyclesWatch.ts';
import { failsAllTheTime, startActors, type CyclesWorld } from './cyclesWorld.ts';
import { openScreen, wrap, type Screen } from './screen.ts';

/** As fast as process starts allow, so that a round takes seconds. */
const factor = 60;
/** Real seconds in which one round has its place. */
const roundSeconds = 13;
/** In long runs, so that a day of the run's time has fewer rounds than the hundred that the settings allow at most. */
const patientRoundSeconds = 15;
const longRunSeconds = 1200;

/**
 * The demonstration in rounds: for so many seconds, from the first healthy moment on, a connector breaks at random moments and is brought back.
 * Gives whether every finished round was recovered and no row was lost. Ends within a moment of `signal`, and leaves no process behind.
 */
export async function cycles(
  options: { readonly seconds: number; readonly seed?: number },
  signal: AbortSignal,
): Promise<boolean> {
  const { seconds, seed = Math.floor(Math.random() * 2 ** 32) } = options;
  const [connector] = cast;
  if (connector === undefined) throw new Error('There is no connector to show.');
  const clock = scaledClock({ factor });
  const startMs = clock.now();
  const screen = openScreen(startMs, [connector.name]);
  screen.write(introduction(seconds, seed));
  const watch = new CyclesWatch({
    connector: connector.name,
    now: () => clock.now(),
    show: (moment) => screen.tell(moment),
    roundOver: (round) => screen.write(roundLine(round, startMs)),
  });
  const actors = startActors(clock, { truth: (truth) => watch.truth(truth), mail: (mail) => watch.mail(mail) });
  const say = (text: string) => screen.tell({ atMs: clock.now(), actor: 'you', text });
  const interrupted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  try {
    const run = async () => {
      const world = await actors.open(connector, seed, say, failsAllTheTime);
      await rounds(world, watch, screen, clock, seconds, signal);
    };
    const running = run();
    // After an interruption it fails for want of its actors, which is no news.
    running.catch(() => undefined);
    await Promise.race([running, interrupted]);
    const endMs = clock.now();
    watch.tellUntil(endMs);
    const rows = watch.rows;
    const result = judge(watch.rounds, {
      atMs: endMs,
      interrupted: signal.aborted,
      ...(rows === undefined ? {} : { rows }),
    });
    screen.write(`\n${summary(result)}`);
    return faultsOf(result).length === 0;
  } finally {
    screen.close();
    await actors.end();
    clock.stop();
  }
}

function introduction(seconds: number, seed: number): string {
  const what = [
    'Three actors, each in a process of its own: a connector, which dies at random moments while its API goes on saying RUNNING;',
    'a monitor (CloudWatch, alarms, rules), which sees only the log lines and metrics that the connector sends it by the AWS API;',
    'and the recovery, the built Lambda function. This screen is a fourth, which alone is told what really happened.',
    `Time runs ${factor} times as fast; the clock at the left is theirs. It goes on for ${seconds} s; Ctrl+C ends it early.`,
    `The same random moments again: --seed ${seed}.`,
  ];
  return [pc.bold('A silent connector comes back, again and again'), ...wrap(what.join(' '), 110), ''].join('\n');
}

async function rounds(
  world: CyclesWorld,
  watch: CyclesWatch,
  screen: Screen,
  clock: ScaledClock,
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  let endAtRealMs: number | undefined;
  while (!signal.aborted) {
    await watch.poll(world);
    if (signal.aborted) return;
    if (endAtRealMs === undefined && watch.healthy) {
      screen.tell({ atMs: clock.now(), actor: 'you', text: `all is healthy: from here on, ${seconds} s` });
      const windows = Math.max(
        1,
        Math.floor(seconds / (seconds > longRunSeconds ? patientRoundSeconds : roundSeconds)),
      );
      world.begin(windows, (seconds / windows) * factor);
      endAtRealMs = performance.now() + seconds * 1000;
    }
    const leftSeconds = endAtRealMs === undefined ? undefined : (endAtRealMs - performance.now()) / 1000;
    if (leftSeconds !== undefined && leftSeconds <= 0) return;
    screen.progress(clock.now(), [doing(watch, clock.now(), leftSeconds)]);
    await sleep(100);
  }
}

function doing(watch: CyclesWatch, nowMs: number, leftSeconds: number | undefined): string {
  if (leftSeconds === undefined) return 'waiting for the alarms to have data';
  const { silentSinceMs } = watch;
  const now =
    silentSinceMs === undefined
      ? 'rows arrive'
      : `no row for ${duration((nowMs - silentSinceMs) / 1000)}, and its API says RUNNING or RESTARTING`;
  return `${now}; ${Math.ceil(leftSeconds)} s left`;
}
