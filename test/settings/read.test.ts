import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkSettings, readSettings } from '../../settings/read.ts';
import type { ConnectorEntry, ConnectorsFile } from '../../settings/schema.ts';
import { entry, notify } from './written.ts';

function only(written: ConnectorEntry, defaults: ConnectorsFile['defaults'] = {}) {
  const [connector] = checkSettings({ notify, defaults, connectors: [written] }, 'connectors.json').connectors;
  if (connector === undefined) throw new Error('no connector was read');
  return connector;
}

test('an entry with nothing but what a deployment needs gets every default', () => {
  expect(only(entry())).toEqual({
    name: 'orders-cdc',
    kind: 'mysql',
    connectVersion: '3.7.x',
    executionRoleArn: 'arn:aws:iam::111122223333:role/connect-execution',
    savedConfig: { key: 'connectors/orders-cdc.json' },
    signals: [
      { signal: 'errored-tasks', does: 'look', threshold: 1, periods: 2, periodSeconds: 60 },
      { signal: 'running-tasks', does: 'look', threshold: 1, periods: 3, periodSeconds: 60 },
    ],
    policy: {
      connector: 'orders-cdc',
      kind: 'mysql',
      connectVersion: '3.7.x',
      remedies: ['restart', 'recreate'],
      evidence: { livelySeconds: 120, missedBeats: 3, learnQuiet: true },
      waits: {
        pollSeconds: 7,
        restartSeconds: 600,
        deleteSeconds: 1200,
        createSeconds: 2700,
        verifySeconds: 300,
        healSeconds: 110,
        outOfReachSeconds: 900,
      },
      limits: { restartsPerRecovery: 1, recreationsPerRecovery: 1, recoveriesPerDay: 3, cooldownSeconds: 1800 },
      offsets: 'must-survive',
      drift: 'refuse',
      deletions: 'by-itself',
      sweepSeenWithinSeconds: 300,
    },
  });
});

test('on 2.7.1 the only remedy is to recreate, for a restart leaves the tasks alone', () => {
  expect(only(entry({ connectVersion: '2.7.1' })).policy.remedies).toEqual(['recreate']);
});

test('defaults hold field by field, and an entry overrules them', () => {
  const { policy } = only(entry({ waits: { pollSeconds: 5 }, drift: 'recreate-from-saved', remedies: ['recreate'] }), {
    waits: { pollSeconds: 30, verifySeconds: 600 },
    offsets: 'may-be-lost',
    drift: 'refuse',
    remedies: ['restart'],
  });
  expect(policy.waits).toMatchObject({ pollSeconds: 5, verifySeconds: 600, restartSeconds: 600 });
  expect([policy.offsets, policy.drift, policy.remedies]).toEqual(['may-be-lost', 'recreate-from-saved', ['recreate']]);
});

test('what a connector’s own past says of its silence counts unless its owner says no', () => {
  expect(only(entry({})).policy.evidence.learnQuiet).toBe(true);
  expect(only(entry({ evidence: { learnQuiet: false } })).policy.evidence.learnQuiet).toBe(false);
  expect(only(entry({}), { evidence: { learnQuiet: false } }).policy.evidence.learnQuiet).toBe(false);
});

test("the owner's word that records flow reaches the policy", () => {
  expect(only(entry({ evidence: { recordsAtLeastEverySeconds: 60 } })).policy.evidence).toEqual({
    livelySeconds: 120,
    missedBeats: 3,
    learnQuiet: true,
    recordsAtLeastEverySeconds: 60,
  });
});

test("Debezium's metrics lie under its server name, of the type streaming", () => {
  const metrics = { debezium: { serverName: 'shop', publishes: ['Connected'] as 'Connected'[] } };
  expect(only(entry({ metrics })).debezium).toEqual({
    namespace: 'MSK_Connect',
    dimensions: { DBServerName: 'shop', type: 'streaming' },
    connected: 'Connected',
    beatSeconds: 48,
  });
});

test('another exporter has other dimensions and names', () => {
  const debezium = {
    namespace: 'Debezium',
    dimensions: { Server: 'shop' },
    publishes: ['MilliSecondsSinceLastEvent', 'MilliSecondsBehindSource'] as const,
    metricNames: { msSinceLastEvent: 'SinceLastEvent' },
  };
  expect(only(entry({ metrics: { debezium: { ...debezium, publishes: [...debezium.publishes] } } })).debezium).toEqual({
    namespace: 'Debezium',
    dimensions: { Server: 'shop' },
    msSinceLastEvent: 'SinceLastEvent',
    msBehindSource: 'MilliSecondsBehindSource',
    beatSeconds: 48,
  });
});

test('a sink reads with the consumer group that Kafka Connect gives it', () => {
  const metrics = { lag: { clusterName: 'shop', topics: ['orders'] } };
  expect(only(entry({ kind: 'sink', metrics })).lag).toEqual({
    clusterName: 'shop',
    consumerGroup: 'connect-orders-cdc',
    topics: ['orders'],
  });
});

test.each([
  [{ schedule: 'rate(7 days)' }, { timeZone: 'UTC', enabled: false, remedy: 'restart' }],
  [
    { schedule: 'rate(7 days)', timeZone: 'Asia/Seoul', enabled: true, remedy: 'recreate' as const },
    { timeZone: 'Asia/Seoul', enabled: true, remedy: 'recreate' },
  ],
])('the preventive restart %j', (preventiveRestart, expected) => {
  expect(only(entry({ preventiveRestart })).preventiveRestart).toEqual({ schedule: 'rate(7 days)', ...expected });
});

test('the sample in the repository is in order, and its preventive restart is off', () => {
  const text = readFileSync(new URL('../../connectors.json', import.meta.url), 'utf8');
  const { stackName, connectors } = readSettings(text, 'connectors.json');
  expect(stackName).toBe('connector-recovery');
  expect(connectors.map(({ name, connectVersion, kind }) => [name, connectVersion, kind])).toEqual([
    ['orders-cdc', '3.7.x', 'mysql'],
    ['orders-cdc-old', '2.7.1', 'mysql'],
    ['orders-to-search', '3.7.x', 'sink'],
  ]);
  expect(connectors.map(({ preventiveRestart }) => preventiveRestart?.enabled)).toEqual([false, undefined, undefined]);
});
