import { keys } from '../../../settings/environment.ts';
import { broken, forgot, tampered } from './casebook.ts';
import type { BrokenRule, Casebook, Deed } from './casebook.ts';

const written = '3, 4: an act is written down before it is done';
const held = '4: one recovery at a time per connector: who acts holds the journal';

/**
 * The newest journal before each act names it without a result, and was stored by the invocation that acts: one that wrote meanwhile has taken
 * the lease over, and whoever lost it must not act.
 */
export function actsAreWritten(book: Casebook): readonly BrokenRule[] {
  return book.deeds.flatMap((deed) => {
    const newest = book.journals.findLast(({ call }) => call.index < deed.decided.index);
    if (newest === undefined) return [broken(written, book, deed.call, 'no journal was stored before')];
    if (newest.call.invocation !== deed.invocation) {
      const what = `invocation ${newest.call.invocation} stored the journal since invocation ${deed.invocation} did`;
      return [broken(held, book, deed.call, what)];
    }
    const act = newest.journal.recovery?.acts.at(-1);
    const names =
      act !== undefined &&
      act.result === undefined &&
      act.kind === deed.kind &&
      (act.kind === 'create' || act.arn === deed.call.input['connectorArn']) &&
      !isAnswered(act);
    return names ? [] : [broken(written, book, deed.call, 'the journal does not say that it is to be done')];
  });
}

function isAnswered(act: object): boolean {
  return 'acceptedAt' in act || 'operationArn' in act || ('arn' in act && 'request' in act);
}

const overlap = '4: acts of two recoveries never overlap on one connector';

/** A recovery that was followed by another does not act any more, and nothing is begun while an act of another one is under way. */
export function recoveriesDoNotOverlap(book: Casebook): readonly BrokenRule[] {
  const found: BrokenRule[] = [];
  const over = new Set<string>();
  const lastMs = new Map<string, number>();
  let last: Deed | undefined;
  for (const deed of book.deeds) {
    const { recovery } = deed;
    // A promise that was forgotten with its journal is found again in its backup, and taken up behind what was begun meanwhile.
    if (recovery !== undefined && over.has(recovery) && !forgot(book, lastMs.get(recovery) ?? 0, deed.call.atMs))
      found.push(broken(overlap, book, deed.call, `recovery ${recovery} had been followed by another`));
    if (recovery !== undefined) lastMs.set(recovery, deed.call.atMs);
    if (last?.recovery !== undefined && last.recovery !== recovery) over.add(last.recovery);
    last = deed;
  }
  return found;
}

/**
 * Nobody stores the journal while another one's lease in it lasts. Compare-and-swap alone would keep the journal whole; but whoever had
 * the lease may have sent his act already. A person's word is heard at once, whoever is at work; a journal that a person destroyed says
 * nothing of a lease.
 */
export function leasesAreWaitedFor(book: Casebook): readonly BrokenRule[] {
  return book.journals.slice(1).flatMap(({ call, journal }, index) => {
    const before = book.journals[index];
    const lease = before?.journal.lease;
    if (before === undefined || lease === undefined || journal.lease?.holder === lease.holder) return [];
    if (call.invocation === before.call.invocation || call.atMs >= Date.parse(lease.until)) return [];
    if (isPersonsWord(book, call.invocation)) return [];
    if (tampered(book, `${keys.journals}${book.name}.json`, before.call.atMs, call.atMs)) return [];
    return [broken(held, book, call, `invocation ${before.call.invocation} had the lease until ${lease.until}`)];
  });
}

function isPersonsWord({ record }: Casebook, invocation: number | undefined): boolean {
  const event = record.invocations.find(({ id }) => id === invocation)?.event;
  return typeof event === 'object' && event !== null && 'do' in event;
}
