import type { Journal, Standing } from './journal.ts';
import type { Outcome } from './outcome.ts';
import type { Instant } from './time.ts';
import type { Verdict } from './verdict.ts';

/**
 * Whether people hear of this outcome. They hear once for each change of (connector, verdict, outcome); an alarm that was ignored
 * is no news, unless it ends what they were told before.
 */
export function worthTelling(outcome: Outcome, journal: Journal): boolean {
  const key = keyOf(outcome);
  const acted = (journal.recovery?.acts.length ?? 0) > 0;
  switch (outcome.kind) {
    case 'recovered':
    case 'acted-unproved':
    case 'gave-up':
      return acted || key !== journal.standing?.key;
    case 'refused':
      return acted || (key !== journal.standing?.key && !restsOnGivingUp(outcome, journal));
    case 'captured':
      return journal.standing !== undefined;
    case 'left-alone':
      if (acted) return true;
      if (outcome.verdict === undefined) return false;
      if (outcome.verdict.kind === 'alive') return journal.standing !== undefined;
      // A recovery that was acted but not proved stands until data is seen; that it still listens, or that nobody can tell, is no news.
      if (provesNothing(outcome.verdict) && journal.standing !== undefined && awaitsProof(journal.standing))
        return false;
      if (outcome.verdict.kind === 'idle') return journal.standing !== undefined;
      return key !== journal.standing?.key;
  }
}

/** What stands after this outcome; the sweep looks again at a connector with something standing. */
export function standingAfter(outcome: Outcome, journal: Journal, at: Instant): Standing | undefined {
  if (outcome.kind === 'recovered' || outcome.kind === 'captured') return undefined;
  if (outcome.kind === 'left-alone') {
    if (outcome.verdict === undefined) return journal.standing;
    if (outcome.verdict.kind === 'alive') return undefined;
    if (provesNothing(outcome.verdict) && journal.standing !== undefined && awaitsProof(journal.standing))
      return journal.standing;
    if (outcome.verdict.kind === 'idle') return undefined;
  }
  if (restsOnGivingUp(outcome, journal)) return journal.standing;
  const key = keyOf(outcome);
  return journal.standing?.key === key ? journal.standing : { key, since: at };
}

function provesNothing(verdict: Verdict): boolean {
  return verdict.kind === 'idle' || verdict.kind === 'unknown';
}

function keyOf(outcome: Outcome): string {
  return `${outcome.verdict?.kind ?? 'none'}/${outcome.kind}`;
}

/** After we gave up, that the cooldown forbids another recovery is no news: a person was called already. */
function restsOnGivingUp(outcome: Outcome, journal: Journal): boolean {
  return (
    outcome.kind === 'refused' &&
    outcome.objections.every((found) => found === 'limit') &&
    journal.standing?.key === `${outcome.verdict.kind}/gave-up`
  );
}

/** People were told that we acted and that no data was seen yet. */
export function awaitsProof(standing: Standing): boolean {
  return standing.key.endsWith('/acted-unproved');
}
