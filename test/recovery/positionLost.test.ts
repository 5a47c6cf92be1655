import { describe, expect, it } from 'vitest';
import { decide } from '../../recovery/decide.ts';
import { diagnose } from '../../recovery/diagnose.ts';
import { saysPositionLost } from '../../recovery/positionLost.ts';
import { remembered } from '../../recovery/remembered.ts';
import { recover } from '../../recovery/recover.ts';
import type { Signs } from '../../recovery/signs.ts';
import {
  ago,
  alarm,
  arn,
  journal,
  live,
  log,
  observation,
  person,
  policy,
  recovery,
  schedule,
  signs,
  steady,
  sweep,
  verdict,
} from './examples.ts';
import { World } from './world.ts';

describe('who says that the log from its position on is gone', () => {
  it.each([
    [
      'Debezium 1.9 at its start',
      'org.apache.kafka.connect.errors.ConnectException: The connector is trying to read binlog starting at SourceInfo [currentGtid=null, currentBinlogFilename=binlog.000001, currentBinlogPosition=43333], but this is no longer available on the server. Reconfigure the connector to use a snapshot when needed.',
      true,
    ],
    [
      'Debezium that is allowed to take a snapshot then',
      "The connector is trying to read binlog starting at 'SourceInfo [currentGtid=null]', but this is no longer available on the server. Forcing the snapshot execution as it is allowed by the configuration.",
      false,
    ],
    [
      'Debezium 3, which goes on from the oldest log that there is',
      'The connector is trying to read change stream starting at X, but this is no longer available on the server. Reconfigure the connector to use a snapshot when needed if you want to recover. If not the connector will streaming from the last available position in the log',
      false,
    ],
    [
      'MariaDB',
      'io.debezium.DebeziumException: Could not find GTID state requested by slave in any binlog files. Probably the slave state is too old and required binlog files have been purged. Error code: 1236; SQLSTATE: HY000.',
      true,
    ],
    [
      'MySQL, by file',
      'io.debezium.DebeziumException: Could not find first log file name in binary log index file Error code: 1236; SQLSTATE: HY000.',
      true,
    ],
    [
      'MySQL 8, by GTID',
      "Cannot replicate because the source purged required binary logs. Replicate the missing transactions from elsewhere, or provision a new replica from backup. The GTID set sent by the replica is '' Error code: 1236; SQLSTATE: HY000.",
      true,
    ],
    [
      'MySQL 5.7, by GTID',
      'The slave is connecting using CHANGE MASTER TO MASTER_AUTO_POSITION = 1, but the master has purged binary logs containing GTIDs that the slave requires. Error code: 1236; SQLSTATE: HY000.',
      true,
    ],
    [
      'MySQL after a crash that cut its log',
      "Client requested master to start replication from impossible position; the first event 'binlog.024078' at 1247892405 Error code: 1236; SQLSTATE: HY000.",
      true,
    ],
    [
      'MySQL of an event that is too large',
      'log event entry exceeded max_allowed_packet; Increase max_allowed_packet on source Error code: 1236; SQLSTATE: HY000.',
      false,
    ],
    [
      'MySQL of a server id that is taken',
      'A slave with the same server_uuid/server_id as this slave has connected to the master; Error code: 1236; SQLSTATE: HY000.',
      false,
    ],
    [
      'PostgreSQL without a slot that holds its WAL',
      'org.postgresql.util.PSQLException: ERROR: requested WAL segment 0000000400002B4400000023 has already been removed',
      true,
    ],
    [
      'PostgreSQL of a slot that held too much',
      'org.postgresql.util.PSQLException: ERROR: can no longer get changes from replication slot "shop"',
      true,
    ],
    ['PostgreSQL of a slot that Debezium makes anew', 'ERROR: replication slot "shop" does not exist', false],
    ['a source that is away', 'java.net.ConnectException: Connection refused', false],
  ])('%s', (_, line, says) => {
    expect(saysPositionLost(line)).toBe(says);
  });
});

const lost = verdict('elsewhere', { positionLostAt: ago(15) });
const here = { sighting: { kind: 'present', connector: live() } } as const;

describe('what is done then', () => {
  it.each([
    ['an alarm', alarm, { kind: 'finish', outcome: { kind: 'left-alone' } }],
    ['the sweep', sweep, { kind: 'finish', outcome: { kind: 'left-alone' } }],
    ['the schedule', schedule, { kind: 'finish', outcome: { kind: 'left-alone' } }],
    ['a person who asks for nothing', person(), { kind: 'finish', outcome: { kind: 'left-alone' } }],
    ['a person who asks for a restart', person('restart'), { kind: 'restart' }],
    ['a person who has changed the saved config, and asks for a recreation', person('recreate'), { kind: 'delete' }],
  ])('%s: %#', (_, trigger, decided) => {
    expect(decide(observation({ ...here, verdict: lost }), journal(), policy(), trigger)).toMatchObject(decided);
  });

  const restart = (endedAgo: number) => ({
    kind: 'restart' as const,
    intendedAt: ago(endedAgo + 60),
    arn,
    onlyFailedTasks: false,
    endedAt: ago(endedAgo),
    result: 'complete' as const,
  });
  it.each([
    ['said since the restart: no harsher remedy follows', 60, 15, 'gave-up'],
    ['said before it: its new task may do better', 60, 61, undefined],
    ['said before it, and nothing came in five minutes', 300, 400, 'gave-up'],
  ])('%s', (_, endedAgo, lostAgo, outcome) => {
    const seen = observation({ ...here, verdict: verdict('elsewhere', { positionLostAt: ago(lostAgo) }) });
    const decided = decide(seen, journal({ recovery: recovery([restart(endedAgo)]) }), policy(), alarm);
    expect(decided.kind === 'finish' ? decided.outcome.kind : undefined).toBe(outcome);
  });
});

