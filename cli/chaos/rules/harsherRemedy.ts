import { wasAsked } from './asked.ts';
import { broken, stateAt } from './casebook.ts';
import type { BrokenRule, Casebook, Deed } from './casebook.ts';

const tooSoon = '8: nothing harsher before the time in which it heals by itself';
const stale = '8: a harsher remedy follows only on evidence newer than the last act';

/** Clocks of two invocations may differ by so much. */
const clocksSeconds = 10;

/**
 * A deletion that follows an act on the same connector comes no sooner than the policy's heal time after it, and after a look at metrics or log
 * lines that are newer than that act. FAILED is final: nothing heals, and the state itself is the evidence.
 */
export function harsherRemedy(book: Casebook): readonly BrokenRule[] {
  return book.deeds.flatMap((deed, index) => {
    if (deed.kind !== 'delete' || !deed.call.carriedOut || wasAsked(book, deed)) return [];
    if (stateAt(book, deed.arn, deed.decided.atMs) === 'FAILED') return [];
    const act = book.deeds.slice(0, index).findLast(({ call }) => call.carriedOut);
    if (act === undefined || act.kind === 'delete') return [];
    const endedMs = endOf(book, act);
    const waited = (deed.call.atMs - endedMs) / 1000;
    const { healSeconds } = book.settings.policy.waits;
    if (waited < healSeconds - clocksSeconds)
      return [broken(tooSoon, book, deed.call, `the ${act.kind} before it ended ${Math.round(waited)} s ago`)];
    if (newestSeenMs(deed) > endedMs - clocksSeconds * 1000) return [];
    return [broken(stale, book, deed.call, `all that was seen is older than the ${act.kind} before it`)];
  });
}

/** When the connector was at rest again after the act. */
function endOf({ truth }: Casebook, { call, arn }: Deed): number {
  return (
    truth.states.find((one) => one.arn === arn && one.atMs > call.atMs && one.state === 'RUNNING')?.atMs ?? call.atMs
  );
}

/** The newest datapoint or log line that the invocation was shown. */
function newestSeenMs({ before }: Deed): number {
  let newest = -Infinity;
  for (const { operation, output, answered } of before) {
    if (!answered || output === undefined) continue;
    const shown =
      operation === 'GetMetricData'
        ? listOf(output['MetricDataResults']).flatMap((result) => listOf(fieldOf(result, 'Timestamps')))
        : operation === 'FilterLogEvents'
          ? listOf(output['events']).map((event) => fieldOf(event, 'timestamp'))
          : [];
    for (const time of shown) newest = Math.max(newest, msOf(time));
  }
  return newest;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function msOf(time: unknown): number {
  if (time instanceof Date) return time.getTime();
  if (typeof time === 'number') return time;
  return typeof time === 'string' ? Date.parse(time) : -Infinity;
}
