import { duration, plusSeconds, secondsBetween } from './time.ts';
import type { Instant } from './time.ts';

/** A stretch of time, its end excluded. */
export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** The rate of records of a connector over its last two weeks, as it was published, minute by minute. */
export type PastRates =
  | {
      readonly kind: 'read';
      /** The start of the first minute. */
      readonly from: Instant;
      /** Records per second in each minute from then on; `undefined`: nothing was published. */
      readonly perMinute: readonly (number | undefined)[];
    }
  /** What cannot be read is unknown, and never a reason. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** What a connector's past says of how long it may be quiet. */
export interface Pace {
  /** Of minutes of which something was published, without the silence that lasts now and those that were deaths. */
  readonly observedSeconds: number;
  /** Whether every hour of a week is among them: nights, weekends, the batch on Monday. */
  readonly sawAWeek: boolean;
  /** The longest silence after which records came again by themselves, as far as anybody knows; absent: there was none. */
  readonly longest?: { readonly seconds: number; readonly since: Instant };
  /** The newest minute in which records moved. */
  readonly movedAt?: Instant;
  /** The silence that lasts now: of no part of it was anything else published. */
  readonly quiet?: Span;
}

/** How far back the past is asked for: CloudWatch keeps values of a minute for 15 days. */
export const pastSeconds = 14 * 86_400;

const minuteSeconds = 60;
const hoursOfAWeek = 168;
/** Between values that lie further apart nobody knows what happened, as with the newest ones (`readings.ts`). */
const bridgedMinutes = 2;
/**
 * Less than this is no record: a single one in a minute, seen by one of ten workers, still reads 0.0017. In the past it counts as quiet, in the
 * present as life, so that neither makes a living connector look dead.
 */
const leastRate = 0.001;

/**
 * Learns from published rates how long a connector is quiet at most.
 *
 * Minutes of which nothing was published are no quiet; but who saw nothing saw no record either, so they do not part a silence in two, lest a
 * silence of a night with a restart in it be two short ones. The silence that lasts now is no part of the past.
 * @param since what is older says nothing: another connector bore the name, or it was configured otherwise
 * @param deaths silences that lie over one of these were ended by us: the connector was dead, and did not come out of them by itself
 */
export function learnPace(rates: Extract<PastRates, { kind: 'read' }>, since: Instant, deaths: readonly Span[]): Pace {
  const at = (minute: number) => plusSeconds(rates.from, minute * minuteSeconds);
  const beganMs = Date.parse(rates.from);
  const hourOfWeek = (minute: number) => Math.floor((beganMs + minute * 60_000) / 3_600_000) % hoursOfAWeek;
  const first = Math.max(0, Math.ceil(secondsBetween(rates.from, since) / minuteSeconds));
  const hours = new Set<number>();
  let observed = 0;
  let longest: Pace['longest'];
  let moved: number | undefined;
  let silence = noSilence;
  for (let minute = first; minute < rates.perMinute.length; minute += 1) {
    const rate = rates.perMinute[minute];
    if (rate === undefined) continue;
    if (rate <= leastRate) {
      silence = prolonged(silence, minute);
      if (rate > 0) moved = minute;
      continue;
    }
    moved = minute;
    if (!isDeath(silence, minute, at, deaths)) {
      observed += silence.seen.length;
      for (const seen of silence.seen) hours.add(hourOfWeek(seen));
      const seconds = silence.minutes * minuteSeconds;
      const begun = silence.seen[0];
      if (begun !== undefined && seconds > (longest?.seconds ?? 0)) longest = { seconds, since: at(begun) };
    }
    silence = noSilence;
    observed += 1;
    hours.add(hourOfWeek(minute));
  }
  const quiet = quietNow(rates.perMinute, first);
  return {
    observedSeconds: observed * minuteSeconds,
    sawAWeek: hours.size === hoursOfAWeek,
    ...(longest === undefined ? {} : { longest }),
    ...(moved === undefined ? {} : { movedAt: at(moved) }),
    ...(quiet === undefined ? {} : { quiet: { from: at(quiet.first), to: at(quiet.last + 1) } }),
  };
}

interface Silence {
  /** The minutes that were published. */
  readonly seen: number[];
  /** With the short pauses between them. */
  readonly minutes: number;
}

const noSilence: Silence = { seen: [], minutes: 0 };

function prolonged({ seen, minutes }: Silence, minute: number): Silence {
  const last = seen.at(-1);
  if (last === undefined) return { seen: [minute], minutes: 1 };
  seen.push(minute);
  const missing = minute - last - 1;
  return { seen, minutes: minutes + 1 + (missing <= bridgedMinutes ? missing : 0) };
}

function isDeath({ seen }: Silence, end: number, at: (minute: number) => Instant, deaths: readonly Span[]): boolean {
  const [begun] = seen;
  if (begun === undefined) return false;
  return deaths.some(({ from, to }) => at(begun) < to && from < at(end + 1));
}

function quietNow(
  perMinute: readonly (number | undefined)[],
  from: number,
): { readonly first: number; readonly last: number } | undefined {
  let first: number | undefined;
  let last: number | undefined;
  for (let minute = perMinute.length - 1; minute >= from; minute -= 1) {
    const rate = perMinute[minute];
    if (rate === undefined) continue;
    if (rate > 0 || (first !== undefined && first - minute - 1 > bridgedMinutes)) break;
    first = minute;
    last ??= minute;
  }
  return first === undefined || last === undefined ? undefined : { first, last };
}

/** What was learned: how long it may be quiet, or why its past sets no limit, in a person's words. */
export type LearnedLimit =
  | { readonly kind: 'limit'; readonly seconds: number; readonly because: string }
  | { readonly kind: 'none'; readonly because: string };

/** A weekend and every other day of the week, and one day more. */
const leastObservedDays = 8;
const leastLimitSeconds = 600;
/** A connector that is quiet for half of a day now and then has no rhythm that a limit could be taken from. */
const longestLimitSeconds = 12 * 3600;

/**
 * How long a connector of this pace may be quiet before its silence is a proof: twice the longest silence that it came out of, at least 10 min and
 * never less than the failure may need to heal by itself.
 */
export function learnedLimit(pace: Pace, healSeconds: number): LearnedLimit {
  const days = Math.floor(pace.observedSeconds / 86_400);
  if (days < leastObservedDays || !pace.sawAWeek) {
    const seen =
      days >= leastObservedDays ? 'no whole week of its past was seen' : `only ${daysOf(days)} of its past were seen`;
    return {
      kind: 'none',
      because: `${seen}, and it takes ${leastObservedDays} days with every hour of a week among them to learn how long it may be quiet; until then evidence.recordsAtLeastEverySeconds can say it`,
    };
  }
  const longest = pace.longest?.seconds ?? 0;
  const seconds = Math.max(leastLimitSeconds, 2 * longest, healSeconds);
  if (seconds > longestLimitSeconds) {
    return {
      kind: 'none',
      because: `${ever(pace)}, so its past sets no limit; evidence.recordsAtLeastEverySeconds can`,
    };
  }
  return { kind: 'limit', seconds, because: ever(pace) };
}

function ever({ longest, observedSeconds }: Pace): string {
  const seen = daysOf(Math.round(observedSeconds / 86_400));
  if (longest === undefined) return `never for a whole minute in ${seen}`;
  const when = `${longest.since.slice(0, 10)}, ${longest.since.slice(11, 16)} UTC`;
  return `never more than ${duration(longest.seconds)} in ${seen} (${when})`;
}

function daysOf(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}
