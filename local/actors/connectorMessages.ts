import type { Durations } from '../connect/durations.ts';
import type { TaskStarts } from '../connect/simulated/kinds.ts';
import type { RowCount } from '../connect/rowCount.ts';
import type { TimeScale } from '../scaledClock.ts';
import type { Strike } from './strike.ts';

/** What the connector's process is told. */
export type ToConnector =
  | {
      readonly kind: 'open';
      readonly scale: TimeScale;
      readonly seed: number;
      readonly hosts: readonly string[];
      /** Where worker logs and metrics go: CloudWatch, as far as the connector knows. */
      readonly cloudWatchEndpoint: string;
      /** How long MSK Connect takes for its part. @default creation 30 s, which nobody wants to watch; restart 60 s */
      readonly durations?: Partial<Durations>;
      /** How long restarts take to give data. @default as measured */
      readonly taskStarts?: TaskStarts;
    }
  /** From now on the connector breaks once in each of so many windows, at a random moment. */
  | { readonly kind: 'begin'; readonly connector: string; readonly windows: number; readonly windowSeconds: number }
  /** The connector is struck once, at that moment of the run's own time, and from now on its rows are counted every second. */
  | { readonly kind: 'strike'; readonly connector: string; readonly strike: Strike; readonly atMs: number };

/** What the connector's process answers. */
export type FromConnector = { readonly kind: 'listening'; readonly endpoint: string } | SpectatorOnly;

/**
 * What really happened, for the spectator's screen alone. None of it is ever sent to the monitor: a test records all that it is sent.
 * Times are in the run's own, in milliseconds since the epoch.
 */
export type SpectatorOnly =
  | { readonly kind: 'truth'; readonly truth: 'broke'; readonly atMs: number; readonly connector: string }
  | {
      readonly kind: 'truth';
      readonly truth: 'rows-again';
      readonly atMs: number;
      readonly connector: string;
      readonly waited: number;
    }
  | {
      readonly kind: 'truth';
      readonly truth: 'called';
      readonly atMs: number;
      readonly connector: string;
      readonly operation: string;
      readonly error?: string;
    }
  | {
      readonly kind: 'truth';
      readonly truth: 'state';
      readonly atMs: number;
      readonly connector: string;
      readonly state: string;
    }
  | {
      readonly kind: 'truth';
      readonly truth: 'rows';
      readonly atMs: number;
      readonly connector: string;
      readonly rows: RowCount;
    };
