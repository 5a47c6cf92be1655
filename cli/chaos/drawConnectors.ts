import type { Policy, Remedy } from '../../recovery/policy.ts';
import type { Chance } from './draw.ts';
import type { ConnectorPlan } from './history.ts';

/** One name begins with another: a list by prefix finds both. */
const names = ['orders-cdc', 'orders-cdc-2', 'ledger-cdc', 'users-cdc'];

/** One connector in most histories, two to four in some. */
export function drawConnectors(chance: Chance): readonly ConnectorPlan[] {
  const count = chance.of([
    [1, 30],
    [2, 4],
    [3, 2],
    [4, 1],
  ] as const);
  return names.slice(0, count).map((name) => drawConnector(chance, name));
}

function drawConnector(chance: Chance, name: string): ConnectorPlan {
  const connectVersion = chance.oneIn(2) ? '2.7.1' : '3.7.x';
  const kind = chance.of([
    ['mysql', 8],
    ['mariadb', 1],
    ['postgresql', 2],
    ['other-source', 1],
    ['sink', 4],
  ] as const);
  return {
    name,
    kind,
    connectVersion,
    log: !chance.oneIn(6),
    exporter: !chance.oneIn(8),
    pinned: !chance.oneIn(8),
    heartbeats: ['mysql', 'mariadb', 'postgresql'].includes(kind) && chance.oneIn(2),
    saved: chance.of([
      ['there', 10],
      ['missing', 2],
      ['differs', 2],
    ] as const),
    idle: chance.oneIn(6),
    remedies: drawRemedies(chance, connectVersion),
    offsets: chance.oneIn(4) ? 'may-be-lost' : 'must-survive',
    drift: chance.oneIn(4) ? 'recreate-from-saved' : 'refuse',
    waits: drawWaits(chance),
    limits: drawLimits(chance),
  };
}

function drawRemedies(chance: Chance, connectVersion: ConnectorPlan['connectVersion']): readonly Remedy[] {
  if (connectVersion === '2.7.1') return chance.oneIn(8) ? ['restart', 'recreate'] : ['recreate'];
  return chance.of<readonly Remedy[]>([
    [['restart', 'recreate'], 8],
    [['recreate'], 2],
    [['restart'], 1],
    [['recreate', 'restart'], 1],
  ]);
}

/** Patience as owners set it; short more often than long, or an hour would pass in which nothing happens. */
function drawWaits(chance: Chance): Partial<Policy['waits']> {
  return {
    pollSeconds: chance.of([
      [7, 1],
      [20, 3],
      [30, 4],
      [45, 6],
    ] as const),
    healSeconds: chance.of([
      [0, 2],
      [60, 3],
      [110, 3],
    ] as const),
    verifySeconds: chance.of([
      [120, 3],
      [180, 3],
      [300, 2],
    ] as const),
    outOfReachSeconds: chance.of([
      [60, 3],
      [120, 3],
      [900, 1],
    ] as const),
    ...(chance.oneIn(3) ? { deleteSeconds: 120, createSeconds: 180, restartSeconds: 90 } : {}),
  };
}

function drawLimits(chance: Chance): Partial<Policy['limits']> {
  return {
    ...(chance.oneIn(4)
      ? {
          cooldownSeconds: chance.of([
            [0, 1],
            [120, 2],
          ] as const),
        }
      : {}),
    ...(chance.oneIn(6) ? { restartsPerRecovery: chance.between(0, 2) } : {}),
    ...(chance.oneIn(6) ? { recreationsPerRecovery: chance.between(0, 2) } : {}),
    ...(chance.oneIn(6) ? { recoveriesPerDay: chance.between(1, 5) } : {}),
  };
}
