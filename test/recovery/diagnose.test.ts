import { describe, expect, it } from 'vitest';
import type { LiveConnector } from '../../recovery/connector.ts';
import { diagnose } from '../../recovery/diagnose.ts';
import type { ConnectorKind } from '../../recovery/policy.ts';
import type { Series, Signs } from '../../recovery/signs.ts';
import type { Instant } from '../../recovery/time.ts';
import type { Verdict } from '../../recovery/verdict.ts';
import { ago, at, live, log, minutes, policy, request, signs, steady } from './examples.ts';

interface Row {
  readonly what: string;
  readonly kind?: ConnectorKind;
  readonly configuration?: Record<string, string>;
  readonly connector?: Partial<LiveConnector>;
  readonly signs: Partial<Signs>;
  readonly actedAt?: Instant;
  readonly verdict: Verdict['kind'];
}

function judge(row: Row): Verdict {
  const connector = live({ request: request(row.configuration), ...row.connector });
  return diagnose(connector, signs(row.signs), policy({}, row.kind ?? 'mysql'), row.actedAt);
}

/** The event clock of a source that was last heard that many seconds ago, as it was published each minute. */
function clockOf(silentSeconds: number) {
  return minutes(Array.from({ length: 15 }, (_, index) => Math.max(0, silentSeconds - (14 - index) * 60) * 1000));
}

/** The event clock's smallest and greatest value in the last minute. */
function oneMinute(smallestSeconds: number, greatestSeconds: number): Series {
  const value = smallestSeconds * 1000;
  return { kind: 'read', samples: [{ from: ago(60), to: at(0), value, greatest: greatestSeconds * 1000 }] };
}

const witnessedSilence = log({ newestLineAgo: 10 });
const heartbeats = { 'heartbeat.interval.ms': '5000' };
const inError = { erroredTasks: steady(1), runningTasks: steady(0) };
const noRecords = { recordsIn: steady(0), recordsOut: steady(0) };

describe('mysql and mariadb: the database beats every 48 s, so its event clock tells dead from idle', () => {
  const rows: readonly Row[] = [
    { what: 'records flow', signs: { recordsIn: steady(5) }, verdict: 'alive' },
    { what: 'offsets were committed a minute ago', signs: { log: log({ commitAgo: 60 }) }, verdict: 'alive' },
    { what: 'the last record came 100 s ago', signs: { recordsIn: minutes([3, 3], 100) }, verdict: 'alive' },
    { what: 'idle, with a beat 48 s ago', signs: { ...noRecords, msSinceLastEvent: clockOf(48) }, verdict: 'idle' },
    { what: 'idle, 144 s is three beats', signs: { ...noRecords, msSinceLastEvent: clockOf(144) }, verdict: 'idle' },
    { what: 'more than three beats', signs: { ...noRecords, msSinceLastEvent: clockOf(145) }, verdict: 'dead' },
    {
      what: 'a minute that began with 100 s and ended with 145: no event came within it',
      signs: { ...noRecords, msSinceLastEvent: oneMinute(100, 145) },
      verdict: 'dead',
    },
    {
      what: 'a minute that began with 100 s and ended with 144',
      signs: { ...noRecords, msSinceLastEvent: oneMinute(100, 144) },
      verdict: 'idle',
    },
    {
      what: 'a minute with 145 s in it and with 60: an event may have come within it',
      signs: { ...noRecords, msSinceLastEvent: oneMinute(60, 145) },
      verdict: 'idle',
    },
    {
      what: 'half open: Connected says 1, and proves nothing',
      signs: { ...noRecords, msSinceLastEvent: clockOf(400), connected: steady(1) },
      verdict: 'dead',
    },
    {
      what: 'Connected says 1 and nothing else is published',
      signs: { ...noRecords, connected: steady(1) },
      verdict: 'unknown',
    },
    {
      what: 'a beat 48 s ago, but Connected says 0: a frozen clock, and nobody tried to reconnect',
      signs: { ...noRecords, msSinceLastEvent: clockOf(48), connected: steady(0) },
      verdict: 'elsewhere',
    },
    {
      what: 'the clock reads 0 for good, Connected 0 for good, while a log that is delivered shows nobody who tries',
      signs: { ...noRecords, msSinceLastEvent: steady(0), connected: steady(0), log: witnessedSilence },
      verdict: 'dead',
    },
    {
      what: 'a beat 48 s ago, and Connected was 0 until a minute ago',
      signs: { ...noRecords, msSinceLastEvent: clockOf(48), connected: minutes([0, 0, 0, 1]) },
      verdict: 'idle',
    },
    {
      what: 'a beat 48 s ago, and Connected was 0 when it was last published, 5 min ago',
      signs: { ...noRecords, msSinceLastEvent: clockOf(48), connected: minutes([0, 0], 300) },
      verdict: 'idle',
    },
    {
      what: 'keep-alive of 5 min: the database beats every 240 s',
      configuration: { 'connect.keep.alive.interval.ms': '300000' },
      signs: { ...noRecords, msSinceLastEvent: clockOf(400) },
      verdict: 'idle',
    },
    {
      what: 'keep-alive that is no number counts as the default',
      configuration: { 'connect.keep.alive.interval.ms': 'often' },
      signs: { ...noRecords, msSinceLastEvent: clockOf(400) },
      verdict: 'dead',
    },
    {
      what: 'no event yet (-1)',
      signs: { ...noRecords, msSinceLastEvent: steady(-1) },
      verdict: 'unknown',
    },
    {
      what: 'a heartbeat that should have been committed was not, and no event clock is published',
      configuration: heartbeats,
      signs: noRecords,
      verdict: 'dead',
    },
    {
      what: 'no heartbeat for 2 min: due every 48 s, but seen once a minute',
      configuration: heartbeats,
      signs: { recordsIn: minutes([0.02, 0, 0], 10), log: log({ commitAgo: 125, newestLineAgo: 10 }) },
      verdict: 'unknown',
    },
    {
      what: 'the event clock says listening, the heartbeats say dead',
      configuration: heartbeats,
      signs: { ...noRecords, msSinceLastEvent: clockOf(20) },
      verdict: 'unknown',
    },
  ];
  it.each(rows)('$what: $verdict', (row) => {
    expect(judge(row).kind).toBe(row.verdict);
    expect(judge({ ...row, kind: 'mariadb' }).kind).toBe(row.verdict);
  });
});

