import type { Befall, ConnectorPlan, History } from '../../../cli/chaos/history.ts';

/** A MySQL source on Connect 2.7.1, which only a recreation cures. */
export function plan(changes: Partial<ConnectorPlan> = {}): ConnectorPlan {
  return {
    name: 'orders-cdc',
    kind: 'mysql',
    connectVersion: '2.7.1',
    log: true,
    exporter: true,
    pinned: true,
    heartbeats: false,
    saved: 'there',
    idle: false,
    remedies: ['recreate'],
    offsets: 'must-survive',
    drift: 'refuse',
    waits: { pollSeconds: 20, healSeconds: 60 },
    limits: {},
    ...changes,
  };
}

/** The same on Connect 3.7, where a restart cures it. */
export const restartable = plan({ connectVersion: '3.7.x', remedies: ['restart', 'recreate'] });

/** It dies after a minute, and an alarm says so two minutes later. */
export const dies: readonly Befall[] = [
  { kind: 'turns', when: { atSeconds: 60 }, connector: 0, into: 'dead', curedBy: 'restart', orphaned: false },
  {
    kind: 'alarm',
    when: { atSeconds: 180 },
    connector: 0,
    times: 1,
    everySeconds: 0,
    lateSeconds: 0,
    copies: 1,
    reordered: false,
  },
];

/** A history of one connector that dies, and what befalls besides. */
export function history(befalls: readonly Befall[], changes: Partial<History> = {}): History {
  return {
    seed: 7,
    connectors: [plan()],
    durations: { createSeconds: 60, createFailureSeconds: 90, deleteSeconds: 40, restartSeconds: 20 },
    clockSpreadSeconds: 0,
    calmAtSeconds: 900,
    befalls: [...dies, ...befalls],
    ...changes,
  };
}
