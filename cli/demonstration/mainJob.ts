import pc from 'picocolors';
import type { Faults } from '../../local/connect/faults.ts';
import { scaledClock } from '../../local/scaledClock.ts';
import { cast } from './connectors.ts';
import { play } from './play.ts';
import { closingTable, disappointments, judgement, mailbox } from './report.ts';
import type { Ending } from './report.ts';
import { openScreen, wrap } from './screen.ts';
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
    await play({
      stage: world,
      cast,
      watch,
      screen,
      signal,
      healthySeconds: 60,
      longestSeconds,
      lookEveryMs: 100,
      settled: ({ expect }, { alarms, outcomes }) =>
        outcomes.length > 0 && (expect !== 'left alone' || alarms.includes('offset-commits')),
    });
    watch.tellUntil(clock.now());
    const endings: Ending[] = [];
    for (const each of cast) {
      endings.push({ cast: each, fate: watch.fate(each.name), rows: await world.rows(each.name) });
    }
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
