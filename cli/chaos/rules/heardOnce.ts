import type { BrokenRule, Casebook } from './casebook.ts';

const rule = 'people hear once for each change of connector, verdict and outcome';

/** What is said again and again on purpose, until it is over. */
const repeated = /NOT BACK YET|DOES NOT RUN|CANNOT GO ON/;
/** An invocation that stood still for longer than its lease does not know that another one has told it meanwhile; so long it lives at most. */
const longestMs = 900_000;
/** Two messages of the same news so close together; after that it may be news again. */
const closeMs = 3_600_000;

/**
 * The same news of a connector is not told twice in a row with nothing done in between. What was told before a call was lost or a process
 * died may be told again: twice harms less than never.
 */
export function heardOnce({ record, name, deeds, truth }: Casebook): readonly BrokenRule[] {
  const heard = record.messages.filter(({ subject }) => subject.includes(`${name}:`) && !repeated.test(subject));
  return heard.slice(1).flatMap((message, index) => {
    const before = heard[index];
    if (before === undefined || before.subject !== message.subject || message.atMs - before.atMs > closeMs) return [];
    const between = (atMs: number) => atMs >= before.atMs - 60_000 && atMs <= message.atMs;
    const changed =
      deeds.some(({ call }) => between(call.atMs)) ||
      truth.truth.some(({ fromMs }) => between(fromMs)) ||
      record.hits.some(({ atMs }) => atMs >= before.atMs - longestMs && atMs <= message.atMs) ||
      record.invocations.some(({ endMs = 0, ended }) => ended !== 'answered' && between(endMs)) ||
      reason(before.text) !== reason(message.text);
    return changed ? [] : [{ rule, connector: name, atMs: message.atMs, what: `"${message.subject}" was told twice` }];
  });
}

/** What happened, without the times and durations in it. */
function reason(text: string): string {
  return text.replaceAll(/\d+/g, '#');
}
