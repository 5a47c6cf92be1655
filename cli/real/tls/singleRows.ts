import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import type { MariaDb } from '../../../local/real/mariadb.ts';

/** Writes rows of one transaction each: every one of them is several records of TLS on the way to a worker. */
export interface SingleRows {
  /** Rows 1 to this one are committed. */
  readonly written: number;
  /** As fast as the database takes them. */
  write(count: number, signal: AbortSignal): Promise<void>;
  /** From now on, in the background. */
  goOn(rowsPerSecond: number): void;
  close(): Promise<void>;
}

const note = 'x'.repeat(100);
const tickMs = 100;

/** Into the empty table `shop.orders`, past every proxy and without TLS. */
export async function openSingleRows({ port, password }: Pick<MariaDb, 'port' | 'password'>): Promise<SingleRows> {
  const connection = await createConnection({ host: '127.0.0.1', port, user: 'cdc', password, database: 'shop' });
  const over = new AbortController();
  let written = 0;
  let background: Promise<void> = Promise.resolve();
  const write = async (count: number, signal: AbortSignal) => {
    for (let left = count; left > 0; left -= 1) {
      signal.throwIfAborted();
      await connection.query('INSERT INTO orders (id, note, at) VALUES (?, ?, NOW(3))', [written + 1, note]);
      written += 1;
    }
  };
  const goOn = async (rowsPerSecond: number) => {
    for (let dueAtMs = Date.now(); !over.signal.aborted; dueAtMs += tickMs) {
      await sleep(Math.max(0, dueAtMs - Date.now()), undefined, { signal: over.signal });
      await write((rowsPerSecond * tickMs) / 1000, over.signal);
    }
  };
  return {
    get written() {
      return written;
    },
    write,
    goOn(rowsPerSecond) {
      background = goOn(rowsPerSecond);
      background.catch(() => undefined);
    },
    async close() {
      over.abort();
      await background.catch(() => undefined);
      connection.destroy();
    },
  };
}
