import type { RowCount } from '../../local/connect/rowCount.ts';

export const sides = ['MSK Connect', 'self-managed'] as const;

/** One of the two worlds. */
export type Side = (typeof sides)[number];

/** When what happened in one world, in the run's own time, milliseconds since the epoch. What was never seen is absent. */
export interface Marks {
  readonly failedAtMs: number;
  /** The monitor said that something is wrong: an alarm, or the watchdog's first look that is more than a glance. */
  readonly detectedAtMs?: number;
  /** The engine decided for the first act that was accepted: a restart, or a deletion. */
  readonly actedAtMs?: number;
  /** A row that was written after the failure arrived. */
  readonly rowsAtMs?: number;
  /** The engine had seen data flow again, and finished. */
  readonly provedAtMs?: number;
}

/** While nothing arrived and nobody had acted: from the failure to the act, or to the data where nobody did. */
export function silenceOf({ failedAtMs, actedAtMs, rowsAtMs }: Marks): readonly [fromMs: number, toMs: number] {
  return [failedAtMs, actedAtMs ?? rowsAtMs ?? failedAtMs];
}

/** How one world fared. */
export interface SideResult {
  readonly side: Side;
  readonly marks: Marks;
  /** Who said first that something is wrong, and in which words. */
  readonly detectedBy?: string;
  /** The engine's reason for its first act, in its own words. */
  readonly reason?: string;
  /** What was done to the connector and accepted, in order. */
  readonly acts: readonly string[];
  /** The most rows that waited at once, from the failure on. */
  readonly mostWaiting: number;
  readonly rows: RowCount;
}

export const phaseNames = [
  'failure until it was detected',
  'detected until the act',
  'the act until data arrived',
  'in all: data stood still',
  'data arrived until it was proved',
] as const;

export type PhaseName = (typeof phaseNames)[number];

/** How long each phase took, in seconds; `undefined` where one of its ends was never seen. */
export function phasesOf(marks: Marks): Readonly<Record<PhaseName, number | undefined>> {
  const { failedAtMs, detectedAtMs, actedAtMs, rowsAtMs, provedAtMs } = marks;
  const between = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? undefined : (to - from) / 1000;
  return {
    'failure until it was detected': between(failedAtMs, detectedAtMs),
    'detected until the act': between(detectedAtMs, actedAtMs),
    'the act until data arrived': between(actedAtMs, rowsAtMs),
    'in all: data stood still': between(failedAtMs, rowsAtMs),
    'data arrived until it was proved': between(rowsAtMs, provedAtMs),
  };
}
