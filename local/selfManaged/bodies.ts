import { kinds } from '../connect/simulated/kinds.ts';
import { debeziumServer } from '../connect/exporter.ts';
import type { ClusterConnector } from './connector.ts';
import type { Slot, SlotState } from './slot.ts';

/**
 * What Kafka Connect answers, field by field.
 * @see https://github.com/apache/kafka/blob/3.7.1/connect/runtime/src/main/java/org/apache/kafka/connect/runtime/rest/entities/ConnectorStateInfo.java
 */
export interface StatusBody {
  readonly name: string;
  readonly connector: PlaceBody;
  readonly tasks: readonly ({ readonly id: number } & PlaceBody)[];
  readonly type: 'source' | 'sink';
}

interface PlaceBody {
  readonly state: SlotState;
  readonly worker_id: string;
  readonly trace?: string;
}

/** Absent: no status was ever written. `restarting` says what a restart that is asked for will touch. */
export function statusBody(
  connector: ClusterConnector,
  restarting: (slot: Slot) => boolean = () => false,
): StatusBody | undefined {
  const instance = placeBody(connector.instance, restarting);
  if (instance === undefined) return undefined;
  const tasks = connector.tasks.flatMap((slot) => {
    const place = placeBody(slot, restarting);
    return place === undefined ? [] : [{ id: slot.task ?? 0, ...place }];
  });
  return { name: connector.name, connector: instance, tasks, type: typeOf(connector) };
}

export function placeBody(slot: Slot, restarting: (slot: Slot) => boolean = () => false): PlaceBody | undefined {
  if (slot.status === undefined) return undefined;
  const { state, worker, trace } = slot.status;
  return {
    state: restarting(slot) ? 'RESTARTING' : state,
    worker_id: worker.address,
    ...(trace !== undefined && { trace }),
  };
}

export function infoBody(connector: ClusterConnector): Readonly<Record<string, unknown>> {
  const { name, config, tasks } = connector;
  return { name, config, tasks: tasks.map(({ task }) => ({ connector: name, task })), type: typeOf(connector) };
}

export function tasksBody(connector: ClusterConnector): readonly Readonly<Record<string, unknown>>[] {
  const { name, config, tasks } = connector;
  return tasks.map(({ task }) => ({
    id: { connector: name, task },
    config: { ...config, 'task.class': `${config['connector.class'] ?? ''}Task` },
  }));
}

/**
 * Committed offsets. A source's are in the words of its kind; one that nothing was committed for is left out.
 * @see https://cwiki.apache.org/confluence/display/KAFKA/KIP-875%3A+First-class+offsets+support+in+Kafka+Connect
 */
export function offsetsBody(connector: ClusterConnector, nowMs: number): Readonly<Record<string, unknown>> {
  const offsets = connector.streams.flatMap((stream) => {
    const committed = stream.committed(nowMs);
    if (committed === undefined) return [];
    if (connector.sink) {
      return {
        partition: { kafka_partition: stream.index, kafka_topic: topicOf(connector) },
        offset: { kafka_offset: committed.records },
      };
    }
    const position = { rows: committed.records, beats: committed.beats };
    const rowMs = connector.source.timeOf(stream.rowOf(committed.records)) ?? committed.atMs;
    return { partition: partitionOf(connector, stream.index), offset: offsetOf(connector, position, rowMs) };
  });
  return { offsets };
}

/** The one topic that a simulated sink reads. */
export function topicOf(connector: ClusterConnector): string {
  return connector.config['topics']?.split(',')[0]?.trim() ?? connector.name;
}

function partitionOf(connector: ClusterConnector, index: number): Readonly<Record<string, string>> {
  return kinds[connector.source.kind].debezium
    ? { server: debeziumServer(connector.config) || connector.name }
    : { source: `${connector.name}-${index}` };
}

/** A heartbeat that moves the offset is a row of the heartbeat's own table. */
function offsetOf(
  connector: ClusterConnector,
  { rows, beats }: { readonly rows: number; readonly beats: number },
  rowMs: number,
): Readonly<Record<string, unknown>> {
  switch (connector.source.kind) {
    case 'mysql':
    case 'mariadb':
      return {
        transaction_id: null,
        ts_sec: Math.floor(rowMs / 1000),
        file: 'binlog.000002',
        pos: 157 + rows * 381 + beats * 402,
        row: 1,
        server_id: 1,
      };
    case 'postgresql': {
      const lsn = 22_000_000 + rows * 96 + beats * 128;
      return {
        transaction_id: null,
        lsn_proc: lsn,
        messageType: 'INSERT',
        lsn_commit: lsn - 48,
        lsn,
        txId: 740 + rows + beats,
        ts_usec: Math.floor(rowMs) * 1000,
      };
    }
    case 'other':
    case 'topic':
      return { position: rows };
  }
}

function typeOf(connector: ClusterConnector): 'source' | 'sink' {
  return connector.sink ? 'sink' : 'source';
}
