import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SimulatedDataPlane } from '../../../local/connect/simulated/simulatedDataPlane.ts';
import { SimulatedSource, type SourceKind } from '../../../local/connect/simulated/source.ts';
import { seededRandom } from '../../../local/seededRandom.ts';
import { VirtualClock } from '../../../local/virtualClock.ts';
import { RecordedTelemetry } from './recordedTelemetry.ts';

const folder = new URL('../../recordings/', import.meta.url);

interface Row {
  readonly seconds: number;
  readonly phase: string;
  readonly connected: number;
  readonly msSinceLastEvent: number;
  readonly msBehindSource: number;
  readonly pollRate: number;
  readonly commits: number;
}

function readRecording(name: string): readonly Row[] {
  const [, ...lines] = readFileSync(new URL(`${name}.csv`, folder), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => {
    const [time = '', phase = '', , , connected, sinceEvent, behind, pollRate, , commits] = line.split(',');
    const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
    return {
      seconds: hours * 3600 + minutes * 60 + seconds,
      phase,
      connected: Number(connected),
      msSinceLastEvent: Number(sinceEvent),
      msBehindSource: Number(behind),
      pollRate: Number(pollRate),
      commits: Number(commits),
    };
  });
}

const binlogStates = [
  'mysql-half-open',
  'mysql-idle-heartbeats',
  'mysql-idle-no-heartbeats',
  'mysql-idle-no-keepalive',
];
const cases = [
  ...[...binlogStates, 'mysql-database-hangs'].flatMap((state) => [
    { state, version: '2.7.1' },
    { state, version: '3.7.1' },
  ]),
  { state: 'postgres-heartbeats', version: '3.7.1' },
  { state: 'postgres-no-heartbeats', version: '3.7.1' },
];

const heartbeats = new Set(['mysql-half-open', 'mysql-idle-heartbeats', 'mysql-database-hangs', 'postgres-heartbeats']);
const keepAliveOff = new Set(['mysql-half-open', 'mysql-idle-no-keepalive']);

interface Simulation {
  readonly clock: VirtualClock;
  readonly telemetry: RecordedTelemetry;
  readonly plane: SimulatedDataPlane;
}

/** A connector that has been busy for a while, with a row a second and a flush every 10 s, as in the recordings. */
async function busyConnector(state: string, version: string): Promise<Simulation> {
  const clock = new VirtualClock(Date.UTC(2026, 10, 21, 2));
  const telemetry = new RecordedTelemetry(clock);
  const kind: SourceKind = state.startsWith('postgres') ? 'postgresql' : 'mariadb';
  const source = new SimulatedSource({ clock, kind, rowsPerSecond: 1 });
  const plane = new SimulatedDataPlane({
    clock,
    telemetry,
    random: seededRandom(7),
    databases: { 'db.internal': source },
    exporter: () => ({
      publish: ['Connected', 'MilliSecondsSinceLastEvent', 'MilliSecondsBehindSource'],
      everySeconds: 1,
    }),
    nativeEverySeconds: 1,
  });
  await plane.start({
    name: 'orders-cdc',
    arn: 'arn:aws:kafkaconnect:us-east-1:111122223333:connector/orders-cdc/6f1d2c3b-0000-4000-8000-000000000001-2',
    connectVersion: version === '2.7.1' ? '2.7.1' : '3.7.x',
    configuration: {
      'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
      'database.hostname': 'db.internal',
      'topic.prefix': 'shop37',
      'heartbeat.interval.ms': heartbeats.has(state) ? '5000' : '0',
      'connect.keep.alive': keepAliveOff.has(state) ? 'false' : 'true',
    },
    plugins: ['debezium-mysql'],
    workerProperties: { 'offset.storage.topic': 'offsets', 'offset.flush.interval.ms': '10000' },
    logGroup: '/workers',
  });
  await clock.advanceBy(114_000);
  return { clock, telemetry, plane };
}

