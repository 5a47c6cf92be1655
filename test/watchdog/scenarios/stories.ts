import { mysqlSource, WatchdogWorld } from '../watchdogWorld.ts';

/** Configurations of the stories. */
export const mysql = mysqlSource;
/** A binlog client that never asks for a sign of life: what dies in silence stays dead. */
export const mysqlWithoutKeepAlive = { ...mysql, 'connect.keep.alive': 'false' } as const;
export const postgres = {
  'connector.class': 'io.debezium.connector.postgresql.PostgresConnector',
  'tasks.max': '1',
  'database.hostname': 'users-db',
  'topic.prefix': 'users',
  'heartbeat.interval.ms': '5000',
} as const;
/** Its heartbeat writes a row, so that committed offsets move on an idle database, too. */
export const postgresThatWrites = { ...postgres, 'heartbeat.action.query': 'UPDATE beat SET at = now()' } as const;
export const jdbc = {
  'connector.class': 'io.confluent.connect.jdbc.JdbcSourceConnector',
  'tasks.max': '1',
} as const;
export function sink(tasks: number): Readonly<Record<string, string>> {
  return { 'connector.class': 'io.confluent.connect.s3.S3SinkConnector', topics: 'orders', 'tasks.max': `${tasks}` };
}

/** Until everything is known to be well. */
export const settledSeconds = 300;

/** What was asked of Kafka Connect and what people were told, in seconds since something happened. */
export interface Course {
  readonly asked: readonly { readonly at: number; readonly what: string; readonly status: number | undefined }[];
  readonly told: readonly { readonly at: number; readonly subject: string; readonly text: string }[];
}

/** Lets a watchdog look until all is well, lets something happen, and gives what came of it. */
export async function course(world: WatchdogWorld, happens: () => unknown, seconds: number): Promise<Course> {
  world.start();
  await world.pass(settledSeconds);
  const [startMs, asked, told] = [world.clock.now(), world.connect.asked.length, world.told.length];
  await happens();
  await world.pass(seconds);
  const since = (ms: number) => Math.round((ms - startMs) / 1000);
  return {
    asked: world.connect.asked
      .slice(asked)
      .map(({ atMs, method, path, status }) => ({ at: since(atMs), what: `${method} ${path}`, status })),
    told: world.told.slice(told).map(({ at, subject, text }) => ({
      at: since(Date.parse(at)),
      subject: subject.replace('[connector-recovery] ', ''),
      text,
    })),
  };
}

export const whatOf = (found: Course): readonly string[] => found.asked.map(({ what }) => what);
export const subjectsOf = (found: Course): readonly string[] => found.told.map(({ subject }) => subject);
