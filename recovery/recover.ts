import { alarmedAgain } from './alarmed.ts';
import { asksForMore } from './calledOff.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import { composeAlarm } from './composeAlarm.ts';
import { end } from './ending.ts';
import { inForce } from './intervention.ts';
import type { Journal, Recovery } from './journal.ts';
import { HeldJournal, LeaseLost } from './lease.ts';
import { observe } from './observe.ts';
import type { Observation } from './observation.ts';
import type { Outcome } from './outcome.ts';
import { closeBackup, perform } from './perform.ts';
import { resume } from './stopAndResume.ts';
import { capture, closeForgotten, pin } from './prepare.ts';
import type { Policy } from './policy.ts';
import { PortError } from './ports.ts';
import type { Ports } from './ports.ts';
import { readJournal } from './standingOrders.ts';
import { inStackAfter } from './suspicion.ts';
import { Telling } from './telling.ts';
import type { Instant } from './time.ts';
import { plusSeconds, secondsBetween } from './time.ts';
import { announce, sayToStack, stand } from './toStack.ts';
import type { Trigger } from './trigger.ts';
import { isFinal, Trouble } from './trouble.ts';

/** How this invocation ended. A held lease and a spent time are normal ends: the sweep comes back. */
export type Ended =
  | { readonly kind: 'finished'; readonly outcome: Outcome }
  | { readonly kind: 'lease-held'; readonly until: Instant | undefined }
  /** `atOnce`: there is something to watch all the time, and it was only the invocation that had to end; else the sweep is soon enough. */
  | { readonly kind: 'time-spent'; readonly next: string; readonly atOnce: boolean }
  | {
      readonly kind: 'dry-run';
      readonly decision: Decision;
      readonly observation: Observation;
      /** What persons have ordered and still holds. */
      readonly inForce: readonly string[];
    };

/** A pause longer than this is left to the sweep instead of being waited out. */
const longestWaitSeconds = 60;
/** No step is begun with less time than this: with what the edge holds in reserve, a look and an act fit into it even where services are slow. */
const leastForAStepSeconds = 20;

/**
 * The one loop: observe, decide, write the journal, act, and again, until there is an outcome or this invocation's time is up.
 * Whoever comes next continues from the journal. The same loop serves every edge; they differ in the ports they pass.
 *
 * `budget.until`: when this invocation must have ended; `budget.holder`: its identity, for the lease.
 * @throws a PortError that stands while nothing is begun, Unheard when people could not be told, and what a port throws that is no PortError;
 * what may pass by itself is waited out.
 */
export async function recover(
  trigger: Trigger,
  policy: Policy,
  ports: Ports,
  budget: { readonly until: Instant; readonly holder: string },
): Promise<Ended> {
  if (trigger.kind === 'person' && trigger.dryRun) return rehearse(trigger, policy, ports);
  try {
    const held = await take(policy, ports, budget);
    if (held === undefined)
      return { kind: 'time-spent', next: 'its journal could not be read or written', atOnce: false };
    if (!(held instanceof HeldJournal)) {
      ports.recorder.note('lease.held', { connector: policy.connector, until: held.until });
      return { kind: 'lease-held', until: held.until };
    }
    return await advance(trigger, policy, ports, budget.until, held);
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
    ports.recorder.note('lease.lost', { connector: policy.connector, reason: error.message });
    return { kind: 'lease-held', until: undefined };
  }
}

/** Takes the lease, as often as it needs; `undefined`: the store did not answer while there was time. */
async function take(
  policy: Policy,
  ports: Ports,
  budget: { readonly until: Instant; readonly holder: string },
): Promise<Awaited<ReturnType<typeof HeldJournal.take>> | undefined> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await HeldJournal.take(ports, policy.connector, budget.holder);
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      ports.recorder.note('port.error', { connector: policy.connector, code: error.code, reason: error.message });
      if (isFinal(error, tries)) throw error;
    }
    const { pollSeconds } = policy.waits;
    if (plusSeconds(ports.clock.now(), pollSeconds) >= budget.until) return undefined;
    await ports.clock.sleep(pollSeconds);
  }
}

