import { randomBytes } from 'node:crypto';
import { chown, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { freePort } from './freePort.ts';
import type { OwnedProcess, OwnedProcesses, ProcessSpec } from './ownedProcesses.ts';
import type { Software } from './software.ts';
import { runToEnd, startServer } from './startedServer.ts';
import type { TlsMaterial } from './tls.ts';

/** A MariaDB server with a binlog by rows: user `cdc`, database `shop`, table `shop.orders`. */
export interface MariaDb {
  readonly port: number;
  /** Of the user cdc, as it was at the start; random for each run. */
  readonly password: string;
  /** The present one: another after `startAgain`. */
  readonly process: OwnedProcess;
  readonly folder: string;
  /** As root, past every network and proxy. Gives the rows of a query, none for another statement. */
  sql(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** SIGTERM, and SIGKILL after 30 s. */
  stop(): Promise<void>;
  /** On the same data and port, after `stop` or whatever ended it; resolves when it answers. */
  startAgain(): Promise<void>;
  close(): Promise<void>;
}

export interface MariaDbOptions {
  /** @default 1 */
  readonly serverId?: number;
  readonly tls?: TlsMaterial;
  /** @default a free one */
  readonly port?: number;
  /** @default 127.0.0.1 */
  readonly listenOn?: string;
  /** Becomes its replica: the same rows and GTIDs, other binlog files and positions. Resolves when it has caught up; `STOP SLAVE` parts them. */
  readonly copyOf?: MariaDb;
  /** Further options of the server; they outrank those given here. */
  readonly args?: readonly string[];
}

/** @throws with the server's last lines when it ends before it answers */
export async function startMariadb(
  processes: OwnedProcesses,
  software: Software,
  options: MariaDbOptions = {},
): Promise<MariaDb> {
  const { serverId = 1, listenOn = '127.0.0.1', copyOf } = options;
  const port = options.port ?? (await freePort());
  const password = copyOf?.password ?? secret();
  const rootPassword = secret();
  // Short, for the path of a socket must stay below 104 bytes.
  const folder = await mkdtemp(join(processes.folder, 'm'));
  const data = join(folder, 'data');
  const socket = join(folder, 's');
  await mkdir(data);
  const user = await giveToServersUser(folder);
  // The caller's own may be closed to the server's user.
  const ownTemporaryFolder = { TMPDIR: folder };
  const asUser = user === undefined ? [] : [`--user=${user.name}`];
  const name = copyOf === undefined ? 'MariaDB' : 'the second MariaDB';
  await runToEnd(processes, {
    name: `${name}'s installation`,
    command: software.mariadb.install,
    args: [
      '--no-defaults',
      ...asUser,
      `--datadir=${data}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      '--skip-name-resolve',
    ],
    cwd: folder,
    env: ownTemporaryFolder,
  });
  const init = join(folder, 'init.sql');
  await writeFile(init, initialSql({ password, rootPassword }), { mode: 0o600 });
  if (user !== undefined) await chown(init, user.uid, user.gid);
  const spec: ProcessSpec = {
    name,
    command: software.mariadb.server,
    args: [
      '--no-defaults',
      ...asUser,
      `--datadir=${data}`,
      `--socket=${socket}`,
      `--pid-file=${join(folder, 'pid')}`,
      `--port=${port}`,
      `--bind-address=${listenOn}`,
      `--server-id=${serverId}`,
      '--log-bin=binlog',
      '--log-slave-updates=ON',
      '--binlog-format=ROW',
      '--binlog-row-image=FULL',
      '--skip-name-resolve',
      '--default-time-zone=+00:00',
      '--character-set-server=utf8mb4',
      '--innodb-buffer-pool-size=64M',
      // A killed server keeps what the kernel has; only a dead machine would not.
      '--innodb-flush-log-at-trx-commit=2',
      '--sync-binlog=0',
      ...(await tlsOptions(folder, options.tls, user)),
      ...(options.args ?? []),
    ],
    cwd: folder,
    env: ownTemporaryFolder,
  };
  const sql = async (statement: string) => {
    const connection = await createConnection({
      socketPath: socket,
      user: 'root',
      password: rootPassword,
      timezone: 'Z',
      supportBigNumbers: true,
    });
    try {
      const [answer] = await connection.query(statement);
      return Array.isArray(answer) ? (answer as Record<string, unknown>[]) : [];
    } finally {
      connection.destroy();
    }
  };
  const answers = () => sql('SELECT 1');
  let process = await startServer(processes, { ...spec, args: [...spec.args, `--init-file=${init}`] }, answers);
  await rm(init);
  const database: MariaDb = {
    port,
    password,
    folder,
    get process() {
      return process;
    },
    sql,
    stop: () => process.end(30_000),
    async startAgain() {
      if (process.running) throw new Error(`${name} is running.`);
      process = await startServer(processes, spec, answers);
    },
    close: () => process.end(),
  };
  if (copyOf !== undefined) await replicate(copyOf, database);
  return database;
}

/** One statement a line, as an init file wants them; not in the binlog, so that a replica has the same rows and no more. */
function initialSql({ password, rootPassword }: { readonly password: string; readonly rootPassword: string }): string {
  return [
    'SET SESSION sql_log_bin = 0;',
    // They would shadow cdc@% for connections from this machine.
    "DELETE FROM mysql.global_priv WHERE User = '' OR (User = 'root' AND Host <> 'localhost');",
    'FLUSH PRIVILEGES;',
    `ALTER USER 'root'@'localhost' IDENTIFIED BY '${rootPassword}';`,
    'CREATE DATABASE shop;',
    'CREATE TABLE shop.orders (id BIGINT PRIMARY KEY, note VARCHAR(255), at TIMESTAMP(3));',
    `CREATE USER 'cdc'@'%' IDENTIFIED BY '${password}';`,
    "GRANT SELECT, RELOAD, SHOW DATABASES, REPLICATION SLAVE, BINLOG MONITOR ON *.* TO 'cdc'@'%';",
    "GRANT ALL ON shop.* TO 'cdc'@'%';",
    '',
  ].join('\n');
}

async function replicate(source: MariaDb, replica: MariaDb): Promise<void> {
  // Its binlogs are numbered otherwise than those of the source.
  for (let files = 0; files < 5; files += 1) await replica.sql('FLUSH BINARY LOGS');
  await replica.sql(
    `CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${source.port}, MASTER_USER = 'cdc', MASTER_PASSWORD = '${source.password}', MASTER_USE_GTID = slave_pos`,
  );
  await replica.sql('START SLAVE');
  const [position] = await source.sql('SELECT @@gtid_binlog_pos AS gtid');
  const [caughtUp] = await replica.sql(`SELECT MASTER_GTID_WAIT('${String(position?.['gtid'])}', 30) AS late`);
  if (Number(caughtUp?.['late']) !== 0) {
    const [state] = await replica.sql('SHOW SLAVE STATUS');
    throw new Error(
      `The second MariaDB has not caught up within 30 s: ${String(state?.['Last_IO_Error'])} ${String(state?.['Last_SQL_Error'])}`,
    );
  }
}

async function tlsOptions(
  folder: string,
  tls: TlsMaterial | undefined,
  user: ServersUser | undefined,
): Promise<readonly string[]> {
  if (tls === undefined) return [];
  const own = async (file: string) => {
    const copy = join(folder, basename(file));
    await copyFile(file, copy);
    if (user !== undefined) await chown(copy, user.uid, user.gid);
    return copy;
  };
  return [
    `--ssl-ca=${await own(tls.caFile)}`,
    `--ssl-cert=${await own(tls.certFile)}`,
    `--ssl-key=${await own(tls.keyFile)}`,
    '--tls-version=TLSv1.2,TLSv1.3',
  ];
}

interface ServersUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** MariaDB refuses root unless told who to be: the user of its package, or root itself where there is none, or in a namespace that knows nobody else. */
async function giveToServersUser(folder: string): Promise<ServersUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const root = { name: 'root', uid: 0, gid: 0 };
  const [, uid, gid] = /^mysql:[^:]*:(\d+):(\d+):/m.exec(await readFile('/etc/passwd', 'utf8')) ?? [];
  if (uid === undefined || gid === undefined) return root;
  const mysql = { name: 'mysql', uid: Number(uid), gid: Number(gid) };
  try {
    await chown(folder, mysql.uid, mysql.gid);
    await chown(join(folder, 'data'), mysql.uid, mysql.gid);
    return mysql;
  } catch {
    return root;
  }
}

/** Letters and digits, so that it needs no quoting anywhere. */
function secret(): string {
  return randomBytes(16).toString('hex');
}