describe('postgresql: an idle event clock grows as if it were dead', () => {
  const rows: readonly Row[] = [
    {
      what: 'no records, no heartbeats configured: nothing tells idle from dead',
      signs: { ...noRecords, msSinceLastEvent: clockOf(840), connected: steady(1), log: witnessedSilence },
      verdict: 'unknown',
    },
    {
      what: 'heartbeats configured and none came',
      configuration: heartbeats,
      signs: { ...noRecords, log: witnessedSilence },
      verdict: 'dead',
    },
    {
      what: 'heartbeats configured and seen lately',
      configuration: heartbeats,
      signs: { recordsIn: steady(0.2), msSinceLastEvent: clockOf(840) },
      verdict: 'alive',
    },
    {
      what: 'heartbeats stopped 3 min ago',
      configuration: heartbeats,
      signs: { recordsIn: minutes([0.2, 0.2, 0, 0, 0]) },
      verdict: 'dead',
    },
    {
      what: 'heartbeats stopped 2 min ago',
      configuration: heartbeats,
      signs: { recordsIn: minutes([0.2, 0.2, 0, 0], 10), log: log({ newestLineAgo: 10 }) },
      verdict: 'unknown',
    },
    {
      what: 'a heartbeat every ten minutes: fifteen minutes of silence are not three of them',
      configuration: { 'heartbeat.interval.ms': '600000' },
      signs: noRecords,
      verdict: 'unknown',
    },
    {
      what: 'heartbeats switched off with 0',
      configuration: { 'heartbeat.interval.ms': '0' },
      signs: noRecords,
      verdict: 'unknown',
    },
    {
      what: 'a first snapshot: an hour old, and no heartbeat seen yet',
      configuration: heartbeats,
      connector: { createdAt: ago(3600) },
      signs: noRecords,
      verdict: 'unknown',
    },
    {
      what: 'an hour old, but heartbeats were seen before they stopped',
      configuration: heartbeats,
      connector: { createdAt: ago(3600) },
      signs: { recordsIn: minutes([0.2, 0.2, 0, 0, 0, 0]) },
      verdict: 'dead',
    },
    {
      what: 'no rate is published; the log is witnessed and shows no commit',
      configuration: heartbeats,
      signs: { log: witnessedSilence },
      verdict: 'dead',
    },
  ];
  it.each(rows)('$what: $verdict', (row) => {
    expect(judge({ ...row, kind: 'postgresql' }).kind).toBe(row.verdict);
  });

  it('says what to switch on', () => {
    const seen = judge({ what: '', kind: 'postgresql', signs: noRecords, verdict: 'unknown' });
    expect(seen.wouldChange).toContain('heartbeat.interval.ms');
  });
});

