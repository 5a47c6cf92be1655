import type { Journal, Standing } from './journal.ts';
import type { Objection, Outcome } from './outcome.ts';
import { isProbe } from './remedy.ts';
import { positionLostKey } from './positionLost.ts';
import { secondsBetween } from './time.ts';
import type { Instant } from './time.ts';
import type { Verdict } from './verdict.ts';

/**
 * Whether people hear of this outcome. They hear once for each change of (connector, verdict, outcome); an alarm that was ignored
 * is no news, unless it ends what they were told before.
 */
export function worthTelling(outcome: Outcome, written: Journal): boolean {
  if (outcome.byStack === true) return false;
  const journal = withoutStacks(written);
  const key = keyOf(outcome);
  const acted = (journal.recovery?.acts.length ?? 0) > 0;
  switch (outcome.kind) {
    case 'recovered':
    case 'gave-up':
      return acted || key !== journal.standing?.key;
    case 'acted-unproved':
      // That one more restart found the source as far away as the one before is no news.
      return (acted && journal.recovery !== undefined && !isProbe(journal.recovery)) || key !== journal.standing?.key;
    case 'refused':
      return acted || (key !== journal.standing?.key && !restsOnGivingUp(outcome, journal));
    case 'called-off':
      return acted || key !== journal.standing?.key;
    case 'captured':
      return journal.standing !== undefined;
    case 'left-alone':
      if (acted) return true;
      if (outcome.verdict === undefined) return false;
      if (outcome.verdict.kind === 'alive')
        return journal.standing !== undefined && !isYetUntold(outcome.verdict, journal.standing);
      // A recovery that was acted but not proved stands until data is seen; that it still listens, or that nobody can tell, is no news.
      if (provesNothing(outcome.verdict) && journal.standing !== undefined && awaitsProof(journal.standing))
        return false;
      if (outcome.verdict.kind === 'idle') return journal.standing !== undefined;
      // Its own past, or a beat that is due, will tell in time: the alarm that called stays, and so do the looks.
      if (outcome.verdict.ripens !== undefined) return false;
      // What nobody can tell may be told of each lull of a quiet source: once is enough to say what to switch on.
      if (outcome.verdict.kind === 'unknown') return !isAdvised(outcome.verdict, journal);
      // People heard so when it was restarted for it.
      if (outcome.verdict.kind === 'elsewhere' && journal.standing?.key === foundAwayKey) return false;
      return key !== journal.standing?.key;
  }
}

/** What was told of the whole stack was not told of this connector. */
function withoutStacks(journal: Journal): Journal {
  const { standing, ...rest } = journal;
  return standing?.byStack === true ? rest : journal;
}

/** What stands after this outcome; the sweep looks again at a connector with something standing. */
export function standingAfter(outcome: Outcome, written: Journal, at: Instant): Standing | undefined {
  const { standing: before, stack } = written;
  if (outcome.byStack === true) {
    const key = keyOf(outcome);
    const since = before?.key === key && (written.recovery?.acts.length ?? 0) === 0 ? before.since : at;
    // Who told people for all tells them that it is over, too.
    const isTeller = stack?.announced !== undefined && stack.announced.at >= (stack.suspected?.since ?? '');
    const wasTold = before !== undefined && before.byStack !== true;
    return { key, since, ...(isTeller || wasTold ? {} : { byStack: true }) };
  }
  const journal = before === undefined ? written : { ...written, standing: { key: before.key, since: before.since } };
  if (outcome.kind === 'recovered' || outcome.kind === 'captured') return undefined;
  if (outcome.kind === 'left-alone') {
    if (outcome.verdict === undefined) return journal.standing;
    // It lives as it did before; people have heard, and nothing more may ever come.
    if (outcome.verdict.kind === 'alive')
      return journal.standing !== undefined &&
        isYetUntold(outcome.verdict, journal.standing) &&
        secondsBetween(journal.standing.since, at) < untoldSeconds
        ? journal.standing
        : undefined;
    if (provesNothing(outcome.verdict) && journal.standing !== undefined && awaitsProof(journal.standing))
      return journal.standing;
    if (outcome.verdict.kind === 'idle') return undefined;
    if (outcome.verdict.kind === 'elsewhere' && journal.standing?.key === foundAwayKey) return journal.standing;
    const { kind, ripens } = outcome.verdict;
    if (kind === 'unknown' && (ripens !== undefined || isAdvised(outcome.verdict, journal))) return journal.standing;
  }
  if (restsOnGivingUp(outcome, journal)) return journal.standing;
  const key = keyOf(outcome);
  // What an act found out is as young as the act: `remembered` asks whether anything happened since.
  const isOld = journal.standing?.key === key && (journal.recovery?.acts.length ?? 0) === 0;
  return isOld ? journal.standing : { key, since: at };
}

