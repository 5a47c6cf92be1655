import { median, percentile } from '../../bench/statistics.ts';
import type { Cluster, Pairs } from './intervals.ts';
import type { Plan } from './schedule.ts';
import { perVersion, tlsVersions, type PerVersion, type TlsVersion } from './versions.ts';

/** A row that was waited for. */
export interface Check {
  /** When it was to be written, from the beginning of the run. */
  readonly plannedAtMs: number;
  /** How long it took from its commit to its topic through each worker; undefined: it had not arrived when the run ended. */
  readonly delayMs: PerVersion<number | undefined>;
}

/** How long rows took, those counted as slowest of all that never came. */
export interface Delays {
  readonly count: number;
  readonly neverArrived: number;
  /** Infinity where it falls on rows that never arrived. */
  readonly leastMs: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly mostMs: number;
}

/** @returns undefined for no checks */
export function delaysOf(checks: readonly Check[], version: TlsVersion): Delays | undefined {
  if (checks.length === 0) return undefined;
  const delays = checks.map(({ delayMs }) => delayMs[version] ?? Number.POSITIVE_INFINITY);
  return {
    count: delays.length,
    neverArrived: delays.filter((delay) => delay === Number.POSITIVE_INFINITY).length,
    leastMs: Math.min(...delays),
    medianMs: median(delays),
    p95Ms: percentile(delays, 95),
    mostMs: Math.max(...delays),
  };
}

/** Of which checks a row had not arrived within the deadline: for both, for one alone (the first is TLS 1.3), for neither. */
export function failuresWithin(checks: readonly Check[], deadlineMs: number): Pairs {
  const pairs = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
  for (const check of checks) {
    const [first, second] = [failed(check, 'TLSv1.3', deadlineMs), failed(check, 'TLSv1.2', deadlineMs)];
    pairs[first && second ? 'both' : first ? 'onlyFirst' : second ? 'onlySecond' : 'neither'] += 1;
  }
  return pairs;
}

/**
 * The checks by what they may have suffered from: one cluster for the calm time, one for each unit of faults, to which every check belongs that is written
 * from its first fault on until the first one of the next.
 */
export function clustersOf(checks: readonly Check[], plan: Plan, deadlineMs: number): readonly Cluster[] {
  const beginnings = new Map<number, number>();
  for (const { unit, atMs } of plan.faults) if (!beginnings.has(unit)) beginnings.set(unit, atMs);
  const begins = [0, ...beginnings.values()];
  return begins
    .map((fromMs, index) => {
      const untilMs = begins[index + 1] ?? Number.POSITIVE_INFINITY;
      const own = checks.filter(({ plannedAtMs }) => plannedAtMs >= fromMs && plannedAtMs < untilMs);
      const pairs = failuresWithin(own, deadlineMs);
      return { checks: own.length, difference: pairs.onlyFirst - pairs.onlySecond };
    })
    .filter((cluster) => cluster.checks > 0);
}

/** The checks that are written after a fault that struck both workers at the same moment, and before the next fault. */
export function afterSharedFaults(checks: readonly Check[], { faults }: Pick<Plan, 'faults'>): readonly Check[] {
  return checks.filter(({ plannedAtMs }) => faults.findLast(({ atMs }) => atMs <= plannedAtMs)?.strikes.length === 2);
}

/** Checks of the time in which nothing had been broken yet, and those after it. */
export function byPhase(
  checks: readonly Check[],
  plan: Plan,
): { readonly calm: readonly Check[]; readonly disturbed: readonly Check[] } {
  return {
    calm: checks.filter(({ plannedAtMs }) => plannedAtMs < plan.calmUntilMs),
    disturbed: checks.filter(({ plannedAtMs }) => plannedAtMs >= plan.calmUntilMs),
  };
}

/** From when each row was committed and when it arrived. One that was seen to arrive before its commit was answered took no time. */
export function checkOf(
  plannedAtMs: number,
  id: number,
  committedAtMs: number,
  arrivals: PerVersion<ReadonlyMap<number, number>>,
): Check {
  return {
    plannedAtMs,
    delayMs: perVersion((version) => {
      const arrivedAtMs = arrivals[version].get(id);
      return arrivedAtMs === undefined ? undefined : Math.max(0, arrivedAtMs - committedAtMs);
    }),
  };
}

/** Whether nothing is waited for any more. */
export function allArrived(ids: number, arrivals: PerVersion<ReadonlyMap<number, number>>): boolean {
  return tlsVersions.every((version) =>
    Array.from({ length: ids }, (_, n) => n + 1).every((id) => arrivals[version].has(id)),
  );
}

function failed({ delayMs }: Check, version: TlsVersion, deadlineMs: number): boolean {
  const delay = delayMs[version];
  return delay === undefined || delay > deadlineMs;
}
