import type { Position, Sample, Series, Signs } from './signs.ts';
import type { Instant } from './time.ts';
import { later, plusSeconds, secondsBetween } from './time.ts';

/** How the samples of a rate, a count or a lag read, seen from the end of the window backwards. */
export interface Reading {
  readonly newest: { readonly at: Instant; readonly value: number };
  /** Since when every sample is zero, without a gap between them; `undefined`: the newest is not. */
  readonly zeroSince?: Instant;
  /** The end of the newest sample above zero. */
  readonly lastAboveZero?: Instant;
}

/** Between samples that lie further apart nobody knows what happened: one period late is usual, more is missing data. */
const gapSeconds = 120;

/** Reads a series of which zero means "nothing happened"; `undefined` when there is no sample. */
export function readSeries(series: Series): Reading | undefined {
  if (series.kind !== 'read') return undefined;
  const newest = series.samples.at(-1);
  if (newest === undefined) return undefined;
  const alive = series.samples.findLast((sample) => sample.value > 0);
  const firstZero = series.samples.find(
    (sample, index) => (alive === undefined || sample.from > alive.from) && isContiguous(series.samples.slice(index)),
  );
  return {
    newest: { at: newest.to, value: newest.value },
    ...(firstZero === undefined ? {} : { zeroSince: firstZero.from }),
    ...(alive === undefined ? {} : { lastAboveZero: alive.to }),
  };
}

function isContiguous(samples: readonly Sample[]): boolean {
  return samples.every((sample, index) => {
    const next = samples[index + 1];
    return next === undefined || next.from === sample.to || secondsBetween(sample.to, next.from) <= gapSeconds;
  });
}

/** The source's event clock: when the newest event came, as Debezium's `MilliSecondsSinceLastEvent` lets one reckon. */
export interface EventClock {
  readonly readAt: Instant;
  /** The earliest moment at which the newest event may have come. */
  readonly lastEventAt: Instant;
  /** The latest: nothing may act before a failure that began then has had its time to heal itself. */
  readonly silentSince: Instant;
  readonly silentSeconds: number;
  /** What it read last, unless an event came within that same minute: a reason to look again, and no proof. */
  readonly lastReadSeconds: number;
}

/** The exporter publishes so often, so that the smallest value of a silent minute was read this soon after it began. */
const publishedEverySeconds = 15;

/**
 * Reckons the event clock from its newest sample. `undefined`: nothing published, no event yet (-1), or the value is older than
 * `notBefore`, so it belongs to a task that is gone: Debezium leaves a dead task's values standing when its name is still taken
 * (measured; `Failed to register metrics MBean`), and a restarted connector must not be judged by its predecessor.
 */
export function readEventClock(series: Series, notBefore: Instant | undefined): EventClock | undefined {
  if (series.kind !== 'read') return undefined;
  const newest = series.samples.at(-1);
  if (newest === undefined || newest.value < 0) return undefined;
  // The smallest value of a period was read at some moment of it; the earliest is taken, or a predecessor's event could pass for ours.
  const lastEventAt = new Date(Date.parse(newest.from) - newest.value).toISOString();
  if (notBefore !== undefined && lastEventAt < notBefore) return undefined;
  const readUntil = [newest.to, plusSeconds(newest.from, publishedEverySeconds)].toSorted()[0] ?? newest.to;
  const smallest = newest.value / 1000;
  const greatest = (newest.greatest ?? newest.value) / 1000;
  // An event within the period would have left a value smaller than the period is long; without one the clock only grew.
  const onlyGrew = smallest > secondsBetween(newest.from, newest.to);
  return {
    readAt: newest.to,
    lastEventAt,
    silentSince: plusSeconds(readUntil, -smallest),
    silentSeconds: onlyGrew ? greatest : smallest,
    lastReadSeconds: greatest,
  };
}

/** The newest moment at which records were read, handed on or committed. */
export function lastSignOfLife(signs: Signs): Instant | undefined {
  const commits = signs.log.kind === 'read' ? signs.log.commits?.lastAt : undefined;
  let newest = later(commits, positionMovedAt(signs));
  for (const series of [signs.recordsIn, signs.recordsOut]) newest = later(newest, readSeries(series)?.lastAboveZero);
  return newest;
}

/** When committed offsets were last seen to move, of the connector or of any of its tasks. */
function positionMovedAt({ position, tasks }: Signs): Instant | undefined {
  const moved = (of: Position | undefined) => (of?.kind === 'read' ? of.movedAt : undefined);
  let newest = moved(position);
  for (const task of tasks ?? []) newest = later(newest, moved(task.position));
  return newest;
}

/** Metrics arrive a period and a delivery after the fact; what is newer than this still speaks for the present. */
export const freshSeconds = 240;

/** Whether a sample is fresh enough to speak for the present. */
export function isFresh(at: Instant, now: Instant, withinSeconds: number): boolean {
  return secondsBetween(at, now) <= withinSeconds;
}