describe('another source: only its owner knows how often records flow', () => {
  const sure = policy(
    { evidence: { livelySeconds: 120, missedBeats: 3, recordsAtLeastEverySeconds: 600, learnQuiet: true } },
    'other-source',
  );
  it.each([
    { quietMinutes: 10, says: 'unknown' },
    { quietMinutes: 11, says: 'dead' },
  ])('where the owner says every 10 min, $quietMinutes min of zeros are $says', ({ quietMinutes, says }) => {
    const seen = signs({ recordsIn: minutes([4, ...Array.from({ length: quietMinutes }, () => 0)]) });
    expect(diagnose(live(), seen, sure, undefined).kind).toBe(says);
  });
  it('without such a word its silence proves nothing', () => {
    expect(judge({ what: '', kind: 'other-source', signs: noRecords, verdict: 'unknown' }).kind).toBe('unknown');
  });
});

describe('sink: its lag tells', () => {
  const rows: readonly Row[] = [
    { what: 'reads records', signs: { recordsIn: steady(4), lag: steady(900) }, verdict: 'alive' },
    { what: 'nothing to read', signs: { recordsIn: steady(0), lag: steady(0) }, verdict: 'idle' },
    {
      what: 'lag grows and nothing is read',
      signs: { recordsIn: steady(0), lag: minutes([10, 20, 30, 40, 50, 60]) },
      verdict: 'dead',
    },
    {
      what: 'one record waits after a long lull: it may have been read between two looks, and not be committed yet',
      signs: { recordsIn: steady(0), lag: minutes([0, 0, 0, 0, 0, 0, 0, 1]) },
      verdict: 'unknown',
    },
    {
      what: 'lag grows after a long lull, for three minutes, and nothing is read',
      signs: { recordsIn: steady(0), lag: minutes([0, 0, 0, 0, 1, 2, 3, 4]) },
      verdict: 'dead',
    },
    {
      what: 'lag grew, was worked off, and grows again',
      signs: { recordsIn: steady(0), lag: minutes([5, 10, 15, 20, 0, 5, 10]) },
      verdict: 'unknown',
    },
    {
      what: 'lag stands still and nothing is read',
      signs: { recordsIn: steady(0), lag: steady(900) },
      verdict: 'unknown',
    },
    {
      what: 'lag shrinks (records expire) and nothing is read',
      signs: { recordsIn: steady(0), lag: minutes([60, 50, 40, 30, 20]) },
      verdict: 'unknown',
    },
    {
      what: 'lag grows for two minutes only',
      signs: { recordsIn: minutes([5, 5, 0, 0, 0], 0), lag: minutes([10, 10, 20]), log: log({ newestLineAgo: 5 }) },
      verdict: 'unknown',
    },
    {
      what: 'lag grows, but whether it reads is not known',
      signs: { lag: minutes([1, 2, 3, 4, 5]) },
      verdict: 'unknown',
    },
    {
      what: 'the lag that grew is ten minutes old',
      signs: { recordsIn: steady(0), lag: minutes([10, 20, 30, 40, 50], 600) },
      verdict: 'unknown',
    },
    {
      what: 'the zeros are ten minutes old, the lag is fresh and grows',
      signs: { recordsIn: minutes([0, 0, 0, 0], 600), lag: minutes([10, 20, 30, 40, 50, 60]) },
      verdict: 'unknown',
    },
    {
      what: 'a source’s kind of lag is no proof for it',
      kind: 'mysql',
      signs: { recordsIn: steady(0), lag: minutes([10, 20, 30, 40, 50, 60]) },
      verdict: 'unknown',
    },
  ];
  it.each(rows)('$what: $verdict', (row) => {
    expect(judge({ kind: 'sink', ...row }).kind).toBe(row.verdict);
  });
});

