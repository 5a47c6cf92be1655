import { describe, expect, it } from 'vitest';
import { judgeOffsets } from '../../lambda/offsetSurvival.ts';
import type { WorkerOffsets } from '../../lambda/offsetSurvival.ts';
import type { CreateRequest, LiveConnector } from '../../recovery/connector.ts';

const base: CreateRequest = {
  connectorName: 'orders-cdc',
  kafkaConnectVersion: '2.7.1',
  connectorConfiguration: { 'topic.prefix': 'shop', 'schema.history.internal.kafka.topic': 'schema.shop' },
};

function live(request: CreateRequest): LiveConnector {
  return {
    name: 'orders-cdc',
    arn: 'arn:aws:kafkaconnect:ap-northeast-2:111122223333:connector/orders-cdc/6f1d2c3b-2',
    version: 'K1',
    state: 'RUNNING',
    createdAt: '2026-11-01T00:00:00.000Z',
    request,
    operations: [],
  };
}

function configured(change: Record<string, string>): CreateRequest {
  return { ...base, connectorConfiguration: { ...base.connectorConfiguration, ...change } };
}

function on(bootstrapServers: string): CreateRequest {
  return { ...base, kafkaCluster: { apacheKafkaCluster: { bootstrapServers } } };
}

const pinned: WorkerOffsets = { kind: 'read', topic: 'shop-offsets' };
const unpinned: WorkerOffsets = { kind: 'read', topic: undefined };
const none: WorkerOffsets = { kind: 'none' };

describe('whether a recreated source finds its place again', () => {
  it.each<[string, WorkerOffsets, WorkerOffsets, string]>([
    ['both pin the same topic', pinned, pinned, 'kept'],
    ['neither has a worker configuration', none, none, 'lost'],
    ['neither pins a topic', unpinned, unpinned, 'lost'],
    ['only the live one pins it', pinned, none, 'lost'],
    ['only the request pins it', none, pinned, 'lost'],
    ['they pin different topics', pinned, { kind: 'read', topic: 'other' }, 'lost'],
    ['the live revision cannot be read', { kind: 'unknown', reason: 'revision 1' }, pinned, 'unknown'],
    ["the request's revision cannot be read", pinned, { kind: 'unknown', reason: 'revision 1' }, 'unknown'],
    [
      "the request pins the live one's default topic",
      none,
      { kind: 'read', topic: '__amazon_msk_connect_offsets_orders-cdc_6f1d2c3b-2' },
      'unknown',
    ],
  ])('%s: %s', (_title, before, after, kind) => {
    expect(judgeOffsets('mysql', live(base), base, before, after).kind).toBe(kind);
  });

  it.each<[string, Record<string, string>, Record<string, string>, string]>([
    ['the same settings', {}, {}, 'kept'],
    ['another topic.prefix, under which the offsets are filed', {}, { 'topic.prefix': 'shop2' }, 'lost'],
    ['another replication slot', { 'slot.name': 'a' }, { 'slot.name': 'b' }, 'lost'],
    ['a slot that is dropped on stop', { 'slot.drop.on.stop': 'TRUE' }, { 'slot.drop.on.stop': 'TRUE' }, 'lost'],
    ['another schema history', {}, { 'schema.history.internal.kafka.topic': 'schema.new' }, 'lost'],
  ])('%s', (_title, before, after, kind) => {
    expect(judgeOffsets('postgresql', live(configured(before)), configured(after), pinned, pinned).kind).toBe(kind);
  });

  it('by an offsets topic of its own, on Connect 3.7', () => {
    const request = { ...configured({ 'offsets.storage.topic': 'mine' }), kafkaConnectVersion: '3.7.x' };
    expect(judgeOffsets('mysql', live(request), request, none, none).kind).toBe('kept');
    expect(judgeOffsets('mysql', live(request), { ...base, kafkaConnectVersion: '3.7.x' }, none, none).kind).toBe(
      'lost',
    );
  });

  it.each<[string, string, string, string]>([
    ['the same brokers, in another order', 'b-1:9098,b-2:9098', 'b-2:9098, b-1:9098', 'kept'],
    ['one broker more of the same cluster', 'b-1:9098,b-2:9098', 'b-1:9098,b-2:9098,b-3:9098', 'kept'],
    ['brokers of which none is the same: it may be another cluster', 'b-1:9098', 'c-1:9098', 'unknown'],
    ['the same brokers by another port, as after a change of authentication', 'b-1:9092', 'b-1:9098', 'kept'],
  ])('with %s', (_title, before, after, kind) => {
    expect(judgeOffsets('mysql', live(on(before)), on(after), pinned, pinned).kind).toBe(kind);
  });

  it('never under another name', () => {
    expect(judgeOffsets('mysql', live(base), { ...base, connectorName: 'orders' }, pinned, pinned).kind).toBe('lost');
  });
});

describe('whether a recreated sink finds its place again', () => {
  it.each<[string, Record<string, string>, Record<string, string>, string]>([
    ['by its name', {}, {}, 'kept'],
    [
      'by the same group of its own',
      { 'consumer.override.group.id': 'a' },
      { 'consumer.override.group.id': 'a' },
      'kept',
    ],
    ['not by another group', {}, { 'consumer.override.group.id': 'a' }, 'lost'],
  ])('%s', (_title, before, after, kind) => {
    expect(judgeOffsets('sink', live(configured(before)), configured(after), none, none).kind).toBe(kind);
  });

  it('unknown on brokers of which none is the same, for the group is kept by its cluster', () => {
    expect(judgeOffsets('sink', live(on('b-1:9098')), on('c-1:9098'), none, none)).toEqual({
      kind: 'unknown',
      reason: 'the request names no broker of the live connector, so it may be for another cluster',
    });
  });
});
