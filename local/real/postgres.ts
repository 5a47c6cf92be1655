import { randomBytes } from 'node:crypto';
import { chown, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from './freePort.ts';
import type { OwnedProcess, OwnedProcesses, ProcessSpec } from './ownedProcesses.ts';
import { descendants, processTable } from './processTable.ts';
import type { Software } from './software.ts';
import { runToEnd, startServer } from './startedServer.ts';

/** A PostgreSQL 15 server for logical replication: user `cdc`, database `shop`, table `public.orders`. */
export interface PostgresDb {
  readonly port: number;
  /** Of the user cdc, as it was at the start; random for each run. */
  readonly password: string;
  /** The present one: another after `startAgain`. SIGSTOP, SIGCONT and SIGKILL reach the processes of its connections too. */
  readonly process: OwnedProcess;
  readonly folder: string;
  /** As the superuser in database shop, past every network and proxy. Gives the rows of a query, none for another statement. */
  sql(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** A fast shutdown, and SIGKILL after 30 s. */
  stop(): Promise<void>;
  /** On the same data and port, after `stop` or whatever ended it; resolves when it answers. */
  startAgain(): Promise<void>;
  close(): Promise<void>;
}

export interface PostgresOptions {
  /** @default a free one */
  readonly port?: number;
  /** @default 127.0.0.1 */
  readonly listenOn?: string;
  /** Further options of the server (`-c name=value`); they outrank those given here. */
  readonly args?: readonly string[];
}

/** `nobody` everywhere that has one; PostgreSQL refuses root, but not a user without a name. */
const NOBODY = 65_534;

/** @throws with the server's last lines when it ends before it answers; when the software was provided without PostgreSQL */
export async function startPostgres(
  processes: OwnedProcesses,
  software: Software,
  options: PostgresOptions = {},
): Promise<PostgresDb> {
  if (software.postgres === undefined) throw new Error('PostgreSQL was not asked for when the software was provided.');
  const port = options.port ?? (await freePort());
  const password = randomBytes(16).toString('hex');
  const superPassword = randomBytes(16).toString('hex');
  const folder = await mkdtemp(join(processes.folder, 'p'));
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'superuser');
  await writeFile(passwordFile, superPassword, { mode: 0o600 });
  const asRoot = process.getuid?.() === 0;
  if (asRoot) {
    await chown(folder, NOBODY, NOBODY);
    await chown(passwordFile, NOBODY, NOBODY);
  }
  const programs = asRoot ? await copyForOthers(processes, software.postgres) : software.postgres;
  const uid = asRoot ? { uid: NOBODY } : {};
  await runToEnd(processes, {
    name: "PostgreSQL's installation",
    command: join(programs, 'bin', 'initdb'),
    args: [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
    ],
    cwd: folder,
    ...uid,
  });
  await rm(passwordFile);
  const settings = {
    listen_addresses: options.listenOn ?? '127.0.0.1',
    unix_socket_directories: folder,
    wal_level: 'logical',
    shared_buffers: '32MB',
    timezone: 'UTC',
    // A killed server keeps what the kernel has; only a dead machine would not.
    fsync: 'off',
  };
  const spec: ProcessSpec = {
    name: 'PostgreSQL',
    command: join(programs, 'bin', 'postgres'),
    args: [
      '-D',
      data,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
      ...(options.args ?? []),
    ],
    cwd: folder,
    ...uid,
  };
  const ask = async (database: string, statement: string) => {
    const client = new Client({ host: folder, port, user: 'postgres', password: superPassword, database });
    // A server that ends takes the connection with it, which is its right.
    client.on('error', () => undefined);
    await client.connect();
    try {
      // Several statements in one text give several results.
      const results = [await client.query<Record<string, unknown>>(statement)].flat();
      return results.at(-1)?.rows ?? [];
    } finally {
      await client.end();
    }
  };
  const answers = () => ask('postgres', 'SELECT 1');
  let server = withBackends(await startServer(processes, spec, answers));
  await ask('postgres', 'CREATE DATABASE shop');
  await ask('shop', initialSql(password));
  return {
    port,
    password,
    folder,
    get process() {
      return server;
    },
    sql: (statement) => ask('shop', statement),
    async stop() {
      // PostgreSQL's SIGTERM waits for every client to go; its SIGINT does not.
      server.signal('SIGINT');
      await server.end(30_000);
    },
    async startAgain() {
      if (server.running) throw new Error('PostgreSQL is running.');
      server = withBackends(await startServer(processes, spec, answers));
    },
    close: () => server.end(0),
  };
}

/** A process for each connection goes on by itself where only their parent is stopped, and on its data where only that is killed. */
function withBackends(server: OwnedProcess): OwnedProcess {
  const signal = (name: NodeJS.Signals) => {
    const backends = server.running ? descendants(processTable(), [server.pid]) : [];
    server.signal(name);
    if (name !== 'SIGSTOP' && name !== 'SIGCONT' && name !== 'SIGKILL') return;
    for (const pid of backends) {
      try {
        process.kill(pid, name);
      } catch {
        // It has ended.
      }
    }
  };
  return {
    name: server.name,
    pid: server.pid,
    ended: server.ended,
    get running() {
      return server.running;
    },
    signal,
    async end(graceMs = 5000) {
      signal(graceMs > 0 ? 'SIGCONT' : 'SIGKILL');
      await server.end(graceMs);
    },
  };
}

function initialSql(password: string): string {
  return `
    CREATE TABLE public.orders (id BIGINT PRIMARY KEY, note VARCHAR(255), at TIMESTAMP(3));
    CREATE USER cdc WITH REPLICATION PASSWORD '${password}';
    GRANT ALL ON DATABASE shop TO cdc;
    GRANT ALL ON SCHEMA public TO cdc;
    ALTER TABLE public.orders OWNER TO cdc;`;
}

/** The cache may lie in root's home, which nobody else enters. */
async function copyForOthers(processes: OwnedProcesses, programs: string): Promise<string> {
  const copy = join(processes.folder, 'postgres');
  await cp(programs, copy, { recursive: true, verbatimSymlinks: true, force: false });
  return copy;
}