describe('elsewhere: the source is out of reach, which a restart does not cure', () => {
  const silent = { ...noRecords, msSinceLastEvent: clockOf(800) };
  const rows: readonly Row[] = [
    {
      what: 'Connected 0 and attempts to reconnect',
      signs: {
        ...silent,
        connected: minutes([1, 1, 0, 0, 0, 0, 0, 0, 0]),
        log: log({ newestLineAgo: 5, reconnectAgo: 80 }),
      },
      verdict: 'elsewhere',
    },
    {
      what: 'Connected 0 and no log to say whether anybody tries',
      signs: { ...silent, connected: steady(0) },
      verdict: 'elsewhere',
    },
    {
      what: 'Connected 0, no attempt in a log that was not read to its end',
      signs: { ...silent, connected: steady(0), log: log({ newestLineAgo: 5, complete: false }) },
      verdict: 'elsewhere',
    },
    {
      what: 'Connected 0, no attempt, and no line at all to witness that the log is delivered',
      signs: { ...silent, connected: steady(0), log: log() },
      verdict: 'elsewhere',
    },
    {
      what: 'Connected 0, and the witness fell silent soon after',
      signs: { ...silent, connected: minutes([1, 0, 0, 0, 0, 0, 0, 0, 0, 0]), log: log({ newestLineAgo: 500 }) },
      verdict: 'elsewhere',
    },
    {
      what: 'Connected 0 for 240 s, nobody has tried',
      signs: { ...silent, connected: minutes([1, 1, 0, 0, 0, 0]), log: log({ newestLineAgo: 5 }) },
      verdict: 'elsewhere',
    },
    {
      what: 'Connected 0 for 300 s, nobody has tried, and the log is witnessed',
      signs: { ...silent, connected: minutes([1, 1, 0, 0, 0, 0, 0]), log: log({ newestLineAgo: 5 }) },
      verdict: 'dead',
    },
    {
      what: 'Connected 0 for 800 s, the last attempt 500 s ago',
      signs: { ...silent, connected: steady(0), log: log({ newestLineAgo: 5, reconnectAgo: 500 }) },
      verdict: 'dead',
    },
    {
      what: 'half open, but attempts to reconnect are in the log',
      signs: { ...silent, connected: steady(1), log: log({ newestLineAgo: 5, reconnectAgo: 60 }) },
      verdict: 'elsewhere',
    },
    {
      what: 'attempts of four minutes ago, and the source is heard again',
      signs: { ...noRecords, msSinceLastEvent: clockOf(20), log: log({ newestLineAgo: 5, reconnectAgo: 240 }) },
      verdict: 'idle',
    },
    {
      what: 'every task in error, with refused connections in the log',
      signs: { erroredTasks: steady(1), runningTasks: steady(0), log: log({ newestLineAgo: 5, reconnectAgo: 30 }) },
      verdict: 'elsewhere',
    },
    {
      what: 'after a restart: the new task died of a refused connection ten minutes ago, and nobody has tried since',
      actedAt: ago(630),
      signs: { ...inError, log: log({ newestLineAgo: 5, reconnectAgo: 600, failureAgo: 600 }) },
      verdict: 'elsewhere',
    },
    {
      what: 'after a restart: connections were refused, and the new task died of something else later',
      actedAt: ago(630),
      signs: { ...inError, log: log({ newestLineAgo: 5, reconnectAgo: 600, failureAgo: 400 }) },
      verdict: 'dead',
    },
    {
      what: 'without an act of ours: a task that died of a refused connection ten minutes ago',
      signs: { ...inError, log: log({ newestLineAgo: 5, reconnectAgo: 600, failureAgo: 600 }) },
      verdict: 'elsewhere',
    },
    {
      what: 'without an act of ours: connections were refused, and the task died of something else later',
      signs: { ...inError, log: log({ newestLineAgo: 5, reconnectAgo: 600, failureAgo: 580 }) },
      verdict: 'dead',
    },
    {
      what: 'a task that died of a connection that was cut, which says nothing of the source',
      signs: { ...inError, log: log({ newestLineAgo: 5, failureAgo: 100 }) },
      verdict: 'dead',
    },
  ];
  it.each(rows)('$what: $verdict', (row) => {
    expect(judge(row).kind).toBe(row.verdict);
  });
});

