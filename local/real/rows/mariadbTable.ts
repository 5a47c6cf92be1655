import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { ANSWER_WITHIN_MS, RowsAreThere, type RowTable } from './rowTable.ts';

/** `shop.orders` of a MariaDB on this machine. */
export async function mariadbTable(database: {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}): Promise<RowTable> {
  const connection = await createConnection({
    ...database,
    database: 'shop',
    connectTimeout: ANSWER_WITHIN_MS,
    supportBigNumbers: true,
  });
  // Whoever waits for an answer is told; an end in between shows with the next statement.
  connection.on('error', () => undefined);
  return {
    highestId: async () => {
      const rows = await ask(connection, 'SELECT COALESCE(MAX(id), 0) AS id FROM orders', []);
      return Number(rows[0]?.['id']);
    },
    insert: async (from, to) => {
      const ids = Array.from({ length: to - from + 1 }, (_, n) => from + n);
      const values = ids.map(() => '(?, ?, NOW(3))').join(', ');
      try {
        await ask(
          connection,
          `INSERT INTO orders (id, note, at) VALUES ${values}`,
          ids.flatMap((id) => [id, `order ${id}`]),
        );
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ER_DUP_ENTRY') throw new RowsAreThere();
        throw error;
      }
    },
    cut: () => connection.destroy(),
  };
}

async function ask(connection: Connection, sql: string, values: readonly unknown[]): Promise<RowDataPacket[]> {
  const [rows] = await connection.query<RowDataPacket[]>({ sql, values: [...values], timeout: ANSWER_WITHIN_MS });
  return rows;
}
