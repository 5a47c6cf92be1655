import { expect, test } from 'vitest';
import { checkSettings } from '../../settings/read.ts';
import type { ConnectorEntry } from '../../settings/schema.ts';
import { allDebeziumMetrics, entry } from './written.ts';

function signals(written: ConnectorEntry): string[] {
  return (
    checkSettings({ connectors: [written] }, 'connectors.json').connectors[0]?.signals.map(
      ({ signal, does, threshold, periods, periodSeconds }) =>
        `${signal} ${does} ${threshold} ${periods}x${periodSeconds}`,
    ) ?? []
  );
}

const tasks = ['errored-tasks look 1 2x60', 'running-tasks look 1 3x60'];
const logGroup = '/msk-connect/shop';
const debezium = { debezium: allDebeziumMetrics };
const lag = { lag: { clusterName: 'shop', topics: ['orders'] } };

test.each<[string, Partial<ConnectorEntry>, string[]]>([
  ['nothing but the entry itself', {}, tasks],
  ['a log group', { logGroup }, ['offset-commits look 1 5x60', ...tasks]],
  [
    'MySQL with everything',
    { logGroup, metrics: debezium, heartbeats: true },
    [
      'connected look 1 2x60',
      'event-clock look 96000 1x60',
      'offset-commits look 1 5x60',
      ...tasks,
      'stalled-records look 0 3x60',
      'lag notify 300000 3x60',
    ],
  ],
  [
    'MariaDB beats as MySQL does',
    { kind: 'mariadb', metrics: debezium },
    ['connected look 1 2x60', 'event-clock look 96000 1x60', ...tasks, 'lag notify 300000 3x60'],
  ],
  ...[
    { beat: 120, threshold: 240_000 },
    { beat: 11, threshold: 22_000 },
    // Two beats of 8 s are less than the exporter shows.
    { beat: 8, threshold: 20_000 },
  ].map(({ beat, threshold }): [string, Partial<ConnectorEntry>, string[]] => [
    `a database that is heard every ${beat} s`,
    {
      metrics: {
        debezium: { serverName: 'shop', publishes: ['MilliSecondsSinceLastEvent'], beatSeconds: beat },
      },
    },
    [`event-clock look ${threshold} 1x60`, ...tasks],
  ]),
  [
    'a threshold that is written outranks the beats',
    {
      metrics: { debezium: { serverName: 'shop', publishes: ['MilliSecondsSinceLastEvent'], beatSeconds: 8 } },
      signals: { 'event-clock': { threshold: 300_000 } },
    },
    ['event-clock look 300000 1x60', ...tasks],
  ],
  [
    'PostgreSQL has no event clock to trust',
    { kind: 'postgresql', metrics: debezium },
    ['connected look 1 2x60', ...tasks, 'lag notify 300000 3x60'],
  ],
  [
    'what the exporter publishes unasked',
    { metrics: { debezium: { serverName: 'shop' } } },
    [...tasks, 'lag notify 300000 3x60'],
  ],
  [
    'another source with heartbeats',
    { kind: 'other-source', heartbeats: true },
    [...tasks, 'stalled-records look 0 3x60'],
  ],
  [
    'a sink on 3.7, whose commits are not logged',
    { kind: 'sink', logGroup, metrics: lag },
    [...tasks, 'stalled-records look 0 5x60', 'lag notify 10000 5x60'],
  ],
  [
    'a sink on 2.7.1, whose commits are',
    { kind: 'sink', connectVersion: '2.7.1', logGroup },
    ['offset-commits look 1 5x60', ...tasks],
  ],
  [
    'stalled records asked for without heartbeats wait longer',
    { signals: { 'stalled-records': {} } },
    [...tasks, 'stalled-records look 0 5x60'],
  ],
  ['a signal switched off', { logGroup, signals: { 'offset-commits': false } }, tasks],
  [
    'a signal changed in one thing only',
    { metrics: debezium, signals: { lag: { does: 'look' }, connected: { periods: 4 }, 'event-clock': false } },
    ['connected look 1 4x60', ...tasks, 'lag look 300000 3x60'],
  ],
])('%s', (_, changes, expected) => {
  expect(signals(entry(changes))).toEqual(expected);
});
