import type { Journal, Recovery } from './journal.ts';
import { wasDone } from './messageParts.ts';
import type { Breaker, Remedy } from './policy.ts';
import type { Neighbour } from './ports.ts';
import type { Announced, Suspicion } from './suspicion.ts';
import { later, plusSeconds, secondsBetween } from './time.ts';
import type { Instant } from './time.ts';

/** A silence that was not seen for longer does not count: whoever is silent is looked at every five minutes, and one look may be late. */
const suspicionSeconds = 600;
/** That so many connectors of one database are silent at once is its doing, however large the stack is. */
const atLeastOnHost = 3;
/** A probe that brought data back speaks for all who were silent by then; for how long, where they have not been tried since. */
const returnSpeaksSeconds = 3600;
/** By then data is seen flowing after an act, or it is not. */
const provedWithinSeconds = 600;
/** A creation may take so long, and sometimes longer; who has not come to an end by then keeps nobody waiting. */
const longestActSeconds = 3600;
const firstPauseSeconds = 900;
/** A cause that ends at night is found out within the hour. */
const longestPauseSeconds = 3600;

/** One silent connector, as the breaker counts it. */
export interface Member extends Suspicion {
  readonly connector: string;
  /** Probes of its own that found the cause not over. */
  readonly probes: { readonly times: number; readonly lastAt?: Instant };
  /** Something is being done to it, or was done a moment ago and is yet to be proved. */
  readonly underWay: boolean;
}

/** Many connectors are silent at once: the cause is elsewhere. */
export interface OpenBreaker {
  /** A breaker over one database holds deletions only. */
  readonly over: 'stack' | { readonly host: string };
  /** How many connectors there are in the stack. */
  readonly of: number;
  /** The longest silent first; ties by name. */
  readonly members: readonly Member[];
  /** When people were last told of this outage. */
  readonly announced?: Announced;
}

/**
 * The breaker as one connector sees it, from its own journal and its neighbours'; `undefined`: it is closed. Pure.
 *
 * Open over the stack when at least `atLeast` connectors, and at least that share of all, are silent at once; open over a database when three
 * of its connectors are. One that came back after an act forgives all who were silent by then.
 */
export function openBreaker(
  self: Journal,
  neighbours: readonly Neighbour[],
  { atLeast, share }: Breaker,
  now: Instant,
): OpenBreaker | undefined {
  const journals = journalsOf(self, neighbours);
  const of = neighbours.length + 1;
  const silent = membersOf(journals, now);
  if (silent.length >= Math.max(atLeast, share * of)) return breaker('stack', of, silent, journals);
  const host = self.stack?.suspected?.host;
  if (host === undefined) return undefined;
  const there = membersOf(
    journals.filter(({ stack }) => stack?.suspected?.host === host || stack?.cameBack?.host === host),
    now,
  ).filter((member) => member.host === host);
  return there.length >= atLeastOnHost ? breaker({ host }, of, there, journals) : undefined;
}

/**
 * Whether the journals that cannot be read might hold what opens the breaker. Nothing known is no silence, so they open nothing; but a deletion
 * waits for them, as long as a silence counts.
 */
export function mightBeOpen(self: Journal, neighbours: readonly Neighbour[], settings: Breaker, now: Instant): boolean {
  const unread = neighbours.filter(({ kind }) => kind === 'unreadable').length;
  if (unread === 0) return false;
  const host = self.stack?.suspected?.host;
  const journals = journalsOf(self, neighbours);
  const silent = membersOf(journals, now);
  const there = silent.filter((member) => host !== undefined && member.host === host);
  return (
    silent.length + unread >= Math.max(settings.atLeast, settings.share * (neighbours.length + 1)) ||
    (host !== undefined && there.length + unread >= atLeastOnHost)
  );
}

function journalsOf(self: Journal, neighbours: readonly Neighbour[]): readonly Journal[] {
  return [self, ...neighbours.flatMap((one) => (one.kind === 'read' && one.journal ? [one.journal] : []))];
}

/** Whose turn it is to find out whether the cause is over. */
export type Turn =
  | { readonly kind: 'under-way'; readonly connector: string }
  | { readonly kind: 'resting'; readonly until: Instant }
  | { readonly kind: 'next'; readonly connector: string; readonly remedy: Remedy }
  /** None of them may be restarted, or none has said so yet. */
  | { readonly kind: 'nobody' };

/**
 * One at a time, the gentlest first, then who has tried least, then who has been silent for longest. After one in vain the next comes after 15
 * minutes, then 30, then every hour.
 * @param self who asks: what is being done to itself does not keep it waiting
 */
export function turnOf({ members }: OpenBreaker, self: string, now: Instant): Turn {
  const busy = members.find((member) => member.underWay && member.connector !== self);
  if (busy !== undefined) return { kind: 'under-way', connector: busy.connector };
  const until = restsUntil(members);
  if (until !== undefined && until > now) return { kind: 'resting', until };
  const [next] = ['restart', 'recreate'].flatMap((gentlest) =>
    members
      .filter(({ stands }) => stands?.remedy === gentlest)
      .toSorted((a, b) => a.probes.times - b.probes.times || bySilence(a, b)),
  );
  const remedy = next?.stands?.remedy;
  return next === undefined || remedy === undefined
    ? { kind: 'nobody' }
    : { kind: 'next', connector: next.connector, remedy };
}

