import { topicOf } from './bodies.ts';
import type { PartitionLag } from './clusterOptions.ts';
import type { ClusterConnector } from './connector.ts';

/** What an admin client sees of a sink's consumer group; a source has none. */
export function groupLag(connector: ClusterConnector, nowMs: number): readonly PartitionLag[] {
  if (!connector.sink) return [];
  return connector.streams.map((stream) => {
    const committed = stream.committed(nowMs)?.records;
    const reader = connector.readerOf(stream);
    return {
      topic: topicOf(connector),
      partition: stream.index,
      end: stream.end(nowMs),
      ...(committed !== undefined && { committed }),
      ...(reader !== undefined && { client: `connector-consumer-${connector.name}-${reader.id}` }),
    };
  });
}
