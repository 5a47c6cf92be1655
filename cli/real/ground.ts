import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startBroker, type Broker } from '../../local/real/broker.ts';
import { startMariadb, type MariaDb } from '../../local/real/mariadb.ts';
import type { OwnedProcesses } from '../../local/real/ownedProcesses.ts';
import { startPostgres, type PostgresDb } from '../../local/real/postgres.ts';
import { startProxy, type Proxy } from '../../local/real/proxy.ts';
import { startRowWriter, type RowWriter } from '../../local/real/rows/rowWriter.ts';
import { followTopic, type TopicRows } from '../../local/real/rows/topicRows.ts';
import type { Software } from '../../local/real/software.ts';
import { makeTlsMaterial, type TlsMaterial } from '../../local/real/tls.ts';
import type { DatabaseKind, Endpoints, Grounded } from './realConnector.ts';

/** What real connectors stand on: for breaking it and for counting rows. Nothing of the product can reach it. */
export interface Ground {
  readonly processes: OwnedProcesses;
  readonly software: Software;
  readonly broker: Broker;
  /** Between workers and broker. */
  readonly brokerProxy?: Proxy;
  readonly mariadb?: MariaDb;
  readonly postgres?: PostgresDb;
  /** When MariaDB speaks TLS. */
  readonly tls?: TlsMaterial;
  /** Between each connector, by its name, and its database. */
  readonly proxies: ReadonlyMap<string, Proxy>;
  /** Write the rows of each database, past the proxies, from now on. */
  readonly writers: { readonly mariadb?: RowWriter; readonly postgres?: RowWriter };
  /** The rows that arrived, by the connector's name. */
  readonly topics: ReadonlyMap<string, TopicRows>;
  /** Java properties with the databases' passwords, for Kafka Connect's FileConfigProvider. */
  readonly secretsFile: string;
  /** What a connector's configuration needs to know of it. */
  endpoints(connector: Grounded): Endpoints;
  /** Ends connections and timers of this process; the processes are their owner's to end. */
  close(): Promise<void>;
}

export interface GroundOptions {
  readonly connectors: readonly Grounded[];
  readonly rowsPerSecond: number;
  readonly brokerProxy: boolean;
  readonly tls: boolean;
  readonly mariadbArgs: readonly string[];
  readonly say: (text: string) => void;
}

/** Starts broker, databases, a proxy before each connector's database, writers, and followers of the topics. */
export async function openGround(
  processes: OwnedProcesses,
  software: Software,
  options: GroundOptions,
): Promise<Ground> {
  const { connectors, rowsPerSecond, say } = options;
  const needs = (kind: DatabaseKind) => connectors.some(({ database }) => database === kind);
  const beganAtMs = performance.now();
  const seconds = () => `${((performance.now() - beganAtMs) / 1000).toFixed(0)} s`;
  const opened: { close(): Promise<void> }[] = [];
  const close = async () => {
    await Promise.all(opened.splice(0).map((each) => each.close()));
  };
  const keep = <Closable extends { close(): Promise<void> }>(closable: Closable): Closable => {
    opened.push(closable);
    return closable;
  };

  try {
    const tls = options.tls ? await makeTlsMaterial(processes.folder) : undefined;
    let brokerProxy: Proxy | undefined;
    const advertise = async (port: number) => {
      brokerProxy = keep(await startProxy({ port }));
      return brokerProxy.port;
    };
    const [broker, mariadb, postgres] = await Promise.all([
      startBroker(processes, software, options.brokerProxy ? { advertise } : {}),
      needs('mariadb')
        ? startMariadb(processes, software, { args: options.mariadbArgs, ...(tls === undefined ? {} : { tls }) })
        : undefined,
      needs('postgres') ? startPostgres(processes, software) : undefined,
    ]);
    const databases = { ...(mariadb && { mariadb }), ...(postgres && { postgres }) };
    const words = [mariadb && 'MariaDB', postgres && 'PostgreSQL', 'a Kafka broker'].filter(Boolean).join(' and ');
    say(`started ${words} on data folders of their own (${seconds()})`);

    const proxies = new Map<string, Proxy>();
    const topics = new Map<string, TopicRows>();
    for (const { name, database, topic } of connectors) {
      const port = databases[database]?.port;
      if (port === undefined) throw new Error(`${name} has no database.`);
      proxies.set(name, keep(await startProxy({ port })));
      if (topic !== undefined) topics.set(name, keep(await followTopic(broker.bootstrapServers, topic)));
    }
    const writerOf = (kind: DatabaseKind) => {
      const database = databases[kind];
      if (database === undefined) return {};
      const { port, password } = database;
      return { [kind]: keep(startRowWriter({ kind, port, password }, { rowsPerSecond })) };
    };
    const writers: Ground['writers'] = { ...writerOf('mariadb'), ...writerOf('postgres') };
    const secretsFile = join(processes.folder, 'secrets.properties');
    const secrets = Object.entries(databases).map(([kind, { password }]) => `${kind}=${password}\n`);
    await writeFile(secretsFile, secrets.join(''), { mode: 0o600 });

    return {
      processes,
      software,
      broker,
      ...databases,
      ...(brokerProxy === undefined ? {} : { brokerProxy }),
      ...(tls === undefined ? {} : { tls }),
      proxies,
      writers,
      topics,
      secretsFile,
      endpoints: ({ name, database }) => ({
        databasePort: proxies.get(name)?.port ?? 0,
        bootstrapServers: broker.workerBootstrapServers,
        password: `\${file:${secretsFile}:${database}}`,
        ...(tls === undefined ? {} : { tls }),
      }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
