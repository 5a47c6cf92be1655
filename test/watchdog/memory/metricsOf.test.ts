import { describe, expect, it } from 'vitest';
import { ClusterMemory } from '../../../watchdog/memory/clusterMemory.ts';
import type { ClusterSeen, ConnectorSeen } from '../../../watchdog/round/seen.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 5, 8) + 1000 * seconds).toISOString();

/** A source with one task, on that worker. */
const sourceOn = (worker: string): ConnectorSeen => ({
  name: 'orders',
  type: 'source',
  state: 'RUNNING',
  worker,
  tasks: [{ id: 0, state: 'RUNNING', worker }],
  configuration: { 'connector.class': 'io.debezium.connector.mysql.MySqlConnector', 'topic.prefix': 'shop' },
  offsets: { kind: 'not-asked' },
  lag: { kind: 'not-watched', cure: 'a source has no consumer lag' },
});

/** A round in which the agent of one worker alone is asked, and shows an event clock of the source that stands. */
const round = (seconds: number, connector: ConnectorSeen, agentOf: string): ClusterSeen => ({
  cluster: 'shop',
  at: at(seconds),
  tookSeconds: 0.1,
  workers: [],
  metrics: [
    {
      worker: agentOf,
      values: {
        kind: 'read',
        at: at(seconds),
        value: { rates: [], debezium: [{ server: 'shop', msSinceLastEvent: 1000 * seconds }] },
      },
    },
  ],
  rebalancing: false,
  connectors: { kind: 'read', at: at(seconds), by: agentOf, list: [connector], others: [] },
});

function clockAfter(...rounds: readonly ClusterSeen[]) {
  const memory = new ClusterMemory('shop', 3600);
  for (const one of rounds) memory.learn(one);
  const clock = memory.signs('orders', at(0), at(100))?.msSinceLastEvent;
  return clock?.kind === 'read' ? clock.samples.map(({ value }) => value) : undefined;
}

describe('where one worker’s agent is asked, as in a sidecar', () => {
  it('its word counts for what lives there', () => {
    expect(clockAfter(round(10, sourceOn('10.0.0.5:8083'), '10.0.0.5:8083'))).toEqual([10_000]);
  });

  it('what a task left behind there when it moved is not taken for its own', () => {
    const rounds = [
      round(10, sourceOn('10.0.0.5:8083'), '10.0.0.5:8083'),
      round(20, sourceOn('10.0.0.6:8083'), '10.0.0.5:8083'),
    ];
    expect(clockAfter(...rounds)).toEqual([10_000]);
  });

  it('its word counts where states call its worker otherwise than the settings: whose it is nobody knows', () => {
    expect(clockAfter(round(10, sourceOn('10.0.0.5:8083'), '127.0.0.1:8083'))).toEqual([10_000]);
  });
});
