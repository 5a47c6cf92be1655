import {
  clustered,
  errorBetween,
  mcnemarExact,
  newcombePaired,
  sharesOf,
  wider,
  wilson,
  type Cluster,
  type Interval,
  type Pairs,
} from './intervals.ts';
import { afterSharedFaults, byPhase, clustersOf, delaysOf, failuresWithin, type Check } from './outcome.ts';
import { checksApart, checksTogether, timesAsLong } from './sampleSize.ts';
import type { Plan, PlannedFault } from './schedule.ts';
import { spoken, tlsVersions } from './versions.ts';

/** Besides the run's own, to show what a deadline does to a share. */
const deadlinesMs = [2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 90_000, 120_000];

/**
 * The original's hour: 41 checks at 90 s are the only number near an hour of which 7 are 17.1 % and 4 are 9.8 % [inferred from the shares; the 4 that
 * failed together and the 3 that failed alone were told].
 */
const original: Pairs = { both: 4, onlyFirst: 3, onlySecond: 0, neither: 34 };

/**
 * What a comparison showed, line by line.
 * @param deadlineMs what counts as a failure: a row that had not arrived by then
 */
export function comparisonLines(checks: readonly Check[], plan: Plan, deadlineMs: number): readonly string[] {
  const { calm, disturbed } = byPhase(checks, plan);
  const pairs = failuresWithin(checks, deadlineMs);
  const shared = afterSharedFaults(checks, plan);
  const inShared = failuresWithin(shared, deadlineMs);
  return [
    ...faultLines(plan.faults),
    '',
    'From a row’s commit to its record in the topic, in seconds (a row that never arrived counts as the slowest):',
    '                        rows     min  median     p95     max   never',
    ...delayLines('calm', calm),
    ...delayLines('with faults', disturbed),
    '',
    'Rows that had not arrived within a deadline, by deadline:',
    '  deadline   TLS 1.3              TLS 1.2              both  1.3 alone  1.2 alone  difference, 95 % interval',
    ...[...new Set([...deadlinesMs, deadlineMs])]
      .toSorted((a, b) => a - b)
      .map((each) => shareLine(checks, plan, each, each === deadlineMs)),
    '',
    `At the deadline of this run, ${seconds(deadlineMs)} s: ${verdict(checks, plan, deadlineMs)}`,
    `Failures alone, ${pairs.onlyFirst} and ${pairs.onlySecond}: a split that uneven or more comes by chance with p = ${mcnemarExact(pairs).toFixed(3)}, if checks failed independently, which in one outage they do not.`,
    `Of the ${shared.length} rows after a fault that struck both at once and before the next fault: ${inShared.both} late for both, ${inShared.onlyFirst} for TLS 1.3 alone, ${inShared.onlySecond} for TLS 1.2 alone.`,
    'The interval is the wider of two: Newcombe’s for paired shares, which takes each check for itself, and one of the clusters of checks between faults, which does not.',
    '',
    ...originalLines(),
    ...lengthLines(clustersOf(checks, plan, deadlineMs), plan),
  ];
}

function faultLines(faults: readonly PlannedFault[]): readonly string[] {
  return [
    `Faults: ${faults.length}, at these seconds of the run:`,
    ...faults.map(({ kind, atMs, lastsMs, strikes }) => {
      const whom = strikes.length === 2 ? 'both' : `${spoken(strikes[0] ?? 'TLSv1.3')} alone`;
      return `  ${seconds(atMs).padStart(6)}  ${kind}${lastsMs > 0 ? ` for ${seconds(lastsMs)} s` : ''}, ${whom}`;
    }),
  ];
}

