import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OwnedProcess, OwnedProcesses } from '../../real/ownedProcesses.ts';
import type { ConnectVersion, Software } from '../../real/software.ts';
import { jmxAgentConfiguration } from './jmx.ts';
import { log4jProperties } from './logLines.ts';
import { propertiesText } from './workerSettings.ts';

export interface WorkerLaunch {
  readonly processes: OwnedProcesses;
  readonly software: Pick<Software, 'java' | 'classPath' | 'jmxAgent'>;
  readonly version: ConnectVersion;
  /** What people call its process: `worker of orders-cdc`. */
  readonly name: string;
  /** Of this life of the worker alone; it is made. */
  readonly folder: string;
  /** Worker properties; they may hold secrets. */
  readonly settings: Readonly<Record<string, string>>;
  /** Where its JMX values are served as Prometheus text. */
  readonly jmxPort: number;
  readonly javaOptions: readonly string[];
  readonly onLine: (line: string) => void;
}

/** What quickens a start by seconds and touches neither network nor Kafka Connect. */
const quickStart = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto'];

/** Starts a Kafka Connect worker in distributed mode, with a heap of 512 MB. Whether it comes up is to be waited for. */
export async function launchWorker(launch: WorkerLaunch): Promise<OwnedProcess> {
  const { processes, software, folder } = launch;
  const file = (name: string) => join(folder, name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(file('worker.properties'), propertiesText(launch.settings), { mode: 0o600 });
  await writeFile(file('log4j.properties'), log4jProperties);
  await writeFile(file('jmx.yaml'), jmxAgentConfiguration);
  return processes.start({
    name: launch.name,
    command: software.java,
    args: [
      '-Xmx512m',
      ...quickStart,
      '-Duser.timezone=UTC',
      '-Duser.language=en',
      '-Duser.country=US',
      `-Dlog4j.configuration=file:${file('log4j.properties')}`,
      `-javaagent:${software.jmxAgent}=127.0.0.1:${launch.jmxPort}:${file('jmx.yaml')}`,
      ...launch.javaOptions,
      '-cp',
      software.classPath[launch.version],
      'org.apache.kafka.connect.cli.ConnectDistributed',
      file('worker.properties'),
    ],
    cwd: folder,
    onLine: launch.onLine,
  });
}
