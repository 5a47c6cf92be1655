import { setTimeout as sleep } from 'node:timers/promises';
import pc from 'picocolors';
import { wrap } from '../demonstration/screen.ts';
import { drain } from '../real/drain.ts';
import { sources, type Quicker, type Source } from './cast.ts';
import { cutConnections } from './cutConnections.ts';
import { killWorker } from './killWorker.ts';
import type { RunOptions } from './options.ts';
import { promiseOfRows } from './promises.ts';
import { closing } from './report.ts';
import { stateOf, type Stage } from './stage.ts';
import { openSteps } from './steps.ts';
import { Witness } from './witness.ts';
import { openSelfManagedWorld, type SelfManagedWorld } from './world.ts';

const quicker: Quicker = { keepAliveSeconds: 10, flushSeconds: 10, rebalanceDelaySeconds: 20 };
const longestUntilSeenMs = 30_000;

/**
 * The eight steps on a real Kafka Connect of one's own, with the watchdog as its user runs it. Gives whether everything came about as promised.
 * @throws MissingSoftware naming what the machine lacks; the signal's reason
 */
export async function selfManagedRun({ short, twoWorkers }: RunOptions, signal: AbortSignal): Promise<boolean> {
  const startMs = Date.now();
  const cast = sources(short ? quicker : undefined);
  const steps = openSteps(startMs);
  steps.write(introduction(cast, short, twoWorkers));
  const form = twoWorkers ? killWorker : cutConnections;
  const witness = new Witness(cast, (...seen) => form.show(steps, ...seen));
  let world: SelfManagedWorld | undefined;
  try {
    world = await openSelfManagedWorld({
      sources: cast,
      ...(short ? { quicker } : {}),
      workers: twoWorkers ? 2 : 1,
      say: (text) => steps.tell('build', text),
      onRequest: (request) => witness.answered(request),
      onLine: (line) => witness.heard(line),
      onDelivery: () => undefined,
      signal,
    });
    const { ground } = world;
    const rows = (name: string) => {
      const count = ground.topics.get(name)?.count(ground.writers.mariadb?.written ?? 0);
      if (count === undefined) throw new Error(`Nobody counts the rows of ${name}.`);
      return count;
    };
    const stage: Stage = { world, sources: cast, witness, steps, short, signal, rows };
    await register(stage);
    await seeRows(stage);
    const promised = await form.play(stage);
    steps.progress('nothing more is written; waiting for the rows that are on their way');
    await drain(ground, cast, (name) => Promise.resolve(rows(name)), signal);
    const all = [...promised, ...cast.map(({ name }) => promiseOfRows(name, rows(name)))];
    steps.write(await closing(stage, startMs, all));
    return all.every(({ instead }) => instead === undefined);
  } catch (error) {
    // Whatever failed because of it is no news.
    signal.throwIfAborted();
    throw error;
  } finally {
    steps.close();
    await world?.close();
  }
}

function introduction(cast: readonly Source[], short: boolean, twoWorkers: boolean): string {
  const what = [
    'A Kafka Connect of your own shows its tasks through REST, but a task that hangs says RUNNING there as a healthy one does. You see the',
    'watchdog itself at work, the bundle that you would run, over a real Kafka broker, real Kafka Connect 3.7.1 in distributed mode, Debezium MySQL',
    '2.6.2 with its MariaDB adapter, and a MariaDB that gets a row a second. Time is real, and the watchdog gets no help.',
  ];
  const cut = [
    `Short form: connect.keep.alive.interval.ms is ${quicker.keepAliveSeconds} s in place of 60 s, so that the database beats every 8 s in place of 48 s;`,
    `offset.flush.interval.ms is ${quicker.flushSeconds} s in place of 60 s, which watchdog.json says too`,
    ...(twoWorkers
      ? [`; scheduled.rebalance.max.delay.ms is ${quicker.rebalanceDelaySeconds} s in place of 300 s`]
      : []),
    ". The watchdog's own settings are as by default.",
  ];
  return [
    pc.bold(
      twoWorkers
        ? 'A worker of a self-managed Kafka Connect is killed, and the watchdog leaves its tasks to Connect'
        : 'A FAILED task and a RUNNING one that hangs come back, on a self-managed Kafka Connect',
    ),
    ...wrap(what.join(' '), 110),
    ...(short ? ['', ...wrap(cut.join(' ').replaceAll(' ;', ';').replaceAll(' .', '.'), 110)] : []),
    '',
    ...(twoWorkers ? [] : cast.flatMap(({ name, about }) => [`  ${name.padEnd(12)} ${about}.`])),
    ...(twoWorkers ? [] : ['']),
  ].join('\n');
}

/** Steps 2 and 3. */
async function register({ world: { cluster, ground }, sources: cast, steps, signal }: Stage): Promise<void> {
  for (const source of cast) {
    signal.throwIfAborted();
    const beganAtMs = Date.now();
    await cluster.register(source.name, source.configuration(ground.endpoints(source)));
    steps.tell(
      'register',
      `PUT /connectors/${source.name}/config: its task runs after ${((Date.now() - beganAtMs) / 1000).toFixed(1)} s`,
    );
  }
  for (const { name } of cast) steps.tell('state by REST', await stateOf({ cluster }, name));
}

/** Step 4: the next row that is inserted, until it is in every topic. */
async function seeRows({ world: { ground }, sources: cast, steps, signal }: Stage): Promise<void> {
  const writer = ground.writers.mariadb;
  if (writer === undefined) throw new Error('Nobody writes rows.');
  const id = writer.written + 1;
  const giveUpAtMs = Date.now() + longestUntilSeenMs;
  for (const { name, topic } of cast) {
    const seenAt = () => ground.topics.get(name)?.arrivals.get(id);
    while (seenAt() === undefined || writer.writtenAtMs.get(id) === undefined) {
      signal.throwIfAborted();
      if (Date.now() > giveUpAtMs) throw new Error(`Row ${id} does not arrive in ${topic}.`);
      await sleep(50);
    }
    const afterMs = Math.max(0, (seenAt() ?? 0) - (writer.writtenAtMs.get(id) ?? 0));
    steps.tell('insert and see', `INSERT INTO shop.orders, id ${id}: in topic ${topic} after ${afterMs} ms`);
  }
}
