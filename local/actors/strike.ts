import type { RowCount } from '../connect/rowCount.ts';
import { producerTimedOut } from '../connect/simulated/traces.ts';
import type { LocalClock } from '../clock.ts';
import type { SimulatedDataPlane } from '../connect/simulated/simulatedDataPlane.ts';
import type { SimulatedConnectCluster } from '../selfManaged/simulatedConnectCluster.ts';
import type { SpectatorOnly } from './connectorMessages.ts';

/** What befalls a connector: its connection hangs half open, or its task dies of what a restart cures. */
export type Strike = 'half-open' | 'failed-task';

/** A simulated world, whichever, that lets it happen. */
export interface Struck {
  halfOpen(name: string): void;
  failTask(name: string, trace: readonly string[]): void;
  rows(name: string): RowCount;
}

export function struckDataPlane(dataPlane: SimulatedDataPlane): Struck {
  return {
    halfOpen: (name) => dataPlane.halfOpen(name),
    failTask: (name, trace) => dataPlane.taskFailed(name, undefined, trace),
    rows: (name) => dataPlane.rows(name),
  };
}

export function struckCluster(cluster: SimulatedConnectCluster): Struck {
  return {
    halfOpen: (name) => cluster.halfOpen(name),
    failTask: (name, trace) => cluster.failTask(name, 0, trace.join('\n')),
    rows: (name) => cluster.rows(name),
  };
}

export function strike(world: Struck, name: string, what: Strike): void {
  if (what === 'half-open') world.halfOpen(name);
  else world.failTask(name, producerTimedOut);
}

const countEveryMs = 1000;

/** Strikes once, at that moment, and tells the spectator of it and of the rows, every second from now on. */
export function strikeAt(options: {
  readonly clock: LocalClock;
  readonly world: Struck;
  readonly connector: string;
  readonly strike: Strike;
  readonly atMs: number;
  readonly tell: (truth: SpectatorOnly) => void;
}): void {
  const { clock, world, connector, tell } = options;
  const count = () => {
    tell({ kind: 'truth', truth: 'rows', atMs: clock.now(), connector, rows: world.rows(connector) });
    clock.at(clock.now() + countEveryMs, count);
  };
  clock.at(options.atMs, () => {
    tell({ kind: 'truth', truth: 'rows', atMs: clock.now(), connector, rows: world.rows(connector) });
    strike(world, connector, options.strike);
    tell({ kind: 'truth', truth: 'broke', atMs: clock.now(), connector });
  });
  count();
}
