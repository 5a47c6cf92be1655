import { join } from 'node:path';
import { cached, cacheFolder, fetchEntry, type Wanted } from './mavenCache.ts';
import { findJava, findProgram, MissingSoftware, type Missing } from './missingSoftware.ts';

export type ConnectVersion = '2.7.1' | '3.7.1';

/** The JDBC sink of 2.7.4 is not in Maven's central repository; 2.7.0 is the one of 2.7 to be had. */
export type PluginName =
  | 'debezium-mysql-1.9.7'
  | 'debezium-mysql-2.6.2'
  | 'debezium-mysql-2.7.4'
  | 'debezium-postgres-2.7.4'
  | 'debezium-jdbc-2.7.0';

/** What a real run stands on: paths on this machine. */
export interface Software {
  readonly java: string;
  /** Class paths with Connect; that of 3.7.1 holds the broker as well. */
  readonly classPath: Readonly<Record<ConnectVersion, string>>;
  /** Folders to name in plugin.path, each with that plugin alone. */
  readonly plugins: Readonly<Record<PluginName, string>>;
  readonly jmxAgent: string;
  readonly mariadb: { readonly server: string; readonly install: string };
  /** The folder with PostgreSQL's `bin`; absent unless asked for. */
  readonly postgres?: string;
}

export interface ProvideOptions {
  /** Hears a line per step. */
  readonly say: (text: string) => void;
  readonly signal?: AbortSignal;
  /** @default false */
  readonly postgres?: boolean;
}

interface Part extends Wanted {
  readonly label: string;
  /** As fetched on 64-bit Linux. */
  readonly megabytes: number;
}

const PLUGINS: Readonly<Record<PluginName, Part>> = {
  'debezium-mysql-1.9.7': plugin('debezium-mysql-1.9.7', 'Debezium MySQL 1.9.7', 16),
  'debezium-mysql-2.6.2': plugin('debezium-mysql-2.6.2', 'Debezium MySQL 2.6.2', 18),
  'debezium-mysql-2.7.4': plugin('debezium-mysql-2.7.4', 'Debezium MySQL 2.7.4', 15),
  'debezium-postgres-2.7.4': plugin('debezium-postgres-2.7.4', 'Debezium PostgreSQL 2.7.4', 4),
  'debezium-jdbc-2.7.0': plugin('debezium-jdbc-2.7.0', 'Debezium JDBC 2.7.0', 33),
};
const CONNECT: Readonly<Record<ConnectVersion, Part>> = {
  '2.7.1': { pom: 'connect-2.7.1', label: 'Kafka Connect 2.7.1', megabytes: 24 },
  '3.7.1': { pom: 'connect-3.7.1', label: 'Kafka Connect and broker 3.7.1', megabytes: 54 },
};
const JMX_AGENT: Part = { pom: 'jmx-agent', label: 'Prometheus JMX agent 1.0.1', megabytes: 3 };

function plugin(pom: PluginName, label: string, megabytes: number): Part {
  return { pom, label, megabytes, unpack: '.tar.gz' };
}

/** Names of the builds of https://github.com/zonkyio/embedded-postgres-binaries by Node's platform and architecture. */
const POSTGRES_BUILDS: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-amd64',
  'linux-arm64': 'linux-arm64v8',
  'darwin-x64': 'darwin-amd64',
  'darwin-arm64': 'darwin-arm64v8',
};

/**
 * Finds the programs that a real run needs and fetches its jars into the cache; under a second when they are there.
 * @throws MissingSoftware with all that is missing; an error with Maven's last lines when fetching fails; the signal's reason
 */
export async function provideSoftware({ say, signal, postgres = false }: ProvideOptions): Promise<Software> {
  const cache = cacheFolder();
  const parts = [
    ...Object.values(CONNECT),
    JMX_AGENT,
    ...Object.values(PLUGINS),
    ...(postgres ? [postgresPart()] : []),
  ];
  const here = new Map<string, string>();
  for (const part of parts) {
    const folder = await cached(cache, part);
    if (folder !== undefined) here.set(part.pom, folder);
  }
  const absent = parts.filter(({ pom }) => !here.has(pom));
  const programs = await findPrograms({ maven: absent.length > 0, xz: absent.some(({ unpack }) => unpack === '.txz') });
  if (absent.length > 0) {
    const megabytes = absent.reduce((sum, part) => sum + part.megabytes, 0);
    say(`Fetching about ${megabytes} MB of jars by Maven into ${cache}, once.`);
  }
  for (const part of absent) {
    say(`Fetching ${part.label} (${part.megabytes} MB).`);
    here.set(part.pom, await fetchEntry(cache, part, programs.maven, signal));
  }
  const folder = (part: Part) => here.get(part.pom) ?? '';
  const each = <Name extends string, Value>(table: Readonly<Record<Name, Part>>, value: (part: Part) => Value) =>
    Object.fromEntries(Object.entries<Part>(table).map(([name, part]) => [name, value(part)])) as Record<Name, Value>;
  return {
    java: programs.java,
    classPath: each(CONNECT, (part) => join(folder(part), '*')),
    plugins: each(PLUGINS, folder),
    jmxAgent: join(folder(JMX_AGENT), 'jmx_prometheus_javaagent-1.0.1.jar'),
    mariadb: programs.mariadb,
    ...(postgres ? { postgres: folder(postgresPart()) } : {}),
  };
}

/** @throws when there is no build of PostgreSQL for this machine */
function postgresPart(): Part {
  const machine = `${process.platform}-${process.arch}`;
  const build = POSTGRES_BUILDS[machine];
  if (build === undefined)
    throw new Error(
      `There is no PostgreSQL to fetch for ${machine}; ${Object.keys(POSTGRES_BUILDS).join(', ')} have one.`,
    );
  return {
    pom: 'postgres',
    label: 'PostgreSQL 15',
    megabytes: 14,
    properties: { build },
    openJar: true,
    unpack: '.txz',
  };
}

/** @throws MissingSoftware */
async function findPrograms(needed: { readonly maven: boolean; readonly xz: boolean }) {
  const missing: Missing[] = [];
  const find = async (wanted: Missing, ...names: readonly string[]) => {
    const path = await findProgram(...names);
    if (path === undefined) missing.push(wanted);
    return path ?? '';
  };
  const found = await findJava();
  if ('missing' in found) missing.push(found.missing);
  const maven = needed.maven
    ? await find({ what: 'Maven (mvn), to fetch the jars', debianPackage: 'maven', homebrewFormula: 'maven' }, 'mvn')
    : '';
  const ofMariadb = (what: string) => ({ what, debianPackage: 'mariadb-server', homebrewFormula: 'mariadb' });
  const server = await find(ofMariadb('the MariaDB server (mariadbd)'), 'mariadbd');
  const install = await find(
    ofMariadb('mariadb-install-db, which comes with the MariaDB server'),
    'mariadb-install-db',
  );
  if (needed.xz)
    await find({ what: 'xz, to unpack PostgreSQL', debianPackage: 'xz-utils', homebrewFormula: 'xz' }, 'xz');
  if (missing.length > 0) throw new MissingSoftware(missing);
  return { java: 'java' in found ? found.java : '', maven, mariadb: { server, install } };
}
