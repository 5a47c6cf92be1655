import { once } from 'node:events';
import { spawn } from 'node:child_process';
import type { Ground } from '../ground.ts';

/**
 * Makes the broker refuse a connector's records as too large, and take them again: an exception that is nobody's connection.
 * With Kafka's own command: https://kafka.apache.org/documentation/#topicconfigs_max.message.bytes
 */
export function topicLimit(
  { software, broker }: Ground,
  topic: string,
): { set(): Promise<void>; lift(): Promise<void> } {
  const configure = async (...change: readonly string[]) => {
    const child = spawn(
      software.java,
      [
        '-cp',
        software.classPath['3.7.1'],
        'kafka.admin.ConfigCommand',
        '--bootstrap-server',
        broker.bootstrapServers,
        '--entity-type',
        'topics',
        '--entity-name',
        topic,
        '--alter',
        ...change,
      ],
      { stdio: 'ignore' },
    );
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`Kafka's ConfigCommand ended with ${code ?? 'a signal'}.`);
  };
  return {
    set: () => configure('--add-config', 'max.message.bytes=100'),
    lift: () => configure('--delete-config', 'max.message.bytes'),
  };
}
