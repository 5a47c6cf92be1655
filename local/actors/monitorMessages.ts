import type { TimeScale } from '../scaledClock.ts';

/** What the monitor's process is told: all of it, for beside this only the AWS API on its endpoint leads in. */
export type ToMonitor =
  | {
      readonly kind: 'open';
      readonly scale: TimeScale;
      /** Log groups that exist before the stack does. */
      readonly logGroups: readonly string[];
    }
  | {
      readonly kind: 'deploy';
      readonly cdkOut: string;
      /** Where the functions find MSK Connect's API. The monitor itself never calls it. */
      readonly connectEndpoint: string;
    };

/** What the monitor's process answers. */
export type FromMonitor =
  | { readonly kind: 'listening'; readonly endpoint: string }
  | { readonly kind: 'deployed'; readonly functionLogGroup: string }
  | {
      readonly kind: 'mail';
      readonly atMs: number;
      readonly to: readonly string[];
      readonly subject: string;
      readonly message: string;
    }
  | { readonly kind: 'failed'; readonly reason: string };