/** Says what would be decided, and touches nothing. */
async function rehearse(trigger: Trigger, policy: Policy, ports: Ports): Promise<Ended> {
  const { journal: seen } = await readJournal(ports, policy.connector);
  const { observation, recovery } = await observe(ports, policy, seen, trigger);
  const decision = decide(observation, withRecovery(seen, recovery), policy, trigger);
  const onStack = await ports.holds.onStack();
  return { kind: 'dry-run', decision, observation, inForce: inForce(seen, onStack, observation.at) };
}

async function advance(
  trigger: Trigger,
  policy: Policy,
  ports: Ports,
  until: Instant,
  held: HeldJournal,
): Promise<Ended> {
  const telling = new Telling(ports, policy.connector);
  const trouble = new Trouble();
  let decided: string | undefined;
  await attempt(ports, held, async () => {
    await telling.catchUp(held);
    return { kind: 'acted' };
  });
  for (;;) {
    const step = await attempt(ports, held, () => takeStep(trigger, policy, ports, held, telling));
    if (step.kind === 'finish') return { kind: 'finished', outcome: step.outcome };
    if (step.kind === 'failed') {
      trouble.again(ports.clock.now());
      // While nothing is begun we stop with an error, so that those who watch our errors hear of it.
      if (held.journal.recovery === undefined && isFinal(step.error, trouble.tries)) {
        await letGo(ports, held);
        throw step.error;
      }
      await attempt(ports, held, async () => {
        await trouble.tell(step.error, held, telling, ports);
        return { kind: 'acted' };
      });
    } else {
      trouble.over();
    }
    const { seconds, next } = pauseAfter(step, policy);
    if (next !== undefined && next !== decided) note(ports, held, 'waiting', { reason: next });
    decided = next ?? decided;
    const isLong = seconds > longestWaitSeconds;
    if (isLong || secondsBetween(ports.clock.now(), until) < seconds + leastForAStepSeconds) {
      await letGo(ports, held);
      if (telling.unheard !== undefined) throw telling.unheard;
      return { kind: 'time-spent', next: next ?? 'what follows the last act', atOnce: !isLong };
    }
    if (seconds > 0) await ports.clock.sleep(seconds);
  }
}

/** What was called off is so no longer, also for those who go on after this invocation. A recovery that is being called off comes to its end first. */
async function letGoOn(held: HeldJournal): Promise<void> {
  const { calledOff, ...rest } = held.journal;
  if (calledOff !== undefined && rest.recovery === undefined) await held.write(rest);
}

function pauseAfter(
  step: Exclude<Step, { kind: 'finish' }>,
  policy: Policy,
): { readonly seconds: number; readonly next?: string } {
  switch (step.kind) {
    case 'acted':
      return { seconds: 0 };
    case 'wait':
      return { seconds: step.seconds, next: step.reason };
    case 'failed':
      return { seconds: policy.waits.pollSeconds, next: `a service did not answer (${step.error.code})` };
  }
}

/** Gives the lease back; where that fails it ends by itself, so this is no error. */
async function letGo(ports: Ports, held: HeldJournal): Promise<void> {
  try {
    await held.release(held.journal);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    note(ports, held, 'port.error', { code: error.code, reason: error.message });
  }
}

type Step =
  | { readonly kind: 'acted' }
  | { readonly kind: 'wait'; readonly seconds: number; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: PortError }
  | { readonly kind: 'finish'; readonly outcome: Outcome };

/** What a port refuses is no end: the next look finds out how far we came. */
async function attempt(ports: Ports, held: HeldJournal, step: () => Promise<Step>): Promise<Step> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    note(ports, held, 'port.error', { code: error.code, reason: error.message });
    return { kind: 'failed', error };
  }
}

