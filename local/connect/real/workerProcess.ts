import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { freePort } from '../../real/freePort.ts';
import type { OwnedProcess, OwnedProcesses } from '../../real/ownedProcesses.ts';
import type { ConnectVersion, Software } from '../../real/software.ts';
import { DataPlaneError, type StartedConnector } from '../dataPlane.ts';
import { ConnectRest } from './connectRest.ts';
import { launchWorker } from './launchWorker.ts';
import { lastWords } from './logLines.ts';
import { workerSettings } from './workerSettings.ts';

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
  const lines: string[] = [];
  const process = await launchWorker({
    processes,
    software,
    version: connectVersion(connector),
    name: `worker of ${connector.name}`,
    folder,
    settings,
    jmxPort,
    javaOptions: parts.javaOptions,
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
