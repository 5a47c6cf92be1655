import type { Journal, Recovery } from './journal.ts';
import { comparedWithLulls } from './lulls.ts';
import type { Message } from './message.ts';
import { yourName } from './intervention.ts';
import { deed, paragraphs, sayTasks, section, subject, wasDone } from './messageParts.ts';
import type { Outcome } from './outcome.ts';
import { platformOf } from './platforms.ts';
import type { Policy } from './policy.ts';
import type { Ports } from './ports.ts';
import type { Instant } from './time.ts';
import { duration, secondsBetween } from './time.ts';
import { staysDeleted } from './calledOff.ts';
import { awaitsProof } from './standing.ts';
import type { Trigger } from './trigger.ts';
import type { Verdict } from './verdict.ts';

/** The e-mail about an outcome: what happened, what was done, since when, what was seen, what to do next, and where. */
export function composeOutcome(
  policy: Policy,
  outcome: Outcome,
  journal: Journal,
  at: Instant,
  ports: Pick<Ports, 'directions'>,
): Message {
  const { recovery } = journal;
  const { connector } = policy;
  const opened = recovery?.verdict;
  return {
    connector,
    subject: subject(connector, headline(outcome, journal)),
    text: paragraphs([
      `${connector}: ${headline(outcome, journal)}.`,
      section('What happened', [
        ...(recovery === undefined ? [] : occasion(recovery, policy)),
        ...(recovery === undefined && outcome.verdict !== undefined && outcome.verdict.because !== outcome.reason
          ? [outcome.verdict.because]
          : []),
        ...(outcome.kind === 'recovered' || outcome.kind === 'acted-unproved' ? [] : [outcome.reason]),
      ]),
      section(
        'What was done',
        recovery === undefined || recovery.acts.length === 0 ? ['Nothing was touched.'] : recovery.acts.map(deed),
      ),
      section('Since when', since(outcome, recovery, at)),
      section('What was seen', seen(outcome, opened)),
      section('What to do next', next(outcome, policy, journal, ports)),
      section('Where', ports.directions.links(connector, lastArn(recovery))),
    ]),
  };
}

/** Why it was acted on: a trouble that was noticed, or, of one that had none, that it was due or asked for. */
function occasion(recovery: Recovery, policy: Policy): string[] {
  const { verdict, openedAt, trigger } = recovery;
  if (plannedAs(recovery) === undefined) return [verdict.because, `Noticed at ${openedAt}: ${cause(trigger, policy)}.`];
  return [
    `It was ${deedDone(recovery)} without any sign of trouble: ${cause(trigger, policy)}.`,
    `Before it: ${verdict.because}`,
  ];
}

/** How an act was asked for that no trouble called for. */
function plannedAs(recovery: Recovery | undefined): 'as planned' | 'as asked' | undefined {
  const calm = recovery?.verdict.kind === 'alive' || recovery?.verdict.kind === 'idle';
  if (recovery === undefined || !calm) return undefined;
  if (recovery.trigger.kind === 'schedule') return 'as planned';
  return recovery.trigger.kind === 'person' ? 'as asked' : undefined;
}

function deedDone(recovery: Recovery | undefined): string {
  return recovery?.acts.some((act) => act.kind === 'create') === true ? 'recreated' : 'restarted';
}

function headline(outcome: Outcome, { recovery, standing }: Journal): string {
  const did = deedDone(recovery);
  const planned = plannedAs(recovery);
  if (isPositionLost(outcome)) return 'its position is gone from the source: a new snapshot is needed';
  switch (outcome.kind) {
    case 'recovered':
      return planned === undefined ? `back: ${did}, and data flows again` : `${did} ${planned}, and data flows`;
    case 'acted-unproved': {
      const { untoldTasks: untold } = outcome.verdict;
      if (untold !== undefined)
        return `${did}${planned === undefined ? '' : ` ${planned}`} and RUNNING, but nothing shows records of ${sayTasks(untold)}`;
      const unproved = outcome.verdict.kind === 'partial' ? 'some tasks are still in error' : 'no data seen yet';
      return `${did}${planned === undefined ? '' : ` ${planned}`}, but ${unproved}`;
    }
    case 'gave-up':
      return recovery?.acts.some(wasDone) === true
        ? 'still dead after all that is allowed: a person is needed'
        : 'dead, and no remedy could be done: a person is needed';
    case 'refused':
      if (outcome.objections.includes('absent')) return 'does not exist, and we did not delete it';
      if (outcome.objections.includes('incurable'))
        return `${outcome.verdict.kind}, and no restart cures it: see its trace`;
      if (outcome.objections.includes('others-live'))
        return `${outcome.verdict.kind}; its worker is not replaced, for others live on it`;
      if (outcome.objections.includes('held')) return `${outcome.verdict.kind}, and held: not touched`;
      return outcome.objections.includes('approval')
        ? `${outcome.verdict.kind}; its deletion waits for your approval`
        : `${outcome.verdict.kind}, and not touched: see why`;
    case 'called-off':
      return staysDeleted(recovery)
        ? 'CALLED OFF: it is deleted, and nothing is created again'
        : 'called off: nothing more is done';
    case 'captured':
      return 'alive; its configuration is saved now';
    case 'left-alone':
      if ((recovery?.acts.length ?? 0) > 0 && outcome.verdict === undefined)
        return 'taken in hand by somebody during the recovery';
      switch (outcome.verdict?.kind) {
        case 'alive':
          return standing !== undefined && awaitsProof(standing)
            ? 'back: data flows again'
            : 'alive again without our doing';
        case 'idle':
          return 'idle and listening; nothing to do';
        case 'elsewhere':
          return 'silent, but the cause is elsewhere; not touched';
        case 'dead':
        case 'partial':
        case 'unknown':
        case undefined:
          return 'silent, and nobody can tell why; not touched';
      }
  }
}