async function takeStep(
  trigger: Trigger,
  policy: Policy,
  ports: Ports,
  held: HeldJournal,
  telling: Telling,
): Promise<Step> {
  await held.renew();
  const { observation, recovery } = await observe(ports, policy, held.journal, trigger);
  if (asksForMore(trigger, observation)) await letGoOn(held);
  if (recovery !== held.journal.recovery) await held.write(withRecovery(held.journal, recovery));
  if (policy.breaker !== undefined) await sayToStack(inStackAfter(observation, held.journal), held);
  if (recovery !== undefined) await closeBackup(recovery, held, ports);
  const decision = decide(observation, held.journal, policy, trigger);
  if (decision.kind !== 'wait')
    note(ports, held, `decided.${decision.kind}`, { reason: decision.reason, verdict: observation.verdict?.kind });
  return carryOut(decision, observation, trigger, policy, ports, held, telling);
}

async function carryOut(
  decision: Decision,
  observation: Observation,
  trigger: Trigger,
  policy: Policy,
  ports: Ports,
  held: HeldJournal,
  telling: Telling,
): Promise<Step> {
  const finishWith = async (outcome: Outcome): Promise<Step> => {
    await end(outcome, observation.sighting, policy, ports, held, telling);
    return { kind: 'finish', outcome };
  };
  switch (decision.kind) {
    case 'wait':
      return decision;
    case 'restart':
    case 'delete':
    case 'create': {
      const recovery = held.journal.recovery ?? open(observation, trigger, ports);
      const serving = decision.kind === 'create' ? recovery : servingStack(recovery, decision);
      await perform(decision, observation.at, serving, held, ports);
      return { kind: 'acted' };
    }
    case 'resume': {
      const { recovery } = held.journal;
      if (recovery === undefined) throw new Error('Only what a recovery of ours stopped is resumed.');
      await resume(decision, observation.at, recovery, held, ports);
      return { kind: 'acted' };
    }
    case 'stand':
      await stand(decision, held, ports);
      return { kind: 'acted' };
    case 'announce':
      await announce(decision, held, telling, ports);
      return { kind: 'acted' };
    case 'take-up': {
      const recovery: Recovery = {
        ...open(observation, trigger, ports),
        id: decision.recoveryId,
        acts: [decision.act],
      };
      await held.write(withRecovery(held.journal, recovery));
      return { kind: 'acted' };
    }
    case 'close-backup':
      await closeForgotten(decision, held, ports);
      return { kind: 'acted' };
    case 'pin': {
      const refused = await pin(decision, observation.verdict, held, ports);
      return refused === undefined ? { kind: 'acted' } : finishWith(refused);
    }
    case 'capture':
      return finishWith(await capture(decision, observation.verdict, held, ports));
    case 'raise-alarm': {
      const { recovery } = held.journal;
      if (recovery === undefined) throw new Error('An alarm is raised only for a recovery under way.');
      if (
        !(await telling.tell(
          composeAlarm(policy.connector, decision.reason, recovery, ports, undefined, decision.lifts),
        ))
      )
        return { kind: 'wait', seconds: longestWaitSeconds, reason: 'people must be told, and cannot be' };
      const alarmed = alarmedAgain(recovery, ports.clock.now());
      await held.write(withRecovery(held.journal, { ...recovery, alarmed }));
      return { kind: 'acted' };
    }
    case 'finish':
      return finishWith(decision.outcome);
  }
}

/** A recovery serves the whole stack as long as its last act does: what it does for itself alone is held by its own limits. */
function servingStack(recovery: Recovery, { forStack }: { readonly forStack?: true }): Recovery {
  const { forStack: _before, ...rest } = recovery;
  return forStack === true ? { ...rest, forStack } : rest;
}

function open(observation: Observation, trigger: Trigger, ports: Ports): Recovery {
  const verdict = observation.verdict ?? {
    kind: 'unknown',
    because: 'The connector does not exist.',
    wouldChange: 'That it exists.',
    evidence: [],
  };
  return { id: ports.newId(), openedAt: observation.at, trigger, verdict, acts: [] };
}

function withRecovery(journal: Journal, recovery: Recovery | undefined): Journal {
  const { recovery: _recovery, ...rest } = journal;
  return recovery === undefined ? rest : { ...rest, recovery };
}

function note(ports: Ports, held: HeldJournal, event: string, fields: Readonly<Record<string, unknown>>): void {
  const { connector, recovery } = held.journal;
  ports.recorder.note(event, { connector, recovery: recovery?.id, ...fields });
}
