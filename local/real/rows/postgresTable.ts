import { Socket } from 'node:net';
import { Client } from 'pg';
import { ANSWER_WITHIN_MS, RowsAreThere, type RowTable } from './rowTable.ts';

/** https://www.postgresql.org/docs/15/errcodes-appendix.html */
const UNIQUE_VIOLATION = '23505';

/** `public.orders` of the database `shop` of a PostgreSQL on this machine. */
export async function postgresTable(database: {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}): Promise<RowTable> {
  // The client's own end says goodbye and waits for the server's.
  const socket = new Socket();
  const client = new Client({
    ...database,
    stream: () => socket,
    database: 'shop',
    connectionTimeoutMillis: ANSWER_WITHIN_MS,
    query_timeout: ANSWER_WITHIN_MS,
  });
  // Whoever waits for an answer is told; an end in between shows with the next statement.
  client.on('error', () => undefined);
  await client.connect();
  return {
    highestId: async () => {
      const { rows } = await client.query<{ id: string }>('SELECT COALESCE(MAX(id), 0)::text AS id FROM orders');
      return Number(rows[0]?.id);
    },
    insert: async (from, to) => {
      try {
        await client.query(
          "INSERT INTO orders (id, note, at) SELECT n, 'order ' || n, now() FROM generate_series($1::bigint, $2::bigint) AS n",
          [from, to],
        );
      } catch (error) {
        if ((error as { readonly code?: string }).code === UNIQUE_VIOLATION) throw new RowsAreThere();
        throw error;
      }
    },
    cut: () => void socket.destroy(),
  };
}
