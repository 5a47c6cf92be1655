import { setTimeout as sleep } from 'node:timers/promises';
import pc from 'picocolors';
import type { Faults } from '../../local/connect/faults.ts';
import { scaledClock } from '../../local/scaledClock.ts';
import { cast } from './connectors.ts';
import { closingTable, disappointments, judgement, mailbox } from './report.ts';
import type { Ending } from './report.ts';
import { openScreen, wrap } from './screen.ts';
import type { Screen } from './screen.ts';
import { Watch } from './watch.ts';
import { openWorld } from './world.ts';
import type { World } from './world.ts';

/** How fast the run's time passes. Process starts and sockets stay in real time, so much more would distort it. */
const factor = 40;
/** The run's own time after which something must have gone wrong. */
const longestSeconds = 3000;

/**
 * The main job on this machine: two connectors that go silent and come back, one that is only idle and is left alone.
 * `faults`: what goes wrong in MSK Connect besides. Gives whether everything came about as promised.
 */
export async function mainJob(signal: AbortSignal, faults?: Faults): Promise<boolean> {
  const clock = scaledClock({ factor });
  const startMs = clock.now();
  const screen = openScreen(
    startMs,
    cast.map(({ name }) => name),
  );
  screen.write(introduction());
  let watch: Watch | undefined;
  let world: World | undefined;
  try {
    world = await openWorld(
      cast,
      { clock, seed: 1, onCall: (call) => watch?.called(call), ...(faults === undefined ? {} : { faults }) },
      (text) => screen.tell({ atMs: clock.now(), actor: 'you', text }),
    );
    watch = new Watch(world, cast, (moment) => screen.tell(moment));
    await untilSaved(world, watch, screen, signal);
    await breakThem(world, watch, screen, signal);
    await untilSettled(world, watch, screen, signal);
    watch.tellUntil(clock.now());
    const endings = cast.map((each): Ending => endingOf(each, watch, world));
    screen.write(`\n${closingTable(endings)}\n\n${mailbox(watch.mails(), startMs)}\n\n${judgement(endings)}`);
    return endings.every((ending) => disappointments(ending).length === 0);
  } finally {
    screen.close();
    await world?.close();
    clock.stop();
  }
}

function introduction(): string {
  const what = [
    'A Kafka Connect connector can die without a sound: its task hangs, its API goes on saying RUNNING, and rows stop arriving.',
    'You see the product itself at work, without an AWS account: the synthesized CloudFormation template and the built Lambda function,',
    'which talk through the AWS SDK to stand-ins for MSK Connect, CloudWatch, EventBridge, S3 and SNS. The connectors are simulated.',
    `Time runs ${factor} times as fast; the clock at the left is theirs, in minutes and seconds.`,
  ];
  const fates = { 'half-open': 'Its connection will hang half open.', idle: 'Nothing will be wrong with it.' };
  return [
    pc.bold('A silent connector comes back'),
    ...wrap(what.join(' '), 110),
    '',
    ...cast.map(({ name, about, fate }) => `  ${name.padEnd(12)} ${about}. ${fates[fate]}`),
    '',
  ].join('\n');
}

function endingOf(each: Ending['cast'], watch: Watch | undefined, world: World | undefined): Ending {
  if (watch === undefined || world === undefined) throw new Error('The run has not begun.');
  return { cast: each, fate: watch.fate(each.name), rows: world.dataPlane.rows(each.name) };
}

/** The function keeps the living connectors' configurations on its first sweep; without one it would delete nothing. */
async function untilSaved(world: World, watch: Watch, screen: Screen, signal: AbortSignal): Promise<void> {
  await until(
    world,
    watch,
    screen,
    signal,
    'waiting for the first sweep to save the three configurations',
    async () => {
      const { Contents } = (await world.aws.s3.call('ListObjectsV2', {
        Bucket: world.bucket,
        Prefix: 'connectors/',
      })) as {
        Contents?: readonly unknown[];
      };
      return (Contents?.length ?? 0) === cast.length;
    },
  );
}

async function breakThem(world: World, watch: Watch, screen: Screen, signal: AbortSignal): Promise<void> {
  const healthyUntilMs = world.clock.now() + 60_000;
  await until(world, watch, screen, signal, 'all three are healthy', () =>
    Promise.resolve(world.clock.now() >= healthyUntilMs),
  );
  for (const { name, fate } of cast) {
    if (fate === 'idle') {
      world.dataPlane.goIdle(name);
      watch.silent(name, 'its database falls idle: no rows, nothing wrong');
    } else {
      world.dataPlane.halfOpen(name);
      watch.silent(name, 'its database connection hangs half open: rows stop arriving, its state stays RUNNING');
    }
  }
}

async function untilSettled(world: World, watch: Watch, screen: Screen, signal: AbortSignal): Promise<void> {
  const giveUpAtMs = world.clock.now() + longestSeconds * 1000;
  await until(world, watch, screen, signal, undefined, () => {
    const settled = cast.every(({ name, expect }) => {
      const fate = watch.fate(name);
      return expect === 'left alone'
        ? fate.alarms.includes('offset-commits') && fate.outcomes.length > 0
        : fate.outcomes.length > 0;
    });
    return Promise.resolve(settled || world.clock.now() > giveUpAtMs);
  });
}

async function until(
  world: World,
  watch: Watch,
  screen: Screen,
  signal: AbortSignal,
  doing: string | undefined,
  reached: () => Promise<boolean>,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    await watch.poll();
    if (await reached()) return;
    const now = cast.map(({ name }) => `${name}: ${watch.fate(name).state}, ${watch.fate(name).doing}`);
    screen.progress(world.clock.now(), doing === undefined ? now : [doing]);
    await sleep(100);
  }
}
