import { wasAsked } from './asked.ts';
import { broken, clocksMs, forgot, truthAt } from './casebook.ts';
import type { BrokenRule, Casebook, Deed } from './casebook.ts';

const perRecovery = '8: attempts are limited in one recovery';
const perDay = '8: attempts are limited in a day';
const resting = '8: after a recovery that ended no other is opened so soon';

const dayMs = 86_400_000;

/**
 * No more restarts and deletions than the policy allows, in one recovery and in a day, and a rest between two recoveries. What the product
 * created itself and does not run it goes on with, with growing pauses that begin with `outOfReachSeconds`; what only finds out whether a
 * source is back is no attempt. A journal that a person destroyed remembers nothing: the count begins anew.
 */
export function attemptsLimited(book: Casebook): readonly BrokenRule[] {
  const done = book.deeds.filter(({ call, kind }) => call.carriedOut && call.sent === undefined && kind !== 'create');
  return [...inOneRecovery(book), ...inADay(book, done), ...betweenTwo(book, done)];
}

function inOneRecovery(book: Casebook): readonly BrokenRule[] {
  const { limits, waits } = book.settings.policy;
  const found: BrokenRule[] = [];
  const counted = new Map<string, Count>();
  for (const deed of book.deeds) {
    // One that was given up as lost and arrived late after all is none that was allowed.
    if (deed.recovery === undefined || !deed.call.carriedOut) continue;
    if (deed.kind !== 'create' && deed.call.sent !== undefined) continue;
    const known = counted.get(deed.recovery);
    // A journal that was put back, cut or taken away remembers no attempt that was made before.
    const isNew = known === undefined || forgot(book, known.lastMs, deed.call.atMs);
    const count = isNew ? { restarts: 0, deletions: 0, created: undefined, lastMs: 0 } : known;
    count.lastMs = deed.call.atMs;
    counted.set(deed.recovery, count);
    const excess = (what: string) => found.push(broken(perRecovery, book, deed.call, what));
    // A person who was faster than the product is not told from it: what he recreated is gone on with like what it created itself.
    if (count.deletions > 0) count.created = personsCreation(book, deed) ?? count.created;
    const { created } = count;
    if (deed.kind === 'create') count.created = { arn: deed.arn, atMs: deed.call.atMs };
    else if (created !== undefined) {
      const rested = (deed.call.atMs - created.atMs + clocksMs) / 1000;
      if (deed.kind === 'delete') count.deletions += 1;
      const isAllowed = count.deletions <= limits.recreationsPerRecovery;
      if (deed.kind === 'delete' && !isAllowed && rested < waits.outOfReachSeconds && deed.arn === created.arn)
        excess(`what it had created ${Math.round(rested)} s before is deleted again`);
    } else if (deed.kind === 'restart') {
      count.restarts += 1;
      if (count.restarts > limits.restartsPerRecovery) excess(`restart ${count.restarts} of one recovery`);
    } else {
      count.deletions += 1;
      if (count.deletions > limits.recreationsPerRecovery) excess(`deletion ${count.deletions} of one recovery`);
    }
  }
  return found;
}

/** What one recovery has done, as far as its journal may know. */
interface Count {
  restarts: number;
  deletions: number;
  created: Created | undefined;
  /** Its last act. */
  lastMs: number;
}

interface Created {
  readonly arn: string | undefined;
  readonly atMs: number;
}

/** What is acted on, where a person created it. */
function personsCreation({ truth }: Casebook, { arn, kind }: Deed): Created | undefined {
  if (kind === 'create') return undefined;
  const first = truth.states.find((one) => one.arn === arn);
  const isHis = truth.persons.some(
    ({ did, accepted, atMs }) =>
      accepted && did === 'person-recreates' && first !== undefined && first.atMs - atMs < 5000 && first.atMs >= atMs,
  );
  return isHis && first !== undefined ? { arn, atMs: first.atMs } : undefined;
}

/** Unasked recoveries that were attempts: the first act of each. */
function attempts(book: Casebook, done: readonly Deed[]): readonly Deed[] {
  const first = new Map<string, Deed>();
  for (const deed of done) {
    if (deed.recovery === undefined || wasAsked(book, deed)) continue;
    const isProbe = deed.kind === 'restart' && truthAt(book, deed.call.atMs)?.is !== 'dead';
    if (!isProbe && !first.has(deed.recovery)) first.set(deed.recovery, deed);
  }
  return [...first.values()];
}

function inADay(book: Casebook, done: readonly Deed[]): readonly BrokenRule[] {
  const { recoveriesPerDay } = book.settings.policy.limits;
  const begun = attempts(book, done);
  return begun.flatMap((deed, index) => {
    const first = begun[index - recoveriesPerDay];
    if (first === undefined || deed.call.atMs - first.call.atMs >= dayMs - clocksMs) return [];
    if (forgot(book, first.call.atMs, deed.call.atMs)) return [];
    return [broken(perDay, book, deed.call, `recovery ${index + 1}, of which ${recoveriesPerDay} are allowed in 24 h`)];
  });
}

function betweenTwo(book: Casebook, done: readonly Deed[]): readonly BrokenRule[] {
  const { cooldownSeconds } = book.settings.policy.limits;
  return done.flatMap((deed, index) => {
    const before = done[index - 1];
    if (before === undefined || before.recovery === deed.recovery || wasAsked(book, deed)) return [];
    const rested = (deed.call.atMs - before.call.atMs + clocksMs) / 1000;
    if (rested >= cooldownSeconds || forgot(book, before.call.atMs, deed.call.atMs)) return [];
    return [broken(resting, book, deed.call, `the recovery before it acted ${Math.round(rested)} s before`)];
  });
}
