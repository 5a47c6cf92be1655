import type { Journal } from '../recovery/journal.ts';
import { openBreaker, turnOf } from '../recovery/breaker.ts';
import type { ConnectorState } from '../recovery/connector.ts';
import type { Breaker } from '../recovery/policy.ts';
import type { Neighbour } from '../recovery/ports.ts';
import { secondsBetween } from '../recovery/time.ts';
import type { Instant } from '../recovery/time.ts';

/** A journal as the sweep found it. */
export type SweptJournal =
  | { readonly kind: 'read'; readonly journal: Journal | undefined }
  | { readonly kind: 'broken'; readonly reason: string }
  /** It could not be read this time; the next sweep is a minute away. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** What the comparison of the account with the configured connectors found for one of them. */
export interface Compared {
  /** `undefined`: no connector of that name exists. */
  readonly state: ConnectorState | undefined;
  readonly savedConfig: 'there' | 'missing' | 'unknown';
}

/** What a sweep saw of one configured connector. */
export interface Swept {
  readonly connector: string;
  readonly journal: SweptJournal;
  /** Names of the stack's own look alarms that are in ALARM. */
  readonly alarms: readonly string[];
  /** Those of them that watch a metric which tells nothing of it any more: a dead task's. @default none */
  readonly alarmsOfTheDead?: readonly string[];
  /** Whether another of its alarms would call if it fell silent. @default false */
  readonly isCalledOtherwise?: boolean;
  /** Only in a sweep that compares. */
  readonly compared?: Compared;
  /** The stack's breaker. @default none */
  readonly breaker?: Breaker;
}

/** A connector that gets an invocation of its own, and why. */
export interface HandOver {
  readonly connector: string;
  readonly why: string;
  /** How many invocations in a row ran out of time over it. @default 0 */
  readonly handedOn?: number;
}

/** What merely lasts is looked at again at most this often. */
const againSeconds = 300;
/** An alarm on a dead task's metric stays as long as its worker lives; that it may have become the living task's again is worth a look now and then. */
const deadAgainSeconds = 3600;
/** A lease that ended this moment may be in somebody's clock that goes slow; `recover` has the last word. */
const skewSeconds = 10;

/**
 * Which connectors need a look now. Pure.
 *
 * An unfinished recovery whose lease is free, and one that the breaker need not hold any more, at once; an alarm that stays, something that stands or was not told, a connector that FAILED,
 * vanished or has no saved config at most every five minutes; one that somebody works on right now, not at all.
 */
export function planSweep(seen: readonly Swept[], now: Instant): readonly HandOver[] {
  return seen.flatMap((one) => {
    const why = whyNow(one, seen, now);
    return why.length === 0 ? [] : [{ connector: one.connector, why: why.join('; ') }];
  });
}

/** Why one that waits for the stack's breaker need not wait any more; `undefined`: it must, or it does not wait. */
function afterBreaker({ connector, journal: swept, breaker }: Swept, seen: readonly Swept[], now: Instant) {
  const journal = swept.kind === 'read' ? swept.journal : undefined;
  if (breaker === undefined || journal?.stack?.suspected?.stands === undefined) return undefined;
  const neighbours = seen.flatMap((other): Neighbour[] => {
    if (other.connector === connector) return [];
    const { journal: found } = other;
    return found.kind === 'read'
      ? [{ kind: 'read', connector: other.connector, journal: found.journal }]
      : [{ kind: 'unreadable', connector: other.connector, reason: found.reason }];
  });
  const open = openBreaker(journal, neighbours, breaker, now);
  if (open === undefined) return 'many connectors were silent at once, and that is over';
  const turn = turnOf(open, connector, now);
  const isItsTurn = turn.kind === 'next' && turn.connector === connector;
  return isItsTurn
    ? 'many connectors are silent at once, and it is its turn to find out whether that is over'
    : undefined;
}

function whyNow(one: Swept, seen: readonly Swept[], now: Instant): readonly string[] {
  const { journal: swept, compared } = one;
  const lasting = [
    ...alarmsThatCount(one, now).map((alarm) => `alarm ${alarm} is still in ALARM`),
    ...(compared === undefined ? [] : findings(compared)),
  ];
  switch (swept.kind) {
    case 'unreadable':
      return [];
    case 'broken':
      // It says nothing of a lease or a last look, so the comparison's own pace is kept.
      return compared === undefined ? [] : [swept.reason, ...lasting];
    case 'read': {
      const { lease, recovery, standing, untold, lookedAt, calledOff } = swept.journal ?? {};
      if (lease !== undefined && secondsBetween(lease.until, now) < skewSeconds) return [];
      if (recovery !== undefined) return [`recovery ${recovery.id} is not finished`, ...lasting];
      const free = afterBreaker(one, seen, now);
      if (free !== undefined) return [free, ...lasting];
      if (lookedAt !== undefined && secondsBetween(lookedAt, now) < againSeconds) return [];
      const why = [
        ...(standing === undefined ? [] : [`${standing.key} stands since ${standing.since}`]),
        // Once it is seen to live, it is off no more.
        ...(calledOff === undefined ? [] : [`called off since ${calledOff.at}`]),
        ...(untold?.[0] === undefined ? [] : [`people could not be told since ${untold[0].at}`]),
        ...lasting,
      ];
      // A backup may still promise what a journal that was lost knew to be done.
      const isForgotten = lookedAt === undefined && compared?.state === 'RUNNING' && compared.savedConfig === 'there';
      return why.length === 0 && isForgotten ? ['its journal knows of no look at it'] : why;
    }
  }
}

/** Where nothing else would call, the alarm of a dead task does, for what remains has to be looked at. */
function alarmsThatCount(one: Swept, now: Instant): readonly string[] {
  const { alarms, alarmsOfTheDead = [], isCalledOtherwise = false, journal } = one;
  const lookedAt = journal.kind === 'read' ? journal.journal?.lookedAt : undefined;
  if (!isCalledOtherwise || lookedAt === undefined || secondsBetween(lookedAt, now) >= deadAgainSeconds) return alarms;
  return alarms.filter((alarm) => !alarmsOfTheDead.includes(alarm));
}

function findings({ state, savedConfig }: Compared): string[] {
  if (state === undefined) return ['the connector does not exist'];
  if (state === 'FAILED') return ['the connector is FAILED'];
  // Captured from a running connector only; whether it is healthy, the look finds out.
  return savedConfig === 'missing' && state === 'RUNNING' ? ['its configuration is not saved yet'] : [];
}