describe('a task that died of it, and whose last words lie further back than is looked', () => {
  const inError = (failureAgo?: number) =>
    signs({
      erroredTasks: steady(1),
      runningTasks: steady(0),
      log: log({ newestLineAgo: 5, ...(failureAgo === undefined ? {} : { failureAgo }) }),
    });
  const told = journal({ standing: { key: 'position-lost/told', since: ago(3600) } });
  const restarted = { arn: `${arn}/op/1`, type: 'RESTART_CONNECTOR', startedAt: ago(1900), state: 'complete' } as const;
  it.each([
    ['people were told of it an hour ago', told, live(), inError(), 'elsewhere'],
    ['nobody was told of it', journal(), live(), inError(), 'dead'],
    [
      'people were told of something else',
      journal({ standing: { key: 'dead/refused', since: ago(3600) } }),
      live(),
      inError(),
      'dead',
    ],
    [
      'somebody restarted it since',
      told,
      live({ operations: [{ ...restarted, endedAt: ago(1800) }] }),
      inError(),
      'dead',
    ],
    [
      'somebody restarted it before',
      told,
      live({ operations: [{ ...restarted, endedAt: ago(3700) }] }),
      inError(),
      'elsewhere',
    ],
    ['somebody created it anew since', told, live({ createdAt: ago(1800) }), inError(), 'dead'],
    ['it died again since, of something else', told, live(), inError(200), 'dead'],
    ['it is FAILED', told, live({ state: 'FAILED' }), signs(), 'elsewhere'],
  ] as const)('%s', (_, written, connector, seen, kind) => {
    const judged = diagnose(connector, seen, policy(), undefined);
    expect(judged.kind).toBe('dead');
    expect(remembered(judged, written, connector, seen).kind).toBe(kind);
  });

  it('is not remembered of one that runs', () => {
    const seen = signs({ recordsIn: steady(0), msSinceLastEvent: steady(900_000) });
    const judged = diagnose(live(), seen, policy(), undefined);
    expect(remembered(judged, told, live(), seen).kind).toBe('dead');
  });
});

describe('a database whose binlog was purged while it was away', () => {
  const gone = 'its position is gone from the source: a new snapshot is needed';
  const news = (world: World) => world.subjects();
  /** The connector's task says at each try, or with its last words, that its position is lost; what a person does about it ends it. */
  function story(dies: boolean, connectVersion: '2.7.1' | '3.7.x') {
    const world = new World('dead');
    world.cure = 'nothing';
    let mended = false;
    const brokenAt = world.nowMs;
    const look = (_connector: unknown, from: string, to: string): Promise<Signs> => {
      const nowMs = Date.parse(to);
      const minutes = (value: number) => {
        const samples = [];
        for (let end = Math.floor(nowMs / 60_000) * 60_000; end - 60_000 >= Date.parse(from); end -= 60_000)
          samples.unshift({ from: new Date(end - 60_000).toISOString(), to: new Date(end).toISOString(), value });
        return { kind: 'read' as const, samples };
      };
      const saidAt = new Date(dies ? brokenAt : nowMs - 10_000).toISOString();
      const seen = saidAt >= from && !mended ? { count: 1, lastAt: saidAt } : { count: 0 };
      return Promise.resolve({
        ...signs({}),
        from,
        to,
        recordsIn: minutes(mended ? 5 : 0),
        recordsOut: minutes(mended ? 5 : 0),
        erroredTasks: minutes(dies && !mended ? 1 : 0),
        runningTasks: minutes(dies && !mended ? 0 : 1),
        connected: minutes(mended ? 1 : 0),
        msSinceLastEvent: minutes(0),
        log: {
          kind: 'read',
          complete: true,
          newestLineAt: to,
          commits: { count: 0 },
          reconnects: seen,
          closed: { count: 0 },
          positionLost: seen,
          taskFailures: dies ? seen : { count: 0 },
          startingUp: { count: 0 },
          metricsOrphaned: { count: 0 },
        },
      });
    };
    const ports = { ...world.ports, signsOfLife: { look } };
    const owner = policy({
      connectVersion,
      remedies: connectVersion === '2.7.1' ? ['recreate'] : ['restart', 'recreate'],
    });
    const forMinutes = async (count: number) => {
      for (let minute = 0; minute < count; minute += 1) {
        world.pass(60);
        // oxlint-disable-next-line no-await-in-loop -- one minute after the other is the point
        await recover(minute === 0 ? alarm : sweep, owner, ports, {
          until: new Date(world.nowMs + 50_000).toISOString(),
          holder: `look-${world.elapsed}`,
        });
      }
    };
    return { world, forMinutes, mend: () => (mended = true) };
  }

  it.each([
    ['its task tries on, on 3.7', false, '3.7.x'],
    ['its task died of it, on 3.7', true, '3.7.x'],
    ['its task died of it, on 2.7.1', true, '2.7.1'],
  ] as const)('%s: told once, not touched for an hour, and told when it is back', async (_, dies, version) => {
    const { world, forMinutes, mend } = story(dies, version);
    await forMinutes(60);
    expect(news(world)).toEqual([gone]);
    mend();
    await forMinutes(5);
    expect(news(world)).toEqual([gone, 'alive again without our doing']);
    expect(world.accepted).toEqual([]);
    expect(world.told[0]?.message.text).toContain('A new snapshot, which only a person can order');
  });
});