function isPositionLost(outcome: Outcome): boolean {
  const untouched = outcome.kind === 'left-alone' || outcome.kind === 'gave-up';
  return untouched && outcome.verdict?.positionLostAt !== undefined;
}

function cause(trigger: Trigger, policy: Policy): string {
  switch (trigger.kind) {
    case 'alarm':
      return `the alarm ${trigger.alarm} (${trigger.signal}) has been on since ${trigger.since}`;
    case 'schedule':
      return 'the preventive restart was due';
    case 'sweep':
      return `${platformOf(policy).looker} looked at it: ${trigger.why}`;
    case 'person':
      return `asked for by ${trigger.who}`;
  }
}

function since(outcome: Outcome, recovery: Recovery | undefined, at: Instant): string[] {
  const { verdict } = outcome;
  const silentSince = recovery?.verdict.silentSince ?? verdict?.silentSince;
  if (silentSince === undefined || (outcome.kind === 'recovered' && plannedAs(recovery) !== undefined)) return [];
  const stood = duration(secondsBetween(silentSince, at));
  const isBack = outcome.kind === 'recovered' || verdict?.kind === 'alive' || verdict?.untoldTasks !== undefined;
  // Of some tasks in error the others may have delivered all the time.
  if (verdict?.kind === 'partial' || (isBack && recovery?.verdict.kind === 'partial')) {
    return isBack
      ? [`Tasks were in error from ${silentSince}; none was at ${at} (${stood} later).`]
      : [`Tasks have been in error since ${silentSince} (${stood}).`];
  }
  return isBack
    ? [`Data stood still from ${silentSince}; it was seen flowing at ${at} (${stood} later).`]
    : [`No record has been seen since ${silentSince} (${stood}).`];
}

function seen(outcome: Outcome, opened: Verdict | undefined): string[] {
  const now = outcome.verdict?.evidence ?? [];
  const before = opened === undefined ? [] : opened.evidence.map((line) => `before: ${line.source}: ${line.seen}`);
  const heading = opened === undefined ? '' : 'now: ';
  return [...before, ...now.map((line) => `${heading}${line.source}: ${line.seen}`)];
}

function next(outcome: Outcome, policy: Policy, journal: Journal, ports: Pick<Ports, 'directions'>): string[] {
  const { connector } = policy;
  const look = `Look again without touching it: ${ports.directions.command({ connector, dryRun: true })}`;
  if (isPositionLost(outcome) && outcome.verdict !== undefined) return [outcome.verdict.wouldChange, look];
  switch (outcome.kind) {
    case 'recovered':
      return [
        'Nothing. If rows matter one by one, count them: a restart is not harmless with every connector version.',
      ];
    case 'acted-unproved':
      if (outcome.verdict.untoldTasks !== undefined)
        return [
          `Check that rows of ${sayTasks(outcome.verdict.untoldTasks)} arrive. You hear again if they are seen within the hour, or if it fails again.`,
          outcome.verdict.wouldChange,
          look,
        ];
      if (outcome.verdict.kind === 'partial')
        return ['Look at the failed tasks in the worker log; the others go on.', outcome.verdict.wouldChange, look];
      return ['Check that rows arrive. You are told when data is seen.', outcome.verdict.wouldChange, look];
    case 'gave-up':
      return ['Look at the connector, its worker log and its source.', look];
    case 'captured':
      return [];
    case 'called-off': {
      const isGone = staysDeleted(journal.recovery);
      const says = isGone ? 'Create it again after all, from its saved config' : 'Let it be recovered after all';
      const input = { connector, ...(isGone ? { remedy: 'recreate' } : {}), who: yourName };
      return [`${says}: ${ports.directions.command(input)}`, look];
    }
    case 'refused':
    case 'left-alone': {
      if (outcome.verdict === undefined) return [];
      if (outcome.kind === 'left-alone' && (outcome.verdict.kind === 'alive' || outcome.verdict.kind === 'idle'))
        return [];
      const lines = [outcome.verdict.wouldChange, look];
      if (outcome.kind === 'refused' && outcome.lifts !== undefined) {
        lines.unshift(...outcome.lifts.map(({ says, input }) => `${says}: ${ports.directions.command(input)}`));
      }
      if (outcome.kind === 'left-alone' && outcome.verdict.kind === 'unknown')
        lines.push(
          ...(journal.lulls === undefined ? [] : [comparedWithLulls(journal.lulls) ?? '']),
          'You are told this once: later silences that nobody can tell for the same cause are told only where they last longer than twice the longest that it came out of by itself.',
        );
      if (
        outcome.kind === 'refused' &&
        outcome.objections.some((found) => found === 'saved-config' || found === 'drift')
      ) {
        lines.unshift(`Keep its live configuration: ${ports.directions.captureCommand(connector)}`);
      }
      if (outcome.kind === 'refused' && outcome.objections.includes('absent')) {
        return [
          `If it should exist, create it from its saved config: ${ports.directions.command({ connector, remedy: 'recreate', who: yourName })}`,
        ];
      }
      return lines;
    }
  }
}

function lastArn(recovery: Recovery | undefined): string | undefined {
  return recovery?.acts.findLast((act) => act.arn !== undefined)?.arn;
}
