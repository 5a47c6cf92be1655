import type { Operation } from '../../recovery/connector.ts';
import { platformOf } from '../../recovery/platforms.ts';
import type { RestartHow } from '../../recovery/ports.ts';
import { secondsBetween } from '../../recovery/time.ts';
import type { Instant } from '../../recovery/time.ts';
import type { StatesSeen } from './connectorMemory.ts';

/**
 * A worker gives what it stops 5 s (`task.shutdown.graceful.timeout.ms`) and starts it anew then; whoever was RUNNING may be so again before anybody
 * looked.
 */
const restartedSeconds = 10;
/** What was FAILED and is so after this, with the same trace, was begun anew and failed again. */
const failedAgainSeconds = 30;
/** A worker's process is gone and back by then, though nobody saw it away. */
const replacedSeconds = 60;
const kept = 5;

interface Entry {
  readonly arn: string;
  readonly how: RestartHow;
  readonly startedAt: Instant;
  /** When it was asked for. */
  readonly before: StatesSeen;
  /** Something of what was asked for was seen under way. */
  seenUnderWay: boolean;
  endedAt?: Instant;
}

/**
 * The restarts that we asked for, as operations: Kafka Connect keeps no list of them, and answers before it has begun. What became of one is told by
 * the states that follow. Of one connector; forgotten with the process, which the engine reckons with.
 */
export class RestartLedger {
  #entries: readonly Entry[] = [];
  #seenAt: Instant = '';

  begin(arn: string, how: RestartHow, before: StatesSeen, at: Instant): void {
    const entry = { arn, how, startedAt: at, before, seenUnderWay: false };
    this.#entries = [entry, ...this.#entries].slice(0, kept);
  }

  /** Takes in what was seen at that moment, unless newer was; `silent`: workers that do not answer. */
  see(states: StatesSeen, at: Instant, silent: ReadonlySet<string>): void {
    if (at < this.#seenAt) return;
    this.#seenAt = at;
    for (const entry of this.#entries) {
      if (entry.endedAt !== undefined || at <= entry.startedAt) continue;
      if (hasEnded(entry, states, secondsBetween(entry.startedAt, at), silent)) entry.endedAt = at;
    }
  }

  /** Newest first. */
  get operations(): readonly Operation[] {
    return this.#entries.map(({ arn, startedAt, endedAt }) => ({
      arn,
      type: platformOf({ platform: 'self-managed' }).restartOperation,
      state: endedAt === undefined ? 'in-progress' : 'complete',
      startedAt,
      ...(endedAt === undefined ? {} : { endedAt }),
    }));
  }
}

function hasEnded(entry: Entry, states: StatesSeen, seconds: number, silent: ReadonlySet<string>): boolean {
  switch (entry.how.by) {
    case undefined:
      return isRestarted(entry, states, seconds);
    case 'stop-and-resume':
      entry.seenUnderWay ||= states.state === 'STOPPED';
      return entry.seenUnderWay && states.state !== 'STOPPED' && isSettled(states);
    case 'replace-worker':
      return isReplaced(entry, states, seconds, silent);
  }
}

function isRestarted(entry: Entry, states: StatesSeen, seconds: number): boolean {
  const parts = partsOf(states).filter(({ id }) => isMeant(entry, id));
  const before = new Map(partsOf(entry.before).map((part) => [part.id, part]));
  if (parts.some(({ state }) => isMoving(state))) {
    entry.seenUnderWay = true;
    return false;
  }
  const failed = parts.filter(({ id }) => before.get(id)?.state === 'FAILED');
  const asItWas = failed.filter(({ id, state, trace }) => state === 'FAILED' && trace === before.get(id)?.trace);
  if (asItWas.length > 0) return entry.seenUnderWay || seconds >= failedAgainSeconds;
  return failed.length > 0 || entry.seenUnderWay || seconds >= restartedSeconds;
}

function isReplaced(entry: Entry, states: StatesSeen, seconds: number, silent: ReadonlySet<string>): boolean {
  const { worker = '' } = entry.how;
  entry.seenUnderWay ||= silent.has(worker) || partsOf(states).some(({ state }) => isMoving(state));
  const stillThere = partsOf(states).some((part) => part.worker === worker);
  const isBack = !stillThere || (!silent.has(worker) && (entry.seenUnderWay || seconds >= replacedSeconds));
  return isBack && isSettled(states);
}

type Part = Pick<StatesSeen, 'state' | 'worker' | 'trace'> & { readonly id: number | 'instance' };

function partsOf(states: StatesSeen): readonly Part[] {
  return [{ ...states, id: 'instance' }, ...states.tasks];
}

function isMeant({ how, before }: Entry, id: Part['id']): boolean {
  if (how.tasks !== undefined) return id === 'instance' ? !how.onlyFailedTasks : how.tasks.includes(id);
  return !how.onlyFailedTasks || partsOf(before).some((part) => part.id === id && part.state === 'FAILED');
}

function isMoving(state: Part['state']): boolean {
  return state === 'RESTARTING' || state === 'UNASSIGNED';
}

/** Whoever should run has been begun, be it in vain. */
function isSettled(states: StatesSeen): boolean {
  return states.tasks.length > 0 && !partsOf(states).some(({ state }) => isMoving(state));
}
