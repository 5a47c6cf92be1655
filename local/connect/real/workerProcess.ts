import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../real/freePort.ts';
import type { OwnedProcess, OwnedProcesses } from '../../real/ownedProcesses.ts';
import type { ConnectVersion, Software } from '../../real/software.ts';
import { DataPlaneError, type StartedConnector } from '../dataPlane.ts';
import { ConnectRest } from './connectRest.ts';
import { jmxAgentConfiguration } from './jmx.ts';
import { lastWords, log4jProperties } from './logLines.ts';
import { propertiesText, workerSettings } from './workerSettings.ts';

export interface WorkerProcessParts {
  readonly processes: OwnedProcesses;
  readonly software: Pick<Software, 'java' | 'classPath' | 'jmxAgent'>;
  readonly bootstrapServers: string;
  /** Folder of a custom plugin, by its name. */
  readonly plugins: Readonly<Record<string, string>>;
  readonly connector: StartedConnector;
  readonly javaOptions: readonly string[];
  /** Each line of its output, with the worker's id. */
  readonly onLine: (workerId: string, line: string) => void;
}

/** One life of a worker: from the start of its process to its end. */
export interface WorkerProcess {
  readonly process: OwnedProcess;
  readonly rest: ConnectRest;
  readonly jmxPort: number;
  /** The last lines that it wrote. */
  lastWords(): string;
}

/** What quickens a start by seconds and touches neither network nor Kafka Connect. */
const quickStart = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto'];
const linesKept = 200;

/**
 * Starts the Kafka Connect worker of a connector, in distributed mode as MSK Connect does, with a heap of 512 MB. Whether it comes up is to be waited for.
 * @throws DataPlaneError where a custom plugin is unknown.
 */
export async function startWorkerProcess(parts: WorkerProcessParts): Promise<WorkerProcess> {
  const { processes, software, connector } = parts;
  // 17 hexadecimal digits, as in the line of a real worker's log that its user published (../README.md, `log`).
  const workerId = randomBytes(9).toString('hex').slice(0, 17);
  const folder = join(processes.folder, 'workers', `${connector.name}-${workerId}`);
  const [restPort, jmxPort] = [await freePort(), await freePort()];
  const settings = workerSettings(connector, {
    bootstrapServers: parts.bootstrapServers,
    restPort,
    pluginFolders: connector.plugins.map((name) => pluginFolder(parts.plugins, name)),
  });
  const file = (name: string) => join(folder, name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // A worker configuration may hold secrets.
  await writeFile(file('worker.properties'), propertiesText(settings), { mode: 0o600 });
  await writeFile(file('log4j.properties'), log4jProperties);
  await writeFile(file('jmx.yaml'), jmxAgentConfiguration);
  const lines: string[] = [];
  const process = processes.start({
    name: `worker of ${connector.name}`,
    command: software.java,
    args: [
      '-Xmx512m',
      ...quickStart,
      '-Duser.timezone=UTC',
      '-Duser.language=en',
      '-Duser.country=US',
      `-Dlog4j.configuration=file:${file('log4j.properties')}`,
      `-javaagent:${software.jmxAgent}=127.0.0.1:${jmxPort}:${file('jmx.yaml')}`,
      ...parts.javaOptions,
      '-cp',
      software.classPath[connectVersion(connector)],
      'org.apache.kafka.connect.cli.ConnectDistributed',
      file('worker.properties'),
    ],
    cwd: folder,
    onLine: (line) => {
      lines.push(line);
      if (lines.length > linesKept) lines.shift();
      parts.onLine(workerId, line);
    },
  });
  return { process, rest: new ConnectRest(restPort, connector.name), jmxPort, lastWords: () => lastWords(lines) };
}

/** MSK Connect's `3.7.x` is 3.7.1 here. */
function connectVersion({ connectVersion: asked }: StartedConnector): ConnectVersion {
  return asked.startsWith('2.') ? '2.7.1' : '3.7.1';
}

function pluginFolder(plugins: Readonly<Record<string, string>>, name: string): string {
  const folder = plugins[name];
  if (folder === undefined) throw new DataPlaneError('InvalidInput.InvalidCustomPlugin', `No such plugin: ${name}`);
  return folder;
}
