import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ConnectRest, type ConnectorStatus } from '../connect/real/connectRest.ts';
import { launchWorker } from '../connect/real/launchWorker.ts';
import { lastWords } from '../connect/real/logLines.ts';
import { freePort } from '../real/freePort.ts';
import type { OwnedProcess, OwnedProcesses } from '../real/ownedProcesses.ts';
import type { Software } from '../real/software.ts';
import { readRequest, type RestRequest } from './requestLog.ts';

export type { ConnectorStatus } from '../connect/real/connectRest.ts';
export type { RestRequest } from './requestLog.ts';

export interface ConnectClusterOptions {
  readonly processes: OwnedProcesses;
  readonly software: Pick<Software, 'java' | 'classPath' | 'jmxAgent'>;
  readonly bootstrapServers: string;
  /** Of its workers: their `group.id`, and the beginning of its topics' names. */
  readonly group: string;
  readonly workers: number;
  /** For plugin.path. */
  readonly pluginFolders: readonly string[];
  /** What its owner sets in the workers' properties besides. */
  readonly settings: Readonly<Record<string, string>>;
  /** Each request that a worker's REST interface answered, by the worker's own log, with the worker's position. */
  readonly onRequest?: (request: RestRequest, worker: number) => void;
}

/** One worker of the cluster. */
export interface ClusterWorker {
  /** `host:port`, as Kafka Connect names it in a status. */
  readonly id: string;
  /** Of its REST interface. */
  readonly url: string;
  /** Of its JMX values as Prometheus text. */
  readonly prometheusUrl: string;
  readonly process: OwnedProcess;
}

/** A Kafka Connect 3.7.1 cluster as its owner runs it: workers in distributed mode in one group, reached through REST. */
export interface ConnectCluster {
  readonly workers: readonly ClusterWorker[];
  /** The id of the worker that leads the group, as the workers' logs last said. */
  readonly leader: string | undefined;
  /** `PUT /connectors/{name}/config`, resolves when the connector and each of its tasks runs. @throws when they do not within 60 s */
  register(name: string, configuration: Readonly<Record<string, string>>): Promise<void>;
  /** `GET /connectors/{name}/status` at the first worker that answers; `undefined`: none does, or none knows it. */
  status(name: string): Promise<ConnectorStatus | undefined>;
}

const startTimeoutMs = 120_000;
const registerTimeoutMs = 60_000;
const lookEveryMs = 250;
const linesKept = 200;

/**
 * Starts the workers and resolves when each of them answers. They are their owner's to end.
 * @throws with a worker's last words when it ends before, or does not answer within 2 min
 */
export async function startConnectCluster(options: ConnectClusterOptions): Promise<ConnectCluster> {
  let leader: string | undefined;
  const hearLeader = (line: string) => {
    leader = /Joined group .* leaderUrl='http:\/\/([^/']+)/.exec(line)?.[1] ?? leader;
  };
  const started = await Promise.all(
    Array.from({ length: options.workers }, (_, index) => startWorker(options, index, hearLeader)),
  );
  await Promise.all(started.map(untilItAnswers));
  const rests = (name: string) =>
    started.filter(({ process }) => process.running).map(({ restPort }) => new ConnectRest(restPort, name));
  const status = async (name: string) => {
    for (const rest of rests(name)) {
      const answer = await rest.status();
      if (answer !== undefined) return answer;
    }
    return undefined;
  };
  return {
    workers: started,
    get leader() {
      return leader;
    },
    status,
    async register(name, configuration) {
      const [rest] = rests(name);
      if (rest === undefined) throw new Error('No worker of the cluster runs.');
      await rest.configure(configuration);
      const giveUpAtMs = Date.now() + registerTimeoutMs;
      for (;;) {
        const answer = await status(name);
        const states = [answer?.connector.state, ...(answer?.tasks ?? []).map(({ state }) => state)];
        if (states.length > 1 && states.every((state) => state === 'RUNNING')) return;
        const failed = answer?.tasks.find(({ state }) => state === 'FAILED');
        if (failed !== undefined || Date.now() > giveUpAtMs) {
          throw new Error(`${name} does not run: ${states.join(', ')}. ${failed?.trace?.split('\n', 1)[0] ?? ''}`);
        }
        await wait(lookEveryMs);
      }
    },
  };
}

interface StartedWorker extends ClusterWorker {
  readonly restPort: number;
  readonly lines: readonly string[];
}

async function startWorker(
  options: ConnectClusterOptions,
  index: number,
  onLine: (line: string) => void,
): Promise<StartedWorker> {
  const { processes, software, group, onRequest } = options;
  const [restPort, jmxPort] = [await freePort(), await freePort()];
  const lines: string[] = [];
  const process = await launchWorker({
    processes,
    software,
    version: '3.7.1',
    name: `worker ${index + 1} of ${group}`,
    folder: join(processes.folder, 'workers', `${group}-${index + 1}`),
    settings: settingsOf(options, restPort),
    jmxPort,
    javaOptions: [],
    onLine: (line) => {
      lines.push(line);
      if (lines.length > linesKept) lines.shift();
      onLine(line);
      const request = readRequest(line);
      if (request !== undefined) onRequest?.(request, index);
    },
  });
  const id = `127.0.0.1:${restPort}`;
  return {
    id,
    url: `http://${id}`,
    prometheusUrl: `http://127.0.0.1:${jmxPort}/metrics`,
    process,
    restPort,
    lines,
  };
}

/** A replication factor of 1 is all that one broker can give. */
function settingsOf(
  { group, bootstrapServers, pluginFolders, settings }: ConnectClusterOptions,
  restPort: number,
): Readonly<Record<string, string>> {
  const json = 'org.apache.kafka.connect.json.JsonConverter';
  return {
    'bootstrap.servers': bootstrapServers,
    'group.id': group,
    'config.storage.topic': `${group}-configs`,
    'offset.storage.topic': `${group}-offsets`,
    'status.storage.topic': `${group}-status`,
    'config.storage.replication.factor': '1',
    'offset.storage.replication.factor': '1',
    'status.storage.replication.factor': '1',
    'key.converter': json,
    'value.converter': json,
    'key.converter.schemas.enable': 'false',
    'value.converter.schemas.enable': 'false',
    'config.providers': 'file',
    // https://kafka.apache.org/37/documentation.html#connect_configuring (config.providers)
    'config.providers.file.class': 'org.apache.kafka.common.config.provider.FileConfigProvider',
    listeners: `http://127.0.0.1:${restPort}`,
    'rest.advertised.host.name': '127.0.0.1',
    'rest.advertised.port': String(restPort),
    'plugin.path': pluginFolders.join(','),
    ...settings,
  };
}

async function untilItAnswers({ process, restPort, lines }: StartedWorker): Promise<void> {
  const rest = new ConnectRest(restPort, '');
  const giveUpAtMs = Date.now() + startTimeoutMs;
  while (!(await rest.answers())) {
    if (!process.running) throw new Error(`The ${process.name} ${await process.ended}: ${lastWords(lines)}`);
    if (Date.now() > giveUpAtMs) throw new Error(`The ${process.name} does not answer: ${lastWords(lines)}`);
    await wait(lookEveryMs);
  }
}
