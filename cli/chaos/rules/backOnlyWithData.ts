import type { BrokenRule, Casebook } from './casebook.ts';

const rule = '9: "recovered" is said only when data was seen flowing again';

/** What people take for "it is back". */
const saysBack = /data flows|alive again/;
/** What was seen to flow may have flowed this long before it was said: an older datapoint, and a message that waited for a notifier. */
const seenBeforeMs = 15 * 60_000;

/** A message that it is back comes only where records flowed in truth between the last act and the message. */
export function backOnlyWithData({ record, name, truth, deeds }: Casebook): readonly BrokenRule[] {
  return record.messages.flatMap(({ atMs, subject, text }) => {
    if (!subject.includes(`${name}:`) || !saysBack.test(subject)) return [];
    const saidMs = firstSaid(record, subject, text) ?? atMs;
    const act = deeds.findLast(({ call }) => call.carriedOut && call.atMs <= saidMs);
    const fromMs = act?.call.atMs ?? saidMs - seenBeforeMs;
    const flowed = truth.truth.some((span, index) => {
      const untilMs = truth.truth[index + 1]?.fromMs ?? Infinity;
      return (span.is === 'flowing' || span.is === 'partly') && span.fromMs <= atMs && untilMs > fromMs;
    });
    return flowed
      ? []
      : [{ rule, connector: name, atMs, what: `"${subject}", and no record has flowed since ${iso(fromMs)}` }];
  });
}

/** When the product first tried to say it: a message that was refused is told again later, with the time of what it tells. */
function firstSaid({ calls }: Casebook['record'], subject: string, text: string): number | undefined {
  return calls.find(
    ({ operation, input }) =>
      operation === 'Publish' && input['Subject'] === subject && text.endsWith(String(input['Message'])),
  )?.atMs;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