/** Brings about what began with that phase. */
function enterPhase(state: string, phase: string, plane: SimulatedDataPlane): void {
  if (phase === 'halfopen') plane.halfOpen('orders-cdc');
  else if (phase === 'healthy') plane.goBusy('orders-cdc', 1);
  else if (phase === 'idle') plane.goIdle('orders-cdc');
  else if (state === 'mysql-half-open' && phase === 'during') plane.halfOpen('orders-cdc');
  else if (state === 'mysql-database-hangs' && phase === 'during') plane.databaseHangs('orders-cdc', 180, 90);
  else if (state.startsWith('mysql-idle')) {
    if (phase === 'during') plane.goIdle('orders-cdc');
    else plane.goBusy('orders-cdc', 1);
  }
}

function commitText(version: string): string {
  return version === '2.7.1' ? 'Finished commitOffsets successfully' : 'Committing offsets for ';
}

interface Seen extends Row {
  /** How many samples ago the phase began; 0 for its first. */
  readonly place: number;
}

/** What the simulated connector shows at the moments of the recording's rows. */
async function replay(state: string, version: string, rows: readonly Row[]): Promise<readonly Seen[]> {
  const { clock, telemetry, plane } = await busyConnector(state, version);
  const firstChange = rows.findIndex((row, place) => place > 0 && row.phase !== rows[place - 1]?.phase);
  const startMs = clock.now() - (rows[firstChange - 1]?.seconds ?? 0) * 1000;
  const seen: Seen[] = [];
  let place = 0;
  for (let index = firstChange; index < rows.length; index += 1) {
    const row = rows[index];
    if (row === undefined) continue;
    const entered = row.phase !== rows[index - 1]?.phase;
    if (entered) enterPhase(state, row.phase, plane);
    place = entered ? 0 : place + 1;
    const beforeMs = clock.now();
    await clock.advanceTo(startMs + row.seconds * 1000);
    seen.push({
      seconds: row.seconds,
      phase: row.phase,
      place,
      connected: telemetry.latest('MSK_Connect Connected', 1000) ?? Number.NaN,
      msSinceLastEvent: telemetry.latest('MSK_Connect MilliSecondsSinceLastEvent', 1000) ?? Number.NaN,
      msBehindSource: telemetry.latest('MSK_Connect MilliSecondsBehindSource', 1000) ?? Number.NaN,
      pollRate: telemetry.latest('AWS/KafkaConnect SourceRecordPollRate', 1000) ?? Number.NaN,
      commits: telemetry.count(commitText(version), beforeMs),
    });
  }
  return seen;
}

/** Where a sample differs from the recorded row in more than chance. */
function differences(row: Row, now: Seen | undefined): readonly string[] {
  if (now === undefined) return [`${row.phase} ${row.seconds}: not sampled`];
  // The rate trails by up to a minute; its steps until then depend on where Kafka's windows lie.
  const settled = now.place >= 4;
  const atRest = row.pollRate < 0.05;
  const wrong: Readonly<Record<string, boolean>> = {
    'ms since last event': !(Math.abs(now.msSinceLastEvent - row.msSinceLastEvent) < 1500),
    'poll rate': settled && !(Math.abs(now.pollRate - row.pollRate) < 0.3),
    'poll rate at rest': settled && atRest && !(now.pollRate < 0.06),
    'poll rate in motion': settled && !atRest && !(now.pollRate > 0.1),
    // Whether the last records before a change were committed before or after it is chance.
    commits: now.place > 0 && (Math.sign(now.commits) !== Math.sign(row.commits) || now.commits > 2),
  };
  return Object.keys(wrong)
    .filter((signal) => wrong[signal] === true)
    .map((signal) => `${row.phase} ${row.seconds}: ${signal}: ${JSON.stringify({ recorded: row, simulated: now })}`);
}

