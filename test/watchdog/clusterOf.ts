import { seededRandom } from '../../local/seededRandom.ts';
import type { ConnectClusterOptions } from '../../local/selfManaged/clusterOptions.ts';
import { SimulatedConnectCluster } from '../../local/selfManaged/simulatedConnectCluster.ts';
import { VirtualClock } from '../../local/virtualClock.ts';
import type { LiveConnector } from '../../recovery/connector.ts';
import type { Clock } from '../../recovery/ports.ts';
import type { Signs } from '../../recovery/signs.ts';
import type { Instant } from '../../recovery/time.ts';
import type { ClusterSettings } from '../../settings/watchdogSettings.ts';
import { openCluster } from '../../watchdog/cluster.ts';
import type { ClusterWorld } from '../../watchdog/cluster.ts';
import type { ClusterSeen } from '../../watchdog/round/seen.ts';
import type { HttpRequest, HttpResponse } from '../../watchdog/rest/transport.ts';

export const mysql = {
  'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
  'database.hostname': 'orders-db',
  'database.password': 'hunter2',
  'topic.prefix': 'shop',
} as const;

export const postgres = {
  'connector.class': 'io.debezium.connector.postgresql.PostgresConnector',
  'database.hostname': 'users-db',
  'topic.prefix': 'users',
} as const;

export const sink = {
  'connector.class': 'io.confluent.connect.s3.S3SinkConnector',
  topics: 'orders',
  'tasks.max': '2',
} as const;

/** What the settings reader makes of a cluster of which only the addresses are given. */
export const settingsOf = (urls: readonly string[]): ClusterSettings => ({
  name: 'shop',
  urls,
  connectors: ['*'],
  except: [],
  advertised: {},
  timeoutSeconds: 5,
  offsetFlushSeconds: 60,
});

export function clockOf(virtual: VirtualClock): Clock {
  return {
    now: () => new Date(virtual.now()).toISOString(),
    sleep: (seconds) => virtual.sleep(1000 * seconds),
  };
}

interface Options extends Partial<ConnectClusterOptions> {
  readonly settings?: Partial<ClusterSettings>;
  readonly world?: Partial<ClusterWorld>;
  /** Hears every question, and may answer it in the cluster's place. */
  readonly wire?: (request: HttpRequest) => HttpResponse | undefined;
  /** No Kafka cluster is named. */
  readonly withoutKafka?: true;
}

/** A simulated Kafka Connect in virtual time, and the watch over it. */
export function clusterOf({ settings = {}, world = {}, wire, withoutKafka, ...options }: Options = {}) {
  const virtual = new VirtualClock(Date.UTC(2026, 0, 5, 8));
  const connect = new SimulatedConnectCluster({ clock: virtual, random: seededRandom(7), name: 'shop', ...options });
  const clock = clockOf(virtual);
  const send = connect.transport();
  let ids = 0;
  const watched = openCluster(
    {
      ...settingsOf(connect.urls),
      prometheus: { urls: connect.prometheusUrls },
      ...settings,
    },
    {
      clock,
      newId: () => `id-${(ids += 1)}`,
      env: {},
      transport: async (request) => wire?.(request) ?? send(request),
      ...(withoutKafka ? {} : { groups: connect.consumerGroups() }),
      ...world,
    },
  );

  /** Lets virtual time pass until it is answered. */
  async function waitFor<T>(asking: Promise<T>): Promise<T> {
    const waiting = { over: false };
    void asking
      .catch(() => undefined)
      .finally(() => {
        waiting.over = true;
      });
    while (!waiting.over) await virtual.advanceBy(5);
    return asking;
  }

  /** One round every ten seconds, for so long; gives the last. */
  async function rounds(seconds = 10): Promise<ClusterSeen> {
    const end = virtual.now() + 1000 * seconds;
    let seen = await waitFor(watched.round());
    for (let next = virtual.now() + 10_000; next < end; next += 10_000) {
      await virtual.advanceTo(next);
      seen = await waitFor(watched.round());
    }
    await virtual.advanceTo(end);
    return seen;
  }

  /** What is remembered of a connector that is there. */
  function live(name: string): LiveConnector {
    const sighting = watched.sighting(`shop/${name}`);
    if (sighting.kind === 'absent') throw new Error(`${name} is not there`);
    return sighting.connector;
  }

  /** Its signs of the last fifteen minutes. */
  function signs(name: string): Signs {
    const to = virtual.now();
    return watched.signs(`shop/${name}`, new Date(to - 900_000).toISOString(), new Date(to).toISOString());
  }

  const now = (): Instant => clock.now();
  return { virtual, connect, watched, waitFor, rounds, live, signs, now };
}