describe('who died of a source out of reach tries no more, and the verdict says since when', () => {
  const died = { newestLineAgo: 5, reconnectAgo: 605, failureAgo: 600 };
  it.each([
    { what: 'its only task', signs: { ...inError, log: log(died) }, since: ago(600) },
    {
      what: 'one task, and others run: nobody’s to restart on a guess',
      signs: { erroredTasks: steady(1), runningTasks: steady(2), log: log(died) },
      since: undefined,
    },
    {
      what: 'attempts of a minute ago, and no task died at that time',
      signs: { ...inError, log: log({ newestLineAgo: 5, reconnectAgo: 60, failureAgo: 600 }) },
      since: undefined,
    },
    {
      what: 'it runs, and goes on trying',
      signs: { ...noRecords, connected: steady(0), log: log({ newestLineAgo: 5, reconnectAgo: 60 }) },
      since: undefined,
    },
  ])('$what', ({ signs: seen, since }) => {
    const found = judge({ what: '', signs: seen, verdict: 'elsewhere' });
    expect(found.kind).toBe('elsewhere');
    expect(found.diedUnconnectedAt).toBe(since);
  });

  it.each([
    {
      what: 'of a connection that its source had closed',
      lines: { closedAgo: 205, failureAgo: 200 },
      closedAt: ago(200),
    },
    { what: 'long after its source had closed one', lines: { closedAgo: 400, failureAgo: 200 }, closedAt: undefined },
    { what: 'of a reset', lines: { failureAgo: 200 }, closedAt: undefined },
  ])('who died $what is dead', ({ lines, closedAt }) => {
    const found = judge({ what: '', signs: { ...inError, log: log({ newestLineAgo: 5, ...lines }) }, verdict: 'dead' });
    expect(found.kind).toBe('dead');
    expect(found.closedBySourceAt).toBe(closedAt);
  });

  const invalid = 'InvalidInput.InvalidConnectorConfiguration: The connector configuration is invalid. Message: ';
  const opaque = 'UnknownError.Unknown: The last operation failed. Retry the operation.';
  it.each([
    [`${invalid}Unable to connect: Communications link failure`, undefined, 'elsewhere'],
    [
      `${invalid}Error while validating connector config: Connection to db:5432 refused. Check that the hostname and port are correct`,
      undefined,
      'elsewhere',
    ],
    [`${invalid}Error while validating connector config: The connection attempt failed.`, undefined, 'elsewhere'],
    [`${invalid}Unable to connect: Access denied for user 'cdc'@'10.0.0.1'`, undefined, 'dead'],
    [`${invalid}Unable to connect: Connection reset`, undefined, 'dead'],
    [opaque, undefined, 'dead'],
    [opaque, 700, 'elsewhere'],
    [undefined, 700, 'elsewhere'],
  ] as const)('FAILED, %s, last line of a refused connection %s s ago: %s', (stateReason, reconnectAgo, kind) => {
    const found = judge({
      what: '',
      connector: { state: 'FAILED', createdAt: ago(1500), ...(stateReason === undefined ? {} : { stateReason }) },
      signs: { log: log({ newestLineAgo: 5, ...(reconnectAgo === undefined ? {} : { reconnectAgo }) }) },
      verdict: kind,
    });
    expect(found.kind).toBe(kind);
    expect(found.diedUnconnectedAt).toBe(kind === 'dead' ? undefined : ago(reconnectAgo ?? 1500));
  });
});