function delayLines(phase: string, checks: readonly Check[]): readonly string[] {
  return tlsVersions.map((version) => {
    const delays = delaysOf(checks, version);
    const label = `  ${phase}, ${spoken(version)}`.padEnd(23);
    if (delays === undefined) return `${label} none`;
    const figures = [delays.leastMs, delays.medianMs, delays.p95Ms, delays.mostMs].map((each) =>
      (each === Number.POSITIVE_INFINITY ? 'never' : (each / 1000).toFixed(2)).padStart(8),
    );
    return `${label}${String(delays.count).padStart(5)}${figures.join('')}${String(delays.neverArrived).padStart(8)}`;
  });
}

function shareLine(checks: readonly Check[], plan: Plan, deadlineMs: number, own: boolean): string {
  const pairs = failuresWithin(checks, deadlineMs);
  const { total, first, second, difference } = sharesOf(pairs);
  const share = (part: number, count: number) => {
    const { low, high } = wilson(count, total);
    return `${percent(part)} (${percent(low)}-${percent(high)})`.padEnd(21);
  };
  const interval = differenceInterval(checks, plan, deadlineMs);
  return [
    `${own ? '*' : ' '} ${seconds(deadlineMs).padStart(6)} s   `,
    share(first, pairs.both + pairs.onlyFirst),
    share(second, pairs.both + pairs.onlySecond),
    String(pairs.both).padStart(4),
    String(pairs.onlyFirst).padStart(11),
    String(pairs.onlySecond).padStart(11),
    `  ${points(difference)} (${points(interval.low)} to ${points(interval.high)})`,
  ].join('');
}

function differenceInterval(checks: readonly Check[], plan: Plan, deadlineMs: number): Interval {
  return wider(newcombePaired(failuresWithin(checks, deadlineMs)), clustered(clustersOf(checks, plan, deadlineMs)));
}

function verdict(checks: readonly Check[], plan: Plan, deadlineMs: number): string {
  const { difference } = sharesOf(failuresWithin(checks, deadlineMs));
  const { low, high } = differenceInterval(checks, plan, deadlineMs);
  const range = `a difference of ${points(low)} to ${points(high)} points (TLS 1.3 less TLS 1.2) fits what was seen`;
  if (low <= 0 && high >= 0) return `no difference between the versions is shown; ${range}.`;
  return `${difference > 0 ? 'TLS 1.3' : 'TLS 1.2'} failed more often; ${range}.`;
}

function originalLines(): readonly string[] {
  const { low, high } = newcombePaired(original);
  const { total } = sharesOf(original);
  const alone = original.onlyFirst / total;
  return [
    `The original’s hour, 17.1 % and 9.8 %, is 7 and 4 of ${total} checks: 4 together, 3 with one version alone. Such a split comes by chance with p = ${mcnemarExact(original).toFixed(2)};`,
    `  a difference of ${points(low)} to ${points(high)} points fits it. To tell 17.1 % from 9.8 % (level 5 %, power 80 %) takes ${checksApart(0.171, 0.098)} checks of each version`,
    `  if they fail independently (${((checksApart(0.171, 0.098) * 90) / 3600).toFixed(1)} h at one in 90 s), ${checksTogether(alone, 0)} if they mostly fail together, as there; more where one outage spoils several checks.`,
  ];
}

function lengthLines(clusters: readonly Cluster[], { lastsMs }: Plan): readonly string[] {
  const error = errorBetween(clusters);
  if (error === undefined) return [];
  const hours = (timesAsLong(error, 0.171 - 0.098) * lastsMs) / 3_600_000;
  return [
    `By what differed between the ${clusters.length} clusters of this run, a difference of 7.3 points would take about ${hours.toFixed(1)} h of faults like these; that is itself a guess from so few.`,
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

function points(difference: number): string {
  const rounded = (difference * 100).toFixed(1);
  return difference > 0 && rounded !== '0.0' ? `+${rounded}` : rounded.replace(/^-0\.0$/, '0.0');
}

function seconds(ms: number): string {
  return Number.isInteger(ms / 1000) ? String(ms / 1000) : (ms / 1000).toFixed(1);
}
