import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Admin } from '@platformatic/kafka';
import { freePort } from './freePort.ts';
import type { OwnedProcess, OwnedProcesses, ProcessSpec } from './ownedProcesses.ts';
import type { Software } from './software.ts';
import { startServer } from './startedServer.ts';

/** One Kafka 3.7.1 broker, its own controller (KRaft), on 127.0.0.1. Topics come into being when they are used, with one partition. */
export interface Broker {
  /** For whoever is not to be disturbed: counters, the product's own use. */
  readonly bootstrapServers: string;
  /** For workers; behind a proxy when `advertise` gave another port. */
  readonly workerBootstrapServers: string;
  /** The present one: another after `startAgain`. */
  readonly process: OwnedProcess;
  /** SIGTERM, and SIGKILL after 30 s. */
  stop(): Promise<void>;
  /** On the same data and ports, after `stop` or whatever ended it; resolves when it answers. */
  startAgain(): Promise<void>;
  close(): Promise<void>;
}

export interface BrokerOptions {
  /** Told the port of the broker's worker listener, gives the port to advertise instead (a proxy's). */
  readonly advertise?: (workerPort: number) => Promise<number>;
}

/** Resolves when the broker tells clients where its topics are. @throws with its last lines when it ends before */
export async function startBroker(
  processes: OwnedProcesses,
  software: Software,
  options: BrokerOptions = {},
): Promise<Broker> {
  const [direct, workers, controller] = [await freePort(), await freePort(), await freePort()];
  const advertised = (await options.advertise?.(workers)) ?? workers;
  const folder = await mkdtemp(join(processes.folder, 'broker-'));
  const data = join(folder, 'data');
  await mkdir(data);
  const config = join(folder, 'server.properties');
  await writeFile(config, properties(brokerSettings({ direct, workers, controller, advertised, data })));
  const log = join(folder, 'log4j.properties');
  await writeFile(log, properties(LOG));
  // What `kafka-storage format` writes, without another JVM; the metadata version is the release's own then (3.7-IV4).
  await writeFile(
    join(data, 'meta.properties'),
    properties({ version: '1', 'cluster.id': clusterId(), 'node.id': '1' }),
  );
  const bootstrapServers = `127.0.0.1:${direct}`;
  const spec: ProcessSpec = {
    name: 'the Kafka broker',
    command: software.java,
    args: [
      '-Xmx384m',
      '-XX:+UseSerialGC',
      // Starts sooner, and few records pass.
      '-XX:TieredStopAtLevel=1',
      '-Djava.awt.headless=true',
      `-Dlog4j.configuration=file:${log}`,
      '-cp',
      software.classPath['3.7.1'],
      'kafka.Kafka',
      config,
    ],
    cwd: folder,
  };
  const start = () => startServer(processes, spec, () => askForMetadata(bootstrapServers));
  let process = await start();
  return {
    bootstrapServers,
    workerBootstrapServers: `127.0.0.1:${advertised}`,
    get process() {
      return process;
    },
    stop: () => process.end(30_000),
    async startAgain() {
      if (process.running) throw new Error('The Kafka broker is running.');
      process = await start();
    },
    close: () => process.end(),
  };
}

interface Ports {
  readonly direct: number;
  readonly workers: number;
  readonly controller: number;
  readonly advertised: number;
  readonly data: string;
}

function brokerSettings({ direct, workers, controller, advertised, data }: Ports): Readonly<Record<string, string>> {
  const host = '127.0.0.1';
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@${host}:${controller}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `DIRECT://${host}:${direct},WORKERS://${host}:${workers},CONTROLLER://${host}:${controller}`,
    'advertised.listeners': `DIRECT://${host}:${direct},WORKERS://${host}:${advertised}`,
    'listener.security.protocol.map': 'DIRECT:PLAINTEXT,WORKERS:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'DIRECT',
    'log.dirs': data,
    'auto.create.topics.enable': 'true',
    'num.partitions': '1',
    'offsets.topic.num.partitions': '5',
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.num.partitions': '5',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    // No row may expire before it is counted.
    'log.retention.ms': '-1',
    // 128 MB by default, a third of the heap.
    'log.cleaner.dedupe.buffer.size': String(16 << 20),
  };
}

const LOG = {
  'log4j.rootLogger': 'INFO, stdout',
  'log4j.appender.stdout': 'org.apache.log4j.ConsoleAppender',
  'log4j.appender.stdout.layout': 'org.apache.log4j.PatternLayout',
  'log4j.appender.stdout.layout.ConversionPattern': '[%d] %p %m (%c)%n',
};

function properties(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

/** 16 bytes in URL-safe base64, 22 characters, as Kafka's own `Uuid.randomUuid`. */
function clusterId(): string {
  return randomBytes(16).toString('base64url').replace(/^-/, 'A');
}

async function askForMetadata(bootstrapServers: string): Promise<void> {
  const admin = new Admin({
    clientId: 'start',
    bootstrapBrokers: [bootstrapServers],
    retries: 0,
    connectTimeout: 1000,
    requestTimeout: 5000,
  });
  try {
    const { brokers } = await admin.metadata({ topics: [] });
    if (brokers.size === 0) throw new Error('The controller knows no broker yet.');
  } finally {
    await admin.close();
  }
}
