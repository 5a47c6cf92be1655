import type { ConnectorState } from './connector.ts';
import type { Policy, Remedy } from './policy.ts';

/** What a place where connectors run can do with them. */
export interface Platform {
  readonly name: string;
  /** In these states a connector is nobody's but ours to judge and to restart; in any other somebody, or the platform, is at work on it. */
  readonly judged: readonly ConnectorState[];
  /** In these it can be restarted. */
  readonly restartable: readonly ConnectorState[];
  /** Whether a restart of ours begins new tasks. */
  readonly restartReachesTasks: (connectVersion: string) => boolean;
  /** Whether single tasks can be restarted, and the others go on. */
  readonly restartsSingleTasks: (connectVersion: string) => boolean;
  /** Whether this remedy exists there. */
  readonly can: (remedy: Remedy, connectVersion: string) => boolean;
  /** The type of the operation that a restart becomes. */
  readonly restartOperation: string;
  /** It keeps a list of operations itself; else an operation that is not shown may have been forgotten with the process that made it up. */
  readonly listsOperations: boolean;
  /** Whether its connectors are deleted and created again, which takes a saved config, backups and a sweep. */
  readonly recreates: boolean;
  /** Who looks at connectors there, for people. */
  readonly looker: string;
}

/**
 * MSK Connect: a restart needs RUNNING, and on Connect 2.7.1 it leaves the tasks as they are.
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/mkc-restart-connector.html
 */
const mskConnect: Platform = {
  name: 'MSK Connect',
  judged: ['RUNNING', 'FAILED'],
  restartable: ['RUNNING'],
  restartReachesTasks: (version) => !version.startsWith('2.'),
  restartsSingleTasks: (version) => !version.startsWith('2.'),
  can: (remedy) => remedy === 'restart' || remedy === 'recreate',
  restartOperation: 'RESTART_CONNECTOR',
  listsOperations: true,
  recreates: true,
  looker: 'the sweep',
};

/**
 * A self-managed Kafka Connect. `POST /connectors/{name}/restart` restarts the connector's own instance, with `includeTasks` its tasks too, from
 * 3.0 on (KIP-745); before that each task is restarted by a call of its own, which every version knows. A stop, which ends the tasks and gives up
 * what they hold, exists from 3.5 on (KIP-875).
 * @see https://cwiki.apache.org/confluence/display/KAFKA/KIP-745%3A+Connect+API+to+restart+connector+and+tasks
 * @see https://cwiki.apache.org/confluence/display/KAFKA/KIP-875%3A+First-class+offsets+support+in+Kafka+Connect
 */
const selfManaged: Platform = {
  name: 'Kafka Connect',
  judged: ['RUNNING', 'FAILED', 'UNASSIGNED'],
  restartable: ['RUNNING', 'FAILED'],
  restartReachesTasks: () => true,
  restartsSingleTasks: () => true,
  can: (remedy, version) => {
    if (remedy === 'recreate') return false;
    return remedy !== 'stop-and-resume' || isAtLeast(version, 3, 5);
  },
  restartOperation: 'RESTART',
  listsOperations: false,
  recreates: false,
  looker: 'the watchdog',
};

/** Where this policy's connector runs. */
export function platformOf({ platform }: Pick<Policy, 'platform'>): Platform {
  return platform === 'self-managed' ? selfManaged : mskConnect;
}

/** Whether a restart of connector and tasks, and of what is FAILED alone, is one call (KIP-745). */
export function restartsInOneCall(connectVersion: string): boolean {
  return isAtLeast(connectVersion, 3, 0);
}

/** Whether a version of Kafka Connect, as `GET /` says it, is that of Apache Kafka or a later one; one that cannot be read is none. */
function isAtLeast(version: string, major: number, minor: number): boolean {
  const found = /^(\d+)\.(\d+)/.exec(version);
  if (found === null) return false;
  const [ours, itsMinor] = apacheVersion(Number(found[1]), Number(found[2]), /-(?:ccs|ce)\b/.test(version));
  return ours > major || (ours === major && itsMinor >= minor);
}

/**
 * Confluent's builds say their own version (`7.5.0-ccs`): 5.x and 6.x are some Apache Kafka 2.x, 7.x is 3.x, 8.x is 4.x.
 * @see https://docs.confluent.io/platform/current/installation/versions-interoperability.html
 */
function apacheVersion(major: number, minor: number, isConfluent: boolean): readonly [number, number] {
  if (!isConfluent || major < 5) return [major, minor];
  return [Math.max(2, major - 4), minor];
}