/** Who tells people, of those who are here to do it: best one who is to be restarted or waits for a person's word. */
export function announcerOf({ members }: OpenBreaker): string | undefined {
  const rank = ({ stands }: Member) => (stands?.remedy !== undefined ? 0 : stands?.approvable === true ? 1 : 2);
  const [first] = members
    .filter(({ stands }) => stands !== undefined)
    .toSorted((a, b) => rank(a) - rank(b) || bySilence(a, b));
  return first?.connector;
}

/** What keeps failing ends with a person: they are told when it begins, and once more after so many probes in vain. */
const probesUntilPerson = 3;
/** Where only a person can find out, one mail that was missed must not leave all of them dead: told again after an hour, then once a day. */
const firstReminderSeconds = 3600;
const reminderSeconds = 86_400;

/** Whether people are to hear of it now. A probe that is under way may yet bring data back. */
export function announcementDue(open: OpenBreaker, turn: Turn, now: Instant): boolean {
  if (open.announced === undefined) return true;
  const { at, times = 1 } = open.announced;
  if (turn.kind === 'nobody' && secondsBetween(at, now) >= (times < 2 ? firstReminderSeconds : reminderSeconds))
    return true;
  return (
    turn.kind !== 'under-way' && probesInVain(open) >= probesUntilPerson && open.announced.probes < probesUntilPerson
  );
}

export function probesInVain({ members }: Pick<OpenBreaker, 'members'>): number {
  return members.reduce((sum, { probes }) => sum + probes.times, 0);
}

function restsUntil(members: readonly Member[]): Instant | undefined {
  const times = probesInVain({ members });
  let lastAt: Instant | undefined;
  for (const { probes } of members) lastAt = later(lastAt, probes.lastAt);
  if (lastAt === undefined) return undefined;
  return plusSeconds(lastAt, Math.min(firstPauseSeconds * 2 ** (times - 1), longestPauseSeconds));
}

function breaker(over: OpenBreaker['over'], of: number, members: readonly Member[], journals: readonly Journal[]) {
  const began = members[0]?.since ?? '';
  const told = journals.flatMap(({ stack }) =>
    stack?.announced !== undefined && stack.announced.at >= began ? [stack.announced] : [],
  );
  const announced = told.toSorted((a, b) => (a.at < b.at ? 1 : -1))[0];
  return { over, of, members, ...(announced === undefined ? {} : { announced }) };
}

function membersOf(journals: readonly Journal[], now: Instant): readonly Member[] {
  let cameBackAt: Instant | undefined;
  for (const { stack } of journals) cameBackAt = later(cameBackAt, stack?.cameBack?.at);
  const speaks =
    cameBackAt !== undefined && secondsBetween(cameBackAt, now) < returnSpeaksSeconds ? cameBackAt : undefined;
  return journals
    .flatMap((journal): Member[] => {
      const suspected = journal.stack?.suspected;
      if (suspected === undefined || !isCounted(journal, suspected, speaks, now)) return [];
      const underWay = journal.recovery !== undefined && isUnderWay(journal.recovery, now);
      return [{ ...suspected, connector: journal.connector, probes: probesOf(journal, suspected, now), underWay }];
    })
    .toSorted(bySilence);
}

function bySilence(a: Member, b: Member): number {
  if (a.since !== b.since) return a.since < b.since ? -1 : 1;
  return a.connector < b.connector ? -1 : 1;
}

function isCounted(journal: Journal, { since, seenAt }: Suspicion, cameBackAt: Instant | undefined, now: Instant) {
  const treated = journal.recovery?.acts.some(wasDone) === true;
  if (!treated && secondsBetween(seenAt, now) > suspicionSeconds) return false;
  if (cameBackAt === undefined || since > cameBackAt) return true;
  // It was tried since, and to no avail: for it the cause is not over.
  const actedAt = lastActEnded(journal);
  return actedAt !== undefined && actedAt > cameBackAt && secondsBetween(actedAt, now) > provedWithinSeconds;
}

function lastActEnded({ recovery, history }: Journal): Instant | undefined {
  return recovery?.acts.findLast(wasDone)?.endedAt ?? history.find((past) => past.actedAt !== undefined)?.actedAt;
}

function isUnderWay({ acts }: Recovery, now: Instant): boolean {
  const last = acts.at(-1);
  if (last === undefined) return false;
  if (last.result === undefined) return secondsBetween(last.intendedAt, now) < longestActSeconds;
  const wentWell = last.result === 'complete' || last.result === 'gone' || last.result === 'running';
  return wentWell && last.endedAt !== undefined && secondsBetween(last.endedAt, now) < provedWithinSeconds;
}

/** A probe that is not proved any more, or that ended without data, was in vain. */
function probesOf({ history, recovery }: Journal, { since }: Suspicion, now: Instant): Member['probes'] {
  const ended = history.flatMap((past) => (past.forStack === true && past.endedAt > since ? [past.endedAt] : []));
  const last = recovery?.forStack === true ? recovery.acts.findLast(wasDone)?.endedAt : undefined;
  const all = last !== undefined && recovery !== undefined && last > since && last <= now ? [last, ...ended] : ended;
  let lastAt: Instant | undefined;
  for (const at of all) lastAt = later(lastAt, at);
  return { times: all.length, ...(lastAt === undefined ? {} : { lastAt }) };
}
