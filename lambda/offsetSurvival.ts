import type { CreateRequest, LiveConnector } from '../recovery/connector.ts';
import type { ConnectorKind } from '../recovery/policy.ts';
import type { OffsetSurvival } from '../recovery/saved.ts';
import type { WorkerConfiguration } from './workerConfigurations.ts';

/** What a worker configuration says of the offsets, read from MSK Connect. */
export type WorkerOffsets =
  /** The revision that the connector names, and its `offset.storage.topic` if it sets one. */
  | { readonly kind: 'read'; readonly topic: string | undefined }
  /** The connector names no worker configuration: MSK Connect's default, with topics of its own for each connector. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** What a worker configuration says of the offsets. Pure. */
export function offsetsOf(worker: WorkerConfiguration): WorkerOffsets {
  switch (worker.kind) {
    case 'none':
      return { kind: 'none' };
    case 'read':
      return { kind: 'read', topic: worker.properties.get('offset.storage.topic') || undefined };
    case 'older':
    case 'gone':
    case 'unreadable':
      return { kind: 'unknown', reason: worker.reason };
  }
}

/**
 * Whether a connector created from `request` would find the offsets of `live`. Pure.
 *
 * Both are kept by one cluster. A sink keeps its consumer group by name. A source keeps its position only if both worker configurations pin the same
 * `offset.storage.topic` and the connector keeps its name.
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-set-offset-storage-topic.html
 */
export function judgeOffsets(
  kind: ConnectorKind,
  live: LiveConnector,
  request: CreateRequest,
  liveWorker: WorkerOffsets,
  newWorker: WorkerOffsets,
): OffsetSurvival {
  if (request.connectorName !== live.name) {
    return lost(`offsets are kept by the connector's name, and the request is for ${request.connectorName}`);
  }
  const elsewhere = onOtherBrokers(live.request, request);
  if (elsewhere !== undefined) return elsewhere;
  return kind === 'sink'
    ? judgeSink(live, request)
    : (partsWays(live, request) ?? judgeSource(live, request, liveWorker, newWorker));
}

/** Offsets topics and consumer groups are the cluster's: under the same name on another cluster there is nothing. */
function onOtherBrokers(live: CreateRequest, request: CreateRequest): OffsetSurvival | undefined {
  const [before, after] = [brokersOf(live), brokersOf(request)];
  if (before.size === 0 || [...before].some((broker) => after.has(broker))) return undefined;
  return {
    kind: 'unknown',
    reason: 'the request names no broker of the live connector, so it may be for another cluster',
  };
}

/** The hosts of `bootstrapServers`, without their ports: those change with the authentication. */
function brokersOf(request: CreateRequest): ReadonlySet<string> {
  const servers = ['kafkaCluster', 'apacheKafkaCluster', 'bootstrapServers'].reduce<unknown>(
    (holder, name) => (typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined),
    request,
  );
  if (typeof servers !== 'string') return new Set();
  return new Set(servers.split(',').map((server) => server.trim().replace(/:\d+$/, '')));
}

function judgeSink(live: LiveConnector, request: CreateRequest): OffsetSurvival {
  // Connect's own override of a sink's consumer group (KIP-458).
  const key = 'consumer.override.group.id';
  const [before, after] = [live.request.connectorConfiguration[key], request.connectorConfiguration[key]];
  if (before !== after) return lost(`${key} differs, so the sink would read with another consumer group`);
  return { kind: 'kept', reason: `a sink keeps its place in consumer group ${before ?? `connect-${live.name}`}` };
}

/** Settings that are part of the position: where they differ, the offsets are there and not found, or point nowhere. */
function partsWays(live: LiveConnector, request: CreateRequest): OffsetSurvival | undefined {
  const [before, after] = [live.request.connectorConfiguration, request.connectorConfiguration];
  if (isTrue(before['slot.drop.on.stop'])) {
    return lost('slot.drop.on.stop is true: the replication slot goes with the connector, and the position with it');
  }
  const keys = [
    ['topic.prefix', 'database.server.name'],
    ['slot.name'],
    ['schema.history.internal.kafka.topic', 'database.history.kafka.topic'],
  ];
  for (const names of keys) {
    const [old, now] = [valueOf(before, names), valueOf(after, names)];
    if (old !== now)
      return lost(`${names[0] ?? ''} differs between the live connector and the request: the position is bound to it`);
  }
  return undefined;
}

function judgeSource(
  live: LiveConnector,
  request: CreateRequest,
  liveWorker: WorkerOffsets,
  newWorker: WorkerOffsets,
): OffsetSurvival {
  // A source may name an offsets topic of its own since Kafka Connect 3.3 (KIP-618); it outranks the worker's.
  const own = 'offsets.storage.topic';
  const [ownBefore, ownAfter] = [live.request.connectorConfiguration[own], request.connectorConfiguration[own]];
  if (!live.request.kafkaConnectVersion.startsWith('2.') && (ownBefore ?? ownAfter) !== undefined) {
    return ownBefore === ownAfter
      ? kept(ownBefore ?? '')
      : lost(`${own} differs between the live connector and the request`);
  }
  if (liveWorker.kind === 'unknown') return { kind: 'unknown', reason: liveWorker.reason };
  if (newWorker.kind === 'unknown') return { kind: 'unknown', reason: newWorker.reason };
  const [before, after] = [topicOf(liveWorker), topicOf(newWorker)];
  if (before !== undefined && before === after) return kept(before);
  if (before === undefined && after === undefined) {
    const reason =
      'no worker configuration pins offset.storage.topic, so a recreated connector starts on new, empty topics';
    return { kind: 'lost', reason, unpinned: true };
  }
  if (before === undefined && after === defaultTopic(live)) {
    return {
      kind: 'unknown',
      reason: `the request pins the live connector's default topic ${after}, as far as its name can be told from the ARN`,
      pinsDefault: true,
    };
  }
  return lost(
    `offset.storage.topic is ${before ?? "MSK Connect's default"} now and would be ${after ?? "MSK Connect's default"}`,
  );
}

/**
 * `__amazon_msk_connect_offsets_<name>_<id>`, the id being the last part of the ARN [inferred]. AWS's guide gives two patterns: this
 * one, and on another page `__msk_connect_offsets_<name>_<id>`.
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-manage-connector-offsets.html
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-state-management.html
 */
export function defaultTopic(live: Pick<LiveConnector, 'name' | 'arn'>): string {
  return `__amazon_msk_connect_offsets_${live.name}_${live.arn.split('/').at(-1) ?? ''}`;
}

function topicOf(worker: WorkerOffsets): string | undefined {
  return worker.kind === 'read' ? worker.topic : undefined;
}

function valueOf(configuration: Readonly<Record<string, string>>, names: readonly string[]): string | undefined {
  return names.map((name) => configuration[name]).find((value) => value !== undefined);
}

function isTrue(value: string | undefined): boolean {
  return value?.trim().toLowerCase() === 'true';
}

function kept(topic: string): OffsetSurvival {
  return {
    kind: 'kept',
    reason: `both pin the offsets topic ${topic}; whether the source still has its log from there on cannot be seen from here`,
  };
}

function lost(reason: string): OffsetSurvival {
  return { kind: 'lost', reason };
}