describe('a source that no longer has the log from its position on', () => {
  const living = { ...noRecords, connected: steady(0), msSinceLastEvent: steady(0) };
  const says = (positionLostAgo: number, more: Parameters<typeof log>[0] = {}) =>
    log({ newestLineAgo: 5, positionLostAgo, ...more });
  const standing = { ...inError, log: says(205, { failureAgo: 200, reconnectAgo: 205 }) };
  it.each<Omit<Row, 'verdict'> & { verdict: Verdict['kind']; lostAt?: Instant }>([
    {
      what: 'its task goes on trying',
      signs: { ...living, log: says(15, { reconnectAgo: 14 }) },
      verdict: 'elsewhere',
      lostAt: ago(15),
    },
    {
      what: 'nothing but the log is seen',
      signs: { recordsIn: steady(0), log: says(15) },
      verdict: 'elsewhere',
      lostAt: ago(15),
    },
    {
      what: 'it took a snapshot by itself (when_needed): data flows',
      signs: { recordsIn: minutes([0, 0, 5]), log: says(100) },
      verdict: 'alive',
    },
    {
      what: 'it reads again, and is idle',
      signs: { ...noRecords, connected: steady(1), msSinceLastEvent: clockOf(20), log: says(100) },
      verdict: 'idle',
    },
    {
      what: 'it said so 271 s ago, and says nothing more',
      signs: { ...noRecords, log: says(271) },
      verdict: 'unknown',
    },
    { what: 'its task died of it', signs: standing, verdict: 'elsewhere', lostAt: ago(205) },
    {
      what: 'its task died of something else, minutes later',
      signs: { ...inError, log: says(400, { failureAgo: 300 }) },
      verdict: 'dead',
    },
    {
      what: 'its task died of it, and others run',
      signs: { ...standing, runningTasks: steady(1) },
      verdict: 'elsewhere',
      lostAt: ago(205),
    },
    {
      what: 'it is FAILED, and its log says so',
      connector: { state: 'FAILED', stateReason: 'UnknownError.Unknown: The last operation failed.' },
      signs: { log: says(600) },
      verdict: 'elsewhere',
      lostAt: ago(600),
    },
    {
      what: 'it is FAILED, and its reason says so',
      connector: {
        state: 'FAILED',
        createdAt: ago(700),
        stateReason:
          'The connector is trying to read binlog starting at SourceInfo [currentBinlogFilename=b.1], but this is no longer available on the server. Reconfigure the connector to use a snapshot when needed.',
      },
      signs: {},
      verdict: 'elsewhere',
      lostAt: ago(700),
    },
  ])('$what: $verdict', ({ lostAt, ...row }) => {
    const found = judge(row);
    expect(found.kind).toBe(row.verdict);
    expect(found.positionLostAt).toBe(lostAt);
    // Then nobody tries again by himself.
    expect(found.diedUnconnectedAt).toBeUndefined();
  });

  it('says what a person has to do', () => {
    const found = judge({ what: '', signs: standing, verdict: 'elsewhere' });
    expect(found.because).toBe(
      "The source no longer has the log from the connector's position on: it said so 3 min 25 s ago. Neither a restart nor a recreation with the kept offsets can bring that back.",
    );
    expect(found.wouldChange).toContain('A new snapshot');
  });
});

describe('a task that died of a source out of reach, where nobody can say whether others run', () => {
  const lines = log({ newestLineAgo: 5, reconnectAgo: 205, failureAgo: 200 });
  it.each([
    ['1', ago(200)],
    ['3', undefined],
  ] as const)('of %s: since %s nobody is known to try', (tasks, since) => {
    const found = judge({
      what: '',
      configuration: { 'tasks.max': tasks },
      signs: { erroredTasks: steady(1), log: lines },
      verdict: 'elsewhere',
    });
    expect(found.kind).toBe('elsewhere');
    expect(found.diedUnconnectedAt).toBe(since);
  });
});

