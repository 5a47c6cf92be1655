import { setTimeout as sleep } from 'node:timers/promises';
import { mariadbTable } from './mariadbTable.ts';
import { postgresTable } from './postgresTable.ts';
import { RowsAreThere, type RowTable } from './rowTable.ts';

/** Writes rows with the ids 1, 2, 3 ... at a rate, and goes on where it was when the database was away. */
export interface RowWriter {
  /** Rows 1 to this one are committed for sure. Some more may be, of which the database has not told yet. */
  readonly written: number;
  /** When the last of them was known to be committed, in milliseconds of this machine's clock. */
  readonly lastWrittenAtMs: number | undefined;
  /** By id, for the rows of this writer: when it was known to be committed. */
  readonly writtenAtMs: ReadonlyMap<number, number>;
  /** Why the last attempt failed; `undefined` while rows are written. */
  readonly trouble: string | undefined;
  readonly rowsPerSecond: number;
  /** From now on; 0 pauses. Rows that could not be written while the database was away are not made up for. */
  setRate(rowsPerSecond: number): void;
  /** Resolves when no row is under way; with the rate at 0, none will be. Never, while the database is away with a row in doubt. */
  settled(): Promise<void>;
  /** From the next statement on, on this port; rows in doubt are tried again there. */
  retarget(port: number): void;
  close(): Promise<void>;
}

export interface WrittenDatabase {
  readonly kind: 'mariadb' | 'postgres';
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly port: number;
  /** Default `cdc`. */
  readonly user?: string;
  readonly password: string;
}

/** Goes on after the highest id that the table has. */
export function startRowWriter(database: WrittenDatabase, options: { readonly rowsPerSecond: number }): RowWriter {
  return startWriting((port) => {
    const { kind, host = '127.0.0.1', user = 'cdc', password } = database;
    const login = { host, user, password, port: port ?? database.port };
    return kind === 'mariadb' ? mariadbTable(login) : postgresTable(login);
  }, options);
}

/** The same for any table. @param connect to the port of the last `retarget`, if any */
export function startWriting(
  connect: (port: number | undefined) => Promise<RowTable>,
  options: { readonly rowsPerSecond: number },
): RowWriter {
  const writer = new Writer(connect, options.rowsPerSecond);
  void writer.run();
  return writer;
}

const RETRY_MS = 250;
const CLOSE_WITHIN_MS = 1000;
/** More than these are not inserted together: at such a rate the database sets the pace. */
const MOST_AT_ONCE = 500;
const MINUTE_MS = 60_000;

class Writer implements RowWriter {
  readonly #connect: (port: number | undefined) => Promise<RowTable>;
  readonly #ended = Promise.withResolvers<void>();
  readonly #writtenAtMs = new Map<number, number>();
  #rowsPerSecond: number;
  #port: number | undefined;
  #table: RowTable | undefined;
  #written = 0;
  #lastWrittenAtMs: number | undefined;
  #trouble: string | undefined;
  /** Rows from `written` + 1 to this one were tried, and are tried again as they are until it is known that they are in. */
  #inDoubtTo = 0;
  #dueAtMs = Date.now();
  #wake = new AbortController();
  #portChanged = false;
  #stopped = false;
  #settled: (() => void)[] = [];

  constructor(connect: (port: number | undefined) => Promise<RowTable>, rowsPerSecond: number) {
    this.#connect = connect;
    this.#rowsPerSecond = rowsPerSecond;
  }

  get written(): number {
    return this.#written;
  }

  get lastWrittenAtMs(): number | undefined {
    return this.#lastWrittenAtMs;
  }

  get writtenAtMs(): ReadonlyMap<number, number> {
    return this.#writtenAtMs;
  }

  get rowsPerSecond(): number {
    return this.#rowsPerSecond;
  }

  get trouble(): string | undefined {
    return this.#trouble;
  }

  setRate(rowsPerSecond: number): void {
    this.#rowsPerSecond = rowsPerSecond;
    this.#dueAtMs = Date.now();
    this.#wake.abort();
  }

  settled(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#inDoubtTo <= this.#written) resolve();
      else this.#settled.push(resolve);
    });
  }

  retarget(port: number): void {
    this.#port = port;
    this.#portChanged = true;
  }

  async close(): Promise<void> {
    this.#stopped = true;
    this.#wake.abort();
    // A database that hangs is not waited for.
    await Promise.race([this.#ended.promise, sleep(CLOSE_WITHIN_MS, undefined, { ref: false })]);
    this.#disconnect();
    for (const each of this.#settled.splice(0)) each();
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#writeDueRows();
        this.#trouble = undefined;
      } catch (error) {
        this.#trouble = error instanceof Error ? error.message : String(error);
        this.#disconnect();
        if (!this.#stopped) await sleep(RETRY_MS);
      }
    }
    this.#disconnect();
    this.#ended.resolve();
  }

  #disconnect(): void {
    this.#table?.cut();
    this.#table = undefined;
  }

  async #writeDueRows(): Promise<void> {
    const table = await this.#connected();
    if (this.#inDoubtTo <= this.#written) {
      const waitMs = this.#rowsPerSecond > 0 ? this.#dueAtMs - Date.now() : MINUTE_MS;
      if (waitMs > 0) {
        this.#wake = new AbortController();
        await sleep(waitMs, undefined, { signal: this.#wake.signal }).catch(() => undefined);
        return;
      }
      this.#inDoubtTo = this.#written + this.#takeRowsDue();
    }
    try {
      await table.insert(this.#written + 1, this.#inDoubtTo);
    } catch (error) {
      // Only an attempt of our own can have put them there: nobody else writes, and the answer to it was lost.
      if (!(error instanceof RowsAreThere)) throw error;
    }
    this.#lastWrittenAtMs = Date.now();
    for (let id = this.#written + 1; id <= this.#inDoubtTo; id += 1) this.#writtenAtMs.set(id, this.#lastWrittenAtMs);
    this.#written = this.#inDoubtTo;
    for (const each of this.#settled.splice(0)) each();
  }

  async #connected(): Promise<RowTable> {
    if (this.#portChanged) this.#disconnect();
    this.#portChanged = false;
    if (this.#table !== undefined) return this.#table;
    const table = await this.#connect(this.#port);
    this.#table = table;
    if (this.#inDoubtTo === 0) {
      this.#written = await table.highestId();
      this.#inDoubtTo = this.#written;
    }
    return table;
  }

  #takeRowsDue(): number {
    const gapMs = 1000 / this.#rowsPerSecond;
    const now = Date.now();
    // What became due in an absence of more than a second is not made up for.
    if (now - this.#dueAtMs > Math.max(1000, gapMs)) this.#dueAtMs = now;
    const due = Math.min(MOST_AT_ONCE, 1 + Math.floor((now - this.#dueAtMs) / gapMs));
    this.#dueAtMs += due * gapMs;
    return due;
  }
}
