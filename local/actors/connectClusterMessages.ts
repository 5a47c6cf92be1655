import type { TaskStarts } from '../connect/simulated/kinds.ts';
import type { TimeScale } from '../scaledClock.ts';
import type { SpectatorOnly } from './connectorMessages.ts';
import type { Strike } from './strike.ts';

/** What a self-managed cluster's process is told. */
export type ToCluster =
  | {
      readonly kind: 'open';
      readonly scale: TimeScale;
      readonly seed: number;
      /** Of the cluster. */
      readonly name: string;
      /** Kafka Connect's. */
      readonly version: string;
      readonly flushSeconds: number;
      readonly taskStarts: TaskStarts;
      readonly connector: string;
      readonly configuration: Readonly<Record<string, string>>;
    }
  /** The connector is struck once, at that moment of the run's own time, and from now on its rows are counted every second. */
  | { readonly kind: 'strike'; readonly strike: Strike; readonly atMs: number };

/** What it answers. `SpectatorOnly` is for the screen alone; the watchdog has no channel to it. */
export type FromCluster =
  | { readonly kind: 'listening'; readonly urls: readonly string[]; readonly prometheusUrls: readonly string[] }
  | SpectatorOnly;