/** A restart was to find out whether the source is back, and it is not. */
const foundAwayKey = 'elsewhere/acted-unproved';

/** People were told that nothing shows records of tasks that were restarted, and that they run. */
const untoldKey = 'untold/acted-unproved';

/** Tasks that nothing tells apart and that have run for so long are no longer watched for more than the rest is. */
const untoldSeconds = 3600;

/** What flows may be what flowed before the act as well. */
export function isYetUntold({ unseenTasks = [] }: Verdict, { key }: Standing): boolean {
  return key === untoldKey && unseenTasks.length > 0;
}

/** How many causes a journal remembers. */
const mostAdvised = 20;

/** Of what people were told that nobody can tell, with what to switch on: each once, whatever came between. */
export function advisedAfter(outcome: Outcome, journal: Journal): readonly string[] | undefined {
  if (outcome.kind !== 'left-alone' || outcome.verdict?.kind !== 'unknown') return journal.advised;
  if (isAdvised(outcome.verdict, journal) || !worthTelling(outcome, journal)) return journal.advised;
  return [outcome.verdict.wouldChange, ...(journal.advised ?? [])].slice(0, mostAdvised);
}

function isAdvised({ wouldChange }: Verdict, journal: Journal): boolean {
  return journal.advised?.includes(wouldChange) === true;
}

function provesNothing(verdict: Verdict): boolean {
  return verdict.kind === 'idle' || verdict.kind === 'unknown';
}

function keyOf(outcome: Outcome): string {
  // Whatever is seen of it meanwhile is no news: it is off.
  if (outcome.kind === 'called-off') return 'called-off';
  if (outcome.verdict?.positionLostAt !== undefined) return positionLostKey;
  if (outcome.kind === 'acted-unproved' && outcome.verdict.untoldTasks !== undefined) return untoldKey;
  return `${outcome.verdict?.kind ?? 'none'}/${outcome.kind === 'refused' ? refusedFor(outcome.objections) : outcome.kind}`;
}

/** What only a person can lift is asked of him also where something else was refused before. */
function refusedFor(objections: readonly Objection[]): string {
  if (objections.includes('held')) return 'held';
  if (objections.includes('incurable')) return 'incurable';
  return objections.includes('approval') ? 'awaits-approval' : 'refused';
}

/** After we gave up, that the cooldown forbids another recovery is no news: a person was called already. */
function restsOnGivingUp(outcome: Outcome, journal: Journal): boolean {
  return (
    outcome.kind === 'refused' &&
    outcome.objections.every((found) => found === 'limit') &&
    journal.standing?.key === `${outcome.verdict.kind}/gave-up`
  );
}

/** People were told that it is not touched because a person holds it. */
export function awaitsRelease(standing: Standing): boolean {
  return standing.key.endsWith('/held');
}

/** People were told that we acted and that no data was seen yet. */
export function awaitsProof(standing: Standing): boolean {
  return standing.key.endsWith('/acted-unproved');
}
