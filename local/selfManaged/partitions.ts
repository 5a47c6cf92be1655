import type { ConnectTask } from './connectTask.ts';
import type { RecordStream } from './recordStream.ts';

/** A sink's partitions go to those of its tasks that are in its consumer group, in ranges; who gives one up commits it first. */
export function sharePartitions(partitions: readonly RecordStream[], tasks: readonly ConnectTask[]): void {
  const members = tasks.filter(({ life, inGroup }) => life === 'running' && inGroup);
  const perMember = Math.ceil(partitions.length / Math.max(1, members.length));
  for (const [place, partition] of partitions.entries()) {
    const owner = members[Math.floor(place / perMember)];
    if (owner?.streams.has(partition) === true) continue;
    for (const other of tasks) other.drop(partition, other.inGroup);
    owner?.take(partition, 0);
  }
}