describe('tasks', () => {
  const rows: readonly Row[] = [
    { what: 'all in error', signs: { erroredTasks: steady(1), runningTasks: steady(0) }, verdict: 'dead' },
    { what: 'some in error', signs: { erroredTasks: steady(1), runningTasks: steady(2) }, verdict: 'partial' },
    {
      what: 'some in error while records flow',
      signs: { erroredTasks: steady(1), runningTasks: steady(2), recordsIn: steady(5) },
      verdict: 'partial',
    },
    {
      what: 'one of three in error, and how many run is not known',
      configuration: { 'tasks.max': '3' },
      signs: { erroredTasks: steady(1) },
      verdict: 'unknown',
    },
    {
      what: 'one of three in error, and that none runs is ten minutes old',
      configuration: { 'tasks.max': '3' },
      signs: { erroredTasks: steady(1), runningTasks: minutes([0, 0], 600) },
      verdict: 'unknown',
    },
    {
      what: 'the only task in error, and how many run is not known',
      configuration: { 'tasks.max': '1' },
      signs: { erroredTasks: steady(1) },
      verdict: 'dead',
    },
    { what: 'errors of ten minutes ago', signs: { erroredTasks: minutes([1, 1], 600) }, verdict: 'unknown' },
    { what: 'errors that are over', signs: { erroredTasks: minutes([1, 1, 0]) }, verdict: 'unknown' },
    {
      what: 'no task has run for 5 min: a rebalance may take as long',
      signs: { ...noRecords, runningTasks: minutes([1, 0, 0, 0, 0, 0]) },
      verdict: 'unknown',
    },
    {
      what: 'no task has run for 6 min',
      signs: { ...noRecords, runningTasks: minutes([1, 0, 0, 0, 0, 0, 0]) },
      verdict: 'dead',
    },
    { what: 'FAILED', connector: { state: 'FAILED', stateReason: 'x' }, signs: {}, verdict: 'dead' },
  ];
  it.each(rows)('$what: $verdict', (row) => {
    expect(judge(row).kind).toBe(row.verdict);
  });
});

describe('missing data is never dead, and neither is stale data', () => {
  const rows: readonly Row[] = [
    { what: 'nothing is watched', signs: {}, verdict: 'unknown' },
    {
      what: 'nothing can be read',
      signs: { recordsIn: { kind: 'unreadable', reason: 'throttled' }, log: { kind: 'unreadable', reason: 'denied' } },
      verdict: 'unknown',
    },
    {
      what: 'all series are empty',
      configuration: heartbeats,
      signs: {
        recordsIn: minutes([]),
        runningTasks: minutes([]),
        connected: minutes([]),
        msSinceLastEvent: minutes([]),
      },
      verdict: 'unknown',
    },
    {
      what: 'an absence of commits without a witness',
      configuration: heartbeats,
      signs: { log: log() },
      verdict: 'unknown',
    },
    {
      what: 'an absence of commits in a log that was not read to its end',
      configuration: heartbeats,
      signs: { log: log({ newestLineAgo: 5, complete: false }) },
      verdict: 'unknown',
    },
    {
      what: 'this version writes no commit lines',
      configuration: heartbeats,
      signs: { log: log({ newestLineAgo: 5, commitsAreWritten: false }) },
      verdict: 'unknown',
    },
    {
      what: 'a dead event clock, and neither rate nor commits to say that no records flow',
      signs: { msSinceLastEvent: clockOf(800) },
      verdict: 'unknown',
    },
    {
      what: 'an event clock that was last published ten minutes ago',
      signs: { ...noRecords, msSinceLastEvent: minutes([700_000], 600) },
      verdict: 'unknown',
    },
    {
      what: 'a dead event clock beside a rate that was last published ten minutes ago',
      signs: { msSinceLastEvent: clockOf(800), recordsIn: minutes([0, 0, 0], 600) },
      verdict: 'unknown',
    },
    {
      what: 'a dead event clock beside a log that has not been delivered since the last commit',
      signs: { msSinceLastEvent: clockOf(800), log: log({ commitAgo: 700, newestLineAgo: 699 }) },
      verdict: 'unknown',
    },
    {
      what: 'heartbeats missing in zeros of ten minutes ago',
      configuration: heartbeats,
      signs: { recordsIn: minutes([0, 0, 0, 0, 0], 600) },
      verdict: 'unknown',
    },
    {
      what: 'two zeros with nothing published between them are not ten minutes of silence',
      configuration: heartbeats,
      signs: { recordsIn: { kind: 'read', samples: [sample(840, 0), sample(60, 0)] } },
      verdict: 'unknown',
    },
    {
      what: 'no task ran in two minutes that lie far apart',
      signs: { ...noRecords, runningTasks: { kind: 'read', samples: [sample(840, 0), sample(60, 0)] } },
      verdict: 'unknown',
    },
  ];
  it.each(rows)('$what: $verdict', (row) => {
    expect(judge(row).kind).toBe(row.verdict);
    expect(judge({ kind: 'postgresql', ...row }).kind).toBe(row.verdict);
  });

  it('a zero that was reported outranks a line that is missing: flowing again, whatever the log lacks', () => {
    const seen = { recordsIn: minutes([0, 0, 0.2, 0.2]), log: witnessedSilence };
    expect(judge({ what: '', kind: 'postgresql', configuration: heartbeats, signs: seen, verdict: 'alive' }).kind).toBe(
      'alive',
    );
  });

  it('a zero that was reported outranks a line that is missing: silence is counted from the zeros', () => {
    const seen = { recordsIn: minutes([0.2, 0, 0], 10), log: witnessedSilence };
    expect(
      judge({ what: '', kind: 'postgresql', configuration: heartbeats, signs: seen, verdict: 'unknown' }).kind,
    ).toBe('unknown');
  });
});

