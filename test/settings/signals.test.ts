import { expect, test } from 'vitest';
import { checkSettings } from '../../settings/read.ts';
import type { ConnectorEntry } from '../../settings/schema.ts';
import { allDebeziumMetrics, entry, notify } from './written.ts';

function signals(written: ConnectorEntry): string[] {
  return (
    checkSettings({ notify, connectors: [written] }, 'connectors.json').connectors[0]?.signals.map(
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
    { logGroup, metrics: debezium, heartbeatSeconds: 10 },
    [
      'connected look 1 2x60',
      'event-clock look 96000 1x60',
      // Its heartbeat is made along with the database's own beat, every 48 s.
      'offset-commits look 1 2x60',
      ...tasks,
      'stalled-records look 0 2x60',
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
    { kind: 'other-source', heartbeatSeconds: 30 },
    [...tasks, 'stalled-records look 0 1x60'],
  ],
  ...(
    [
      ['postgresql', 5, 1, 2],
      ['postgresql', 30, 1, 2],
      ['postgresql', 31, 2, 2],
      ['postgresql', 89, 2, 3],
      ['postgresql', 90, 3, 3],
      ['postgresql', 600, 11, 11],
      // Made with the first beat of the database after it is due: the second, 96 s after the last.
      ['mysql', 60, 3, 3],
    ] as const
  ).map(([kind, seconds, stalled, commits]): [string, Partial<ConnectorEntry>, string[]] => [
    `a heartbeat of ${kind} every ${seconds} s`,
    { kind, heartbeatSeconds: seconds, logGroup },
    [`offset-commits look 1 ${commits}x60`, ...tasks, `stalled-records look 0 ${stalled}x60`],
  ]),
  [
    'MySQL whose database is asked to beat every 24 s',
    { heartbeatSeconds: 10, metrics: { debezium: { serverName: 'shop', publishes: [], beatSeconds: 24 } } },
    [...tasks, 'stalled-records look 0 1x60'],
  ],
  [
    'a heartbeat that comes every two hours is no reason for an alarm',
    { kind: 'postgresql', heartbeatSeconds: 7200, logGroup },
    ['offset-commits look 1 5x60', ...tasks],
  ],
  [
    'the owner says that a record comes every 2 min',
    { kind: 'other-source', logGroup, evidence: { recordsAtLeastEverySeconds: 120 } },
    ['offset-commits look 1 3x60', ...tasks, 'stalled-records look 0 3x60'],
  ],
  ['a sink makes no records of its own', { kind: 'sink', heartbeatSeconds: 10 }, tasks],
  [
    'a sink on 3.7, whose commits are not logged',
    { kind: 'sink', logGroup, metrics: lag },
    [...tasks, 'stalled-records look 0 1x60', 'lag notify 10000 5x60'],
  ],
  [
    'a sink on 2.7.1, whose commits are',
    { kind: 'sink', connectVersion: '2.7.1', logGroup },
    ['offset-commits look 1 5x60', ...tasks],
  ],
  [
    'a sink whose lag is read, however often its owner says that records come',
    { kind: 'sink', metrics: lag, evidence: { recordsAtLeastEverySeconds: 600 } },
    [...tasks, 'stalled-records look 0 1x60', 'lag notify 10000 5x60'],
  ],
  [
    'a sink whose lag is read, and whose owner would rather wait longer',
    { kind: 'sink', metrics: lag, signals: { 'stalled-records': { threshold: 100, periods: 2 } } },
    [...tasks, 'stalled-records look 100 2x60', 'lag notify 10000 5x60'],
  ],
  [
    'a sink whose lag nobody reads',
    { kind: 'sink', signals: { 'stalled-records': {} } },
    [...tasks, 'stalled-records look 0 5x60'],
  ],
  [
    'stalled records asked for where nothing makes records come wait longer',
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
