import { showsLife } from './calledOff.ts';
import { composeOutcome } from './compose.ts';
import { composeLess, lessSection } from './composeLess.ts';
import type { Sighting } from './connector.ts';
import { hopelessAfter } from './hopeless.ts';
import type { Journal, PastRecovery, Recovery } from './journal.ts';
import type { HeldJournal } from './lease.ts';
import { lullsAfter, lullTold, outlastsLulls } from './lulls.ts';
import type { Message } from './message.ts';
import { lastActAt, tasksBegunAt } from './judge.ts';
import type { Outcome } from './outcome.ts';
import type { Policy } from './policy.ts';
import type { Ports } from './ports.ts';
import { isProbe, isProbeForStack } from './remedy.ts';
import { advisedAfter, awaitsProof, standingAfter, worthTelling } from './standing.ts';
import { withUntold } from './telling.ts';
import type { Telling } from './telling.ts';
import type { Instant } from './time.ts';
import { atTheEnd } from './toStack.ts';
import type { Verdict } from './verdict.ts';

/** How many past recoveries a journal keeps. */
const historyLength = 20;

/**
 * Tells people if there is news, then writes the end. In that order: what was told twice harms less than what was never told. What the
 * notifier refuses to take is written with the end, to be told later.
 * @throws LeaseLost, PortError; Unheard when all is written and people could not be told
 */
export async function end(
  outcome: Outcome,
  sighting: Sighting,
  policy: Policy,
  ports: Ports,
  held: HeldJournal,
  telling: Telling,
): Promise<void> {
  const { journal } = held;
  const at = ports.clock.now();
  const lulls = lullsAfter(outcome, journal, tasksBegunAt(sighting, policy), at);
  const outlasts = lulls !== undefined && isLull(outcome, journal) && outlastsLulls(lulls, at);
  const written = lulls === undefined ? journal : { ...journal, lulls };
  const isNews = outlasts || worthTelling(outcome, written);
  const news = newsOf(outcome, policy, written, at, ports, isNews);
  const untold =
    news === undefined || (await telling.tell(news)) ? journal.untold : withUntold(journal.untold, at, news);
  const { recovery, standing: _standing, calledOff, stack: saidToStack, incurable: before, ...rest } = journal;
  const incurable = hopelessAfter(outcome, sighting.kind === 'present' ? sighting.connector : undefined, before, at);
  const stack = atTheEnd(saidToStack, outcome.byStack === true);
  const standing = outlasts ? { key: 'unknown/left-alone', since: at } : standingAfter(outcome, journal, at);
  // That it is watched with less says nothing of this silence.
  const lullsNow = isNews && outcome.verdict?.kind === 'unknown' ? lullTold(lulls) : lulls;
  const advised = advisedAfter(outcome, journal);
  const history =
    recovery === undefined || recovery.acts.length === 0
      ? withLife(journal.history, outcome, at)
      : [past(recovery, outcome, at), ...journal.history];
  ports.recorder.note('finished', {
    connector: journal.connector,
    recovery: recovery?.id,
    outcome: outcome.kind,
    reason: outcome.reason,
  });
  await held.release({
    ...withLess(rest, outcome.verdict),
    history: history.slice(0, historyLength),
    lookedAt: at,
    // It was off until then.
    ...(calledOff === undefined || showsLife(outcome.verdict) ? {} : { calledOff }),
    ...(stack === undefined ? {} : { stack }),
    ...(standing === undefined ? {} : { standing }),
    ...(lullsNow === undefined ? {} : { lulls: lullsNow }),
    ...(advised === undefined ? {} : { advised }),
    ...(untold === undefined ? {} : { untold }),
    ...(incurable === undefined ? {} : { incurable }),
  });
  if (telling.unheard !== undefined) throw telling.unheard;
}

/** A silence that nobody can tell, and of which nothing else is said. */
function isLull(outcome: Outcome, { standing }: Journal): boolean {
  if (outcome.kind !== 'left-alone' || outcome.byStack === true || outcome.verdict?.ripens !== undefined) return false;
  return outcome.verdict?.kind === 'unknown' && (standing === undefined || !awaitsProof(standing));
}

/** What people are to hear: the outcome, if it is worth it, and once, in the same mail or in one of its own, that it is watched with less. */
function newsOf(
  outcome: Outcome,
  policy: Policy,
  journal: Journal,
  at: Instant,
  ports: Pick<Ports, 'directions'>,
  isNews: boolean,
): Message | undefined {
  const news = isNews ? composeOutcome(policy, outcome, journal, at, ports) : undefined;
  const less = outcome.verdict?.watchedWithLess;
  if (less === undefined || outcome.verdict === undefined || journal.watchedWithLess?.of === less.of) return news;
  if (news === undefined) return composeLess(policy.connector, less, outcome.verdict, ports);
  return { ...news, text: `${news.text}\n${lessSection(policy.connector, less, ports)}\n` };
}

/** What is remembered of metrics that are a dead task's. Who was not judged now is watched as before. */
function withLess(journal: Journal, verdict: Verdict | undefined): Journal {
  if (verdict === undefined) return journal;
  const { watchedWithLess: _before, ...rest } = journal;
  const { watchedWithLess: less } = verdict;
  return less === undefined ? rest : { ...rest, watchedWithLess: less };
}

/** The last recovery brought nothing back, and now it lives: that forgives it in time. */
function withLife(history: readonly PastRecovery[], outcome: Outcome, at: Instant): readonly PastRecovery[] {
  const [last, ...others] = history;
  const isNew = last !== undefined && last.outcome !== 'recovered' && last.aliveAt === undefined;
  return isNew && outcome.verdict?.kind === 'alive' ? [{ ...last, aliveAt: at }, ...others] : history;
}

/** A recovery as the history keeps it. */
export function past(recovery: Recovery, outcome: Outcome, endedAt: Instant): PastRecovery {
  const actedAt = lastActAt(recovery);
  return {
    id: recovery.id,
    openedAt: recovery.openedAt,
    endedAt,
    outcome: outcome.kind,
    verdict: recovery.verdict.kind,
    acts: recovery.acts.map((act) => act.kind),
    ...(actedAt === undefined ? {} : { actedAt }),
    ...(outcome.kind === 'acted-unproved' && isProbe(recovery) ? { probe: true } : {}),
    ...(outcome.kind !== 'recovered' && recovery.forStack === true ? { forStack: true } : {}),
    ...(outcome.kind !== 'recovered' && isProbeForStack(recovery) ? { probe: true } : {}),
  };
}
