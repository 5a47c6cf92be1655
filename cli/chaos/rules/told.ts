import type { BrokenRule, Casebook } from './casebook.ts';

const rule = '3: while it is deleted and not back, people are told again and again';

/** From one message to the next, in minutes: told at 0, 5, 15, 60 and then every hour. */
const gapsMinutes = [5, 10, 45, 60] as const;
/** A sweep comes within a minute, and its invocation looks, tries once more and tells; clocks may be apart. */
const slackMinutes = 3;
/** MSK Connect may hold a deleted connector's name for a while; being refused for it is no news yet. */
const nameHeldMinutes = 5;

/**
 * From the first creation that failed until one that was carried out, people hear of it in time, again and again. A stretch in which anything
 * but the creation itself was disturbed proves nothing: the notifier may have refused, the function may not have run.
 */
export function told(book: Casebook): readonly BrokenRule[] {
  return stretches(book).flatMap(({ fromMs, toMs }) => {
    const heard = book.record.messages
      .filter(({ atMs, text, subject }) => atMs >= fromMs && atMs <= toMs && isOfIt(book, `${subject} ${text}`))
      .map(({ atMs }) => atMs);
    // That its deletion did not end they had heard before: it counts.
    const earlier = heardBefore(book, fromMs);
    const moments = [earlier.at(-1) ?? fromMs, ...heard, toMs];
    return moments.slice(1).flatMap((next, index) => {
      const since = moments[index] ?? fromMs;
      const nth = index + earlier.length;
      const gap = nth === 0 ? nameHeldMinutes : (gapsMinutes[Math.min(nth - 1, gapsMinutes.length - 1)] ?? 60);
      // What was told before the first refusal shortens no patience with a name that is still held.
      const dueMs = Math.max(since + gap * 60_000, fromMs + nameHeldMinutes * 60_000);
      const lateMs = next - dueMs - slackMinutes * 60_000;
      if (lateMs <= 0 || disturbed(book, since, next)) return [];
      const what = `nobody heard of it for ${Math.round((next - since) / 60_000)} min; ${gap} min were due`;
      return [{ rule, connector: book.name, atMs: next, what }];
    });
  });
}

/** When people had heard of it since it was deleted. */
function heardBefore(book: Casebook, fromMs: number): readonly number[] {
  const deleted = book.deeds.findLast(({ kind, call }) => kind === 'delete' && call.carriedOut && call.atMs < fromMs);
  if (deleted === undefined) return [];
  return book.record.messages
    .filter(({ atMs, text, subject }) => {
      return atMs >= deleted.call.atMs && atMs < fromMs && isOfIt(book, `${subject} ${text}`);
    })
    .map(({ atMs }) => atMs);
}

/** From the first creation that failed after a deletion until it exists again, or the history ends. */
function stretches({ record, name }: Casebook): readonly { readonly fromMs: number; readonly toMs: number }[] {
  const found: { fromMs: number; toMs: number }[] = [];
  let failingMs: number | undefined;
  for (const { operation, input, by, carriedOut, atMs, sent } of record.calls) {
    if (operation !== 'CreateConnector' || input['connectorName'] !== name) continue;
    if (carriedOut && failingMs !== undefined) {
      found.push({ fromMs: failingMs, toMs: atMs });
      failingMs = undefined;
    } else if (!carriedOut && by === 'product' && sent === undefined) {
      failingMs ??= atMs;
    }
  }
  if (failingMs !== undefined) found.push({ fromMs: failingMs, toMs: record.endMs });
  return found;
}

function isOfIt({ name }: Casebook, text: string): boolean {
  return text.includes(name) && /NOT BACK YET|DOES NOT RUN|CANNOT GO ON/.test(text);
}

function disturbed({ record, truth }: Casebook, fromMs: number, toMs: number): boolean {
  const within = (atMs: number) => atMs >= fromMs - 60_000 && atMs <= toMs;
  if (truth.persons.some(({ atMs }) => within(atMs))) return true;
  if (record.invocations.some((one) => one.ended === 'died' && within(one.endMs ?? toMs))) return true;
  return record.hits.some(
    ({ kind, atMs, call }) =>
      kind !== 'clocks-apart' &&
      within(atMs) &&
      (call === undefined || record.calls[call]?.operation !== 'CreateConnector'),
  );
}
