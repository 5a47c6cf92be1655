import { setTimeout as sleep } from 'node:timers/promises';
import type { RowCount } from '../../../local/connect/rowCount.ts';
import type { PostgresDb } from '../../../local/real/postgres.ts';

/** The rows that a sink wrote into PostgreSQL, by key. A row that came twice cannot be told there: a sink that upserts writes it over itself. */
export interface SinkRows {
  /** When each row was written by the sink, by id, in milliseconds of the database's clock, which is this machine's. */
  readonly arrivals: ReadonlyMap<number, number>;
  count(written: number): RowCount;
  close(): void;
}

const lookEveryMs = 1000;
/** Rows come in their order, but for what is written again. */
const overlap = 1000;

/** The table that the sink writes, made beforehand so that it can say when a row was written. */
export const sinkTable = 'orders_copy';

export async function makeSinkTable(postgres: PostgresDb): Promise<void> {
  await postgres.sql(
    `CREATE TABLE public.${sinkTable} (id BIGINT PRIMARY KEY, note VARCHAR(255), at TIMESTAMPTZ, arrived_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp())`,
  );
  await postgres.sql(`GRANT ALL ON public.${sinkTable} TO cdc`);
}

/** Follows that table; waits while the database is away. */
export function followSink(postgres: PostgresDb): SinkRows {
  const arrivals = new Map<number, number>();
  const stop = new AbortController();
  const follow = async () => {
    while (!stop.signal.aborted) {
      const from = Math.max(0, ...arrivals.keys()) - overlap;
      const rows = await postgres
        .sql(
          `SELECT id::float8 AS id, (extract(epoch FROM arrived_at) * 1000)::float8 AS at FROM public.${sinkTable} WHERE id > ${from}`,
        )
        .catch(() => []);
      for (const { id, at } of rows) if (!arrivals.has(Number(id))) arrivals.set(Number(id), Number(at));
      await sleep(lookEveryMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  void follow();
  return {
    arrivals,
    count(written) {
      const last = Math.max(0, ...arrivals.keys());
      return {
        written,
        arrived: arrivals.size,
        duplicated: 0,
        lost: last - arrivals.size,
        waiting: Math.max(0, written - last),
      };
    },
    close: () => stop.abort(),
  };
}
