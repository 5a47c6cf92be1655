import type { CreateRequest, LiveConnector } from '../../recovery/connector.ts';
import type { Journal, Recovery } from '../../recovery/journal.ts';
import type { Observation } from '../../recovery/observation.ts';
import type { ConnectorKind, Policy } from '../../recovery/policy.ts';
import type { LogSigns, Series, Signs } from '../../recovery/signs.ts';
import type { Instant } from '../../recovery/time.ts';
import type { Trigger } from '../../recovery/trigger.ts';
import type { Verdict } from '../../recovery/verdict.ts';

/** Examples to vary in the tests of the engine. The present is noon of 5 January 2026 unless a test says otherwise. */
const noonMs = Date.UTC(2026, 0, 5, 12);

/** The moment that many seconds after noon. */
export function at(seconds: number): Instant {
  return new Date(noonMs + seconds * 1000).toISOString();
}

/** The moment that many seconds before noon. */
export function ago(seconds: number): Instant {
  return at(-seconds);
}

export const name = 'orders-cdc';
export const arn =
  'arn:aws:kafkaconnect:eu-west-1:111122223333:connector/orders-cdc/11111111-aaaa-4bbb-8ccc-000000000001-2';

export function request(configuration: Record<string, string> = {}): CreateRequest {
  return {
    connectorName: name,
    kafkaConnectVersion: '3.7.x',
    connectorConfiguration: { 'connector.class': 'io.debezium.connector.mysql.MySqlConnector', ...configuration },
    capacity: { provisionedCapacity: { mcuCount: 1, workerCount: 1 } },
    kafkaCluster: {
      apacheKafkaCluster: {
        bootstrapServers: 'b-1.example.com:9098,b-2.example.com:9098',
        vpc: { subnets: ['subnet-1', 'subnet-2'], securityGroups: ['sg-1'] },
      },
    },
    kafkaClusterClientAuthentication: { authenticationType: 'IAM' },
    kafkaClusterEncryptionInTransit: { encryptionType: 'TLS' },
    plugins: [
      {
        customPlugin: { customPluginArn: 'arn:aws:kafkaconnect:eu-west-1:111122223333:custom-plugin/p/1', revision: 1 },
      },
    ],
    serviceExecutionRoleArn: 'arn:aws:iam::111122223333:role/connect-execution',
  };
}

/** A connector that has been running for a month. */
export function live(changes: Partial<LiveConnector> = {}): LiveConnector {
  return {
    name,
    arn,
    version: 'V1',
    state: 'RUNNING',
    createdAt: ago(30 * 86_400),
    request: request(),
    operations: [],
    ...changes,
  };
}

export function policy(changes: Partial<Policy> = {}, kind: ConnectorKind = 'mysql'): Policy {
  return {
    connector: name,
    kind,
    connectVersion: '3.7.x',
    remedies: ['restart', 'recreate'],
    evidence: { livelySeconds: 120, missedBeats: 3, learnQuiet: true },
    waits: {
      pollSeconds: 15,
      restartSeconds: 600,
      deleteSeconds: 1200,
      createSeconds: 2700,
      verifySeconds: 300,
      healSeconds: 110,
      outOfReachSeconds: 900,
    },
    limits: { restartsPerRecovery: 1, recreationsPerRecovery: 1, recoveriesPerDay: 3, cooldownSeconds: 1800 },
    offsets: 'must-survive',
    drift: 'refuse',
    deletions: 'by-itself',
    sweepSeenWithinSeconds: 300,
    ...changes,
  };
}

const notWatched = { kind: 'not-watched', cure: 'publish it' } as const;

/** One sample a minute, oldest first; the last ends `endsAgo` seconds before noon. */
export function minutes(values: readonly number[], endsAgo = 0): Series {
  const samples = values.map((value, index) => {
    const to = -endsAgo - (values.length - 1 - index) * 60;
    return { from: at(to - 60), to: at(to), value };
  });
  return { kind: 'read', samples };
}

/** The same value for that many minutes, until now. */
export function steady(value: number, count = 15): Series {
  return minutes(Array.from({ length: count }, () => value));
}