function sample(fromAgo: number, value: number) {
  return { from: ago(fromAgo), to: ago(fromAgo - 60), value };
}

describe('after an act, only the new task counts', () => {
  const actedAt = ago(600);
  const since = { ...noRecords, log: witnessedSilence };
  const rows: readonly Row[] = [
    {
      what: 'the event clock stands where the act found it: the predecessor’s',
      signs: { ...since, msSinceLastEvent: clockOf(800) },
      verdict: 'unknown',
    },
    {
      what: 'a living connector was restarted: its predecessor heard an event just before, and that minute’s smallest value must not pass for the new task’s',
      signs: { ...since, msSinceLastEvent: { kind: 'read', samples: [{ from: ago(60), to: ago(0), value: 550_000 }] } },
      verdict: 'unknown',
    },
    {
      what: 'the event clock has moved since the act, and stopped again',
      signs: { ...since, msSinceLastEvent: clockOf(400) },
      verdict: 'dead',
    },
    {
      what: 'the event clock has moved since, but the log says that the new task has no metrics of its own',
      signs: { ...noRecords, msSinceLastEvent: clockOf(400), log: log({ newestLineAgo: 5, orphaned: true }) },
      verdict: 'unknown',
    },
    {
      what: 'Connected 0 may be the predecessor’s: an idle connector that nobody has to reconnect',
      signs: { ...since, msSinceLastEvent: clockOf(800), connected: steady(0) },
      verdict: 'elsewhere',
    },
    {
      what: 'Connected 0 of a task whose event clock has moved since the act, and nobody tries',
      signs: { ...since, msSinceLastEvent: clockOf(400), connected: minutes([1, 0, 0, 0, 0, 0, 0]) },
      verdict: 'dead',
    },
    {
      what: 'records flow, whatever the predecessor’s values say',
      signs: { recordsIn: steady(3), msSinceLastEvent: clockOf(800), connected: steady(0) },
      verdict: 'alive',
    },
  ];
  it.each(rows)('$what: $verdict', (row) => {
    expect(judge({ ...row, actedAt }).kind).toBe(row.verdict);
  });
});

describe('what a verdict says', () => {
  it('names every proof, since when, and what would have changed it', () => {
    const seen = judge({
      what: '',
      signs: { ...noRecords, msSinceLastEvent: clockOf(473), connected: steady(1) },
      verdict: 'dead',
    });
    expect(seen.because).toContain('7 min 53 s since the last event of the source');
    // 473 s were read within the first 15 s of the newest minute, the exporter publishing every 15 s: at the latest then it fell silent.
    expect(seen.silentSince).toBe(ago(518));
    expect(seen.wouldChange).not.toBe('');
    expect(seen.evidence.map((line) => [line.source, line.says])).toEqual([
      ['records in', 'silent'],
      ['event clock', 'dead'],
      ['Connected', 'nothing'],
    ]);
  });

  it('counts the silence from the last record where no clock proves it', () => {
    const seen = judge({
      what: '',
      kind: 'postgresql',
      configuration: heartbeats,
      signs: { recordsIn: minutes([2, 0, 0, 0, 0]) },
      verdict: 'dead',
    });
    expect(seen.silentSince).toBe(at(-240));
  });
});
