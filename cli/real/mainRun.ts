import pc from 'picocolors';
import type { WorkerSample } from '../../local/connect/real/realDataPlane.ts';
import { play } from '../demonstration/play.ts';
import { closingLine, closingTable, disappointments, judgement, mailbox } from '../demonstration/report.ts';
import type { Ending } from '../demonstration/report.ts';
import { openScreen, wrap } from '../demonstration/screen.ts';
import { Watch } from '../demonstration/watch.ts';
import { alarmsAreOk } from './alarms.ts';
import { realCast, type RealCast } from './cast.ts';
import { drain } from './drain.ts';
import { openRealWorld, type RealWorld } from './realWorld.ts';

/** After so long since the silence began something must have gone wrong. */
const longestSeconds = 900;
const lookEveryMs = 500;
/** How often a pipe hears that something still goes on. */
const plainProgressMs = 30_000;

/** The database's heartbeat then comes every 8 s in place of 48 s, and offsets are committed six times as often. */
const quicker = { keepAliveSeconds: 10, flushSeconds: 10 };
/**
 * The main job on real Kafka Connect workers, a real broker and a real MariaDB. `short`: with a shorter heartbeat of the database.
 * Gives whether everything came about as promised.
 * @throws MissingSoftware naming what the machine lacks
 */
export async function mainRun({ short }: { readonly short: boolean }, signal: AbortSignal): Promise<boolean> {
  const startMs = Date.now();
  const cast = realCast(short ? quicker : undefined);
  const screen = openScreen(
    startMs,
    cast.map(({ name }) => name),
    process.stdout,
    plainProgressMs,
  );
  screen.write(introduction(cast, short));
  const samples = new Map<string, WorkerSample>();
  let watch: Watch | undefined;
  let world: RealWorld | undefined;
  try {
    const opened = await openRealWorld({
      connectors: cast,
      signal,
      say: (text) => screen.tell({ atMs: Date.now(), actor: 'you', text }),
      onCall: (call) => watch?.called(call),
      onSample: (sample) => samples.set(sample.connector, sample),
    });
    world = opened;
    watch = new Watch(opened, cast, (moment) => screen.tell(moment));
    await play({
      stage: opened,
      cast,
      watch,
      screen,
      signal,
      healthySeconds: short ? 15 : 60,
      seenHealthy: () => alarmsAreOk(opened),
      longestSeconds,
      lookEveryMs,
      settled: (_, { outcomes }) => outcomes.includes('recovered'),
      aside: (name) => seen(samples.get(name)),
    });
    watch.tellUntil(Date.now());
    await drain(opened.ground, cast, (name) => opened.rows(name), signal);
    const endings: Ending[] = [];
    for (const each of cast) {
      endings.push({ cast: each, fate: watch.fate(each.name), rows: await opened.rows(each.name), mayWait: 0 });
    }
    screen.write(
      `\n${closingTable(endings)}\n\n${mailbox(watch.mails(), startMs)}\n\n${judgement(endings)}\n\n${closingLine(endings)}`,
    );
    return endings.every((ending) => disappointments(ending).length === 0);
  } finally {
    screen.close();
    await world?.close();
  }
}

function introduction(cast: readonly RealCast[], short: boolean): string {
  const what = [
    'A Kafka Connect connector can die without a sound: its task hangs, its API goes on saying RUNNING, and rows stop arriving.',
    'You see the product itself at work: the synthesized CloudFormation template and the built Lambda function, which talk through the',
    'AWS SDK to stand-ins for MSK Connect, CloudWatch, EventBridge, S3 and SNS. What runs behind MSK Connect is real: a Kafka broker,',
    'a Kafka Connect worker for each connector, Debezium, a MariaDB. Time is real too.',
    'MSK Connect itself takes minutes to create, delete and restart; here it waits 1 s, and the real worker takes its own time.',
  ];
  const cut = [
    `Short form: connect.keep.alive.interval.ms is ${quicker.keepAliveSeconds} s in place of 60 s, so that the database beats every 8 s in place of 48 s, and`,
    `offset.flush.interval.ms ${quicker.flushSeconds} s in place of 60 s. npm run capture sees that, and the event clock's alarm follows. The product's own`,
    'settings are as by default.',
  ];
  return [
    pc.bold('A silent connector comes back, on real Kafka Connect'),
    ...wrap(what.join(' '), 110),
    ...(short ? ['', ...wrap(cut.join(' '), 110)] : []),
    '',
    ...cast.flatMap(({ name, about }) => {
      const [first = '', ...rest] = wrap(`${about}. Its connection will hang half open.`, 96);
      return [`  ${name.padEnd(12)} ${first}`, ...rest.map((line) => `${' '.repeat(15)}${line}`)];
    }),
    '',
  ].join('\n');
}

/** What the worker says of itself, which MSK Connect does not show. */
function seen(sample: WorkerSample | undefined): string {
  if (sample === undefined) return 'its worker has not been heard yet';
  const { connectorState = 'no answer', tasks, connected, msSinceLastEvent } = sample;
  const clock =
    msSinceLastEvent === undefined || msSinceLastEvent < 0
      ? undefined
      : `last event ${Math.round(msSinceLastEvent / 1000)} s ago`;
  return [
    `its worker says ${connectorState}`,
    ...tasks.map(({ id, state }) => `task ${id} ${state}`),
    ...(connected === undefined ? [] : [`Connected ${connected}`]),
    ...(clock === undefined ? [] : [clock]),
  ].join(', ');
}