const noLines = { count: 0 };

/** What a log that was read to its end shows; times are seconds ago, absent ones are lines that were not seen. */
export function log(
  seen: {
    commitAgo?: number;
    newestLineAgo?: number;
    reconnectAgo?: number;
    reconnects?: number;
    failureAgo?: number;
    closedAgo?: number;
    positionLostAgo?: number;
    orphaned?: boolean;
    startingUpAgo?: number;
    complete?: boolean;
    wholeSinceAgo?: number;
    commitsAreWritten?: boolean;
  } = {},
): LogSigns {
  const { commitAgo, newestLineAgo, reconnectAgo, failureAgo } = seen;
  return {
    kind: 'read',
    complete: seen.complete ?? true,
    ...(seen.wholeSinceAgo === undefined ? {} : { wholeSince: ago(seen.wholeSinceAgo) }),
    ...(newestLineAgo === undefined ? {} : { newestLineAt: ago(newestLineAgo) }),
    ...(seen.commitsAreWritten === false
      ? {}
      : { commits: commitAgo === undefined ? noLines : { count: 1, lastAt: ago(commitAgo) } }),
    reconnects: reconnectAgo === undefined ? noLines : { count: seen.reconnects ?? 1, lastAt: ago(reconnectAgo) },
    closed: seen.closedAgo === undefined ? noLines : { count: 1, lastAt: ago(seen.closedAgo) },
    positionLost: seen.positionLostAgo === undefined ? noLines : { count: 2, lastAt: ago(seen.positionLostAgo) },
    taskFailures: failureAgo === undefined ? noLines : { count: 1, lastAt: ago(failureAgo) },
    startingUp: seen.startingUpAgo === undefined ? noLines : { count: 3, lastAt: ago(seen.startingUpAgo) },
    metricsOrphaned: seen.orphaned === true ? { count: 1, lastAt: ago(60) } : noLines,
  };
}

/** The last fifteen minutes of a connector of which nothing can be seen, but for what the test names. */
export function signs(changes: Partial<Signs> = {}): Signs {
  return {
    from: ago(900),
    to: at(0),
    recordsIn: notWatched,
    recordsOut: notWatched,
    runningTasks: notWatched,
    erroredTasks: notWatched,
    connected: notWatched,
    msSinceLastEvent: notWatched,
    lag: notWatched,
    log: { kind: 'not-watched', cure: 'name its log group' },
    ...changes,
  };
}

export function verdict(kind: Verdict['kind'], changes: Partial<Verdict> = {}): Verdict {
  return { kind, because: `It is ${kind}.`, wouldChange: 'Something else.', evidence: [], ...changes };
}

export const alarm: Trigger = {
  kind: 'alarm',
  connector: name,
  signal: 'event-clock',
  alarm: 'orders-cdc-event-clock',
  since: ago(60),
  reason: 'Threshold crossed',
};
export const sweep: Trigger = { kind: 'sweep', connector: name, why: 'its recovery is not finished' };
export const schedule: Trigger = { kind: 'schedule', connector: name, remedy: 'restart' };

export function person(remedy?: 'restart' | 'recreate', dryRun = false): Trigger {
  return { kind: 'person', connector: name, who: 'anna', dryRun, ...(remedy === undefined ? {} : { remedy }) };
}

export function journal(changes: Partial<Journal> = {}): Journal {
  return { schema: 1, connector: name, history: [], ...changes };
}

export function recovery(acts: Recovery['acts'], changes: Partial<Recovery> = {}): Recovery {
  return { id: 'r-1', openedAt: ago(1000), trigger: alarm, verdict: verdict('dead'), acts, ...changes };
}

/** A connector that runs, is saved, keeps its offsets, and is watched over by a sweep. */
export function observation(changes: Partial<Observation> = {}): Observation {
  return {
    at: at(0),
    sighting: { kind: 'present', connector: live() },
    saved: { kind: 'valid', request: request(), place: 's3://bucket/connectors/orders-cdc.json' },
    offsets: { kind: 'kept', reason: 'pinned' },
    sweepSeenAt: ago(30),
    ...changes,
  };
}
