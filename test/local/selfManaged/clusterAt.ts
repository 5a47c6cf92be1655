import { SimulatedConnectCluster } from '../../../local/selfManaged/simulatedConnectCluster.ts';
import type { ConnectClusterOptions } from '../../../local/selfManaged/clusterOptions.ts';
import type { HttpResponse } from '../../../local/selfManaged/http.ts';
import { seededRandom } from '../../../local/seededRandom.ts';
import { VirtualClock } from '../../../local/virtualClock.ts';

export const mysql = {
  'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
  'database.hostname': 'orders-db',
  'topic.prefix': 'orders',
} as const;

export const postgres = {
  'connector.class': 'io.debezium.connector.postgresql.PostgresConnector',
  'database.hostname': 'users-db',
  'topic.prefix': 'users',
} as const;

export const sink = {
  'connector.class': 'io.confluent.connect.s3.S3SinkConnector',
  topics: 'orders',
  'tasks.max': '10',
} as const;

/** An answer with its body read. */
export interface Read extends HttpResponse {
  readonly json: unknown;
}

/** A cluster in virtual time, and the ways to ask it. */
export function clusterAt(options: Partial<ConnectClusterOptions> = {}) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 5, 8));
  const cluster = new SimulatedConnectCluster({ clock, random: seededRandom(7), name: 'shop', ...options });
  const send = cluster.transport();

  /** Asks, and lets so much time pass that an answer comes. */
  async function ask(method: string, path: string, more: { worker?: number; body?: unknown; timeoutMs?: number } = {}) {
    const { worker = 0, body, timeoutMs = 120_000 } = more;
    const waiting = { over: false };
    const asking = send({
      method,
      url: `${cluster.urls[worker]}${path}`,
      timeoutMs,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).finally(() => {
      waiting.over = true;
    });
    asking.catch(() => undefined);
    // oxlint-disable-next-line no-await-in-loop -- time passes in small steps, so that little more of it passes than the answer took
    while (!waiting.over) await clock.advanceBy(5);
    const response = await asking;
    return { ...response, json: response.body === '' ? undefined : JSON.parse(response.body) } as Read;
  }

  /** Connector and tasks in one line, such as `RUNNING: RUNNING FAILED`. */
  async function states(name: string): Promise<string> {
    const { json } = await ask('GET', `/connectors/${name}/status`);
    const { connector, tasks } = json as { connector: { state: string }; tasks: { state: string }[] };
    return `${connector.state}: ${tasks.map(({ state }) => state).join(' ')}`.trim();
  }

  return { clock, cluster, send, ask, states };
}
