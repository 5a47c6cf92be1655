import type { BrokenRule, Casebook } from './casebook.ts';

const rule = '9: "recovered" is said only when data was seen flowing again';

/** What people take for "it is back". */
const saysBack = /data flows|alive again/;
/** What was seen to flow may have flowed this long before it was said: an older datapoint, and a message that waited for a notifier. */
const seenBeforeMs = 15 * 60_000;

/** A message that it is back comes only where records flowed in truth between the last act and the message. */
export function backOnlyWithData({ record, name, truth, deeds }: Casebook): readonly BrokenRule[] {
  return record.messages.flatMap(({ atMs, subject }) => {
    if (!subject.includes(`${name}:`) || !saysBack.test(subject)) return [];
    const act = deeds.findLast(({ call }) => call.carriedOut && call.atMs <= atMs);
    const fromMs = act?.call.atMs ?? atMs - seenBeforeMs;
    const flowed = truth.truth.some((span, index) => {
      const untilMs = truth.truth[index + 1]?.fromMs ?? Infinity;
      return span.is === 'flowing' && span.fromMs <= atMs && untilMs > fromMs;
    });
    return flowed
      ? []
      : [{ rule, connector: name, atMs, what: `"${subject}", and no record has flowed since ${iso(fromMs)}` }];
  });
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
