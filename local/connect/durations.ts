import type { Random } from '../seededRandom.ts';

/** How long MSK Connect's asynchronous work takes, in seconds. */
export interface Durations {
  /** From CreateConnector to RUNNING. @default 240 */
  readonly createSeconds: number;
  /** From CreateConnector to FAILED, when the connector cannot be started. @default 1200 */
  readonly createFailureSeconds: number;
  /** @default 240 */
  readonly deleteSeconds: number;
  /** No duration is published. @default 60 */
  readonly restartSeconds: number;
  /** @default 300 */
  readonly updateSeconds: number;
  /** Pausing and resuming. @default 30 */
  readonly pauseSeconds: number;
  /** How far each may fall short of or exceed its length, as a share of it. @default 0 */
  readonly jitter: number;
}

/** Deletion and creation: 3 to 5 minutes are reported; a broken creation fails after about 20. The other three are [inferred]. */
export const defaultDurations: Durations = {
  createSeconds: 240,
  createFailureSeconds: 1200,
  deleteSeconds: 240,
  restartSeconds: 60,
  updateSeconds: 300,
  pauseSeconds: 30,
  jitter: 0,
};

export type Work = Exclude<keyof Durations, 'jitter'>;

/** How long this piece of work takes this time, in milliseconds. */
export function drawMilliseconds(durations: Durations, work: Work, random: Random): number {
  const spread = durations.jitter === 0 ? 1 : 1 + durations.jitter * (2 * random() - 1);
  return Math.round(durations[work] * 1000 * spread);
}