describe('the simulator shows what was recorded', () => {
  test.for(cases)('$state on Connect $version', async ({ state, version }) => {
    const recorded = readRecording(`${state}-connect-${version}`);
    const seen = await replay(state, version, recorded);
    const rows = recorded.slice(-seen.length);
    expect(seen.length).toBeGreaterThanOrEqual(13);

    expect(seen.map(({ connected }) => connected)).toEqual(rows.map(({ connected }) => connected));
    expect(rows.flatMap((row, index) => differences(row, seen[index]))).toEqual([]);
  });

  test('a half-open connection freezes how far behind the source it says it is', async () => {
    const recorded = readRecording('mysql-half-open-connect-3.7.1');
    const seen = await replay('mysql-half-open', '3.7.1', recorded);

    expect(
      new Set(recorded.filter(({ phase }) => phase !== 'before').map(({ msBehindSource }) => msBehindSource)).size,
    ).toBe(1);
    expect(new Set(seen.map(({ msBehindSource }) => msBehindSource)).size).toBe(1);
  });
});

describe('the poll rate of a half-open connection', () => {
  test.for(['2.7.1', '3.7.1'])(
    'is above zero while records flow and zero a minute after the last, on Connect %s',
    async (version) => {
      const recorded = readRecording(`mysql-half-open-connect-${version}`);
      const { clock, telemetry, plane } = await busyConnector('mysql-half-open', version);
      expect(telemetry.latest('AWS/KafkaConnect SourceRecordPollRate')).toBeGreaterThan(0.9);
      plane.halfOpen('orders-cdc');
      await clock.advanceBy(30_000);
      expect(telemetry.latest('AWS/KafkaConnect SourceRecordPollRate')).toBeGreaterThan(0.1);
      await clock.advanceBy(30_000);

      expect(telemetry.latest('AWS/KafkaConnect SourceRecordPollRate')).toBe(0);
      expect(recorded.map(({ pollRate }) => pollRate).slice(2, 6)).toEqual([expect.any(Number), 0.31, 0.22, 0]);
    },
  );
});

describe('worker logs have the recorded shape', () => {
  /** A line with its numbers and names made alike. */
  function shapeOf(line: string): string {
    return line
      .replaceAll('orders-cdc-old', 'orders-cdc')
      .replace(/\[Worker-\w+\]/u, '[Worker]')
      .replace(/, row=1/u, '')
      .replace(/, event=3/u, '')
      .replaceAll(/\d+/g, '#');
  }

  test.for([
    { state: 'mysql-half-open', version: '2.7.1' },
    { state: 'mysql-half-open', version: '3.7.1' },
    { state: 'mysql-idle-heartbeats', version: '2.7.1' },
    { state: 'mysql-idle-heartbeats', version: '3.7.1' },
  ])('$state on Connect $version', async ({ state, version }) => {
    const name = `${state}-connect-${version}`;
    const recorded = readFileSync(new URL(`${name}.log`, folder), 'utf8')
      .trim()
      .split('\n');
    const { clock, telemetry, plane } = await busyConnector(state, version);
    enterPhase(state, 'during', plane);
    await clock.advanceBy(165_000);
    const shapes = new Set(telemetry.lines.map(({ text }) => shapeOf(text)));

    expect([...new Set(recorded.map(shapeOf))].filter((shape) => !shapes.has(shape))).toEqual([]);
  });

  test('half open, 2.7.1 goes on to say that it commits, and 3.7.1 falls silent', async () => {
    const old = await busyConnector('mysql-half-open', '2.7.1');
    const young = await busyConnector('mysql-half-open', '3.7.1');
    old.plane.halfOpen('orders-cdc');
    young.plane.halfOpen('orders-cdc');
    await old.clock.advanceBy(11_000);
    await young.clock.advanceBy(11_000);
    const sinceMs = old.clock.now();
    await old.clock.advanceBy(100_000);
    await young.clock.advanceBy(100_000);

    expect(old.telemetry.count('Committing offsets (', sinceMs)).toBe(10);
    expect(old.telemetry.count('flushing 0 outstanding messages', sinceMs)).toBe(10);
    expect(old.telemetry.count('Finished commitOffsets', sinceMs)).toBe(0);
    expect(young.telemetry.count('', sinceMs)).toBe(0);
  });
});
