import type { Instant } from '../../recovery/time.ts';
import { secondsBetween } from '../../recovery/time.ts';
import { cleanReason } from '../../tell/cleanText.ts';
import type { ClusterSeen } from '../round/seen.ts';

/** What may be wrong with a cluster, or with one worker of it, that no connector is to blame for. */
export type TroubleKind = 'unreadable' | 'silent' | 'slow' | 'lost-its-group';

/** Something that is wrong for so long that people are told. */
export interface Trouble {
  readonly kind: TroubleKind;
  /** Absent: the whole cluster. */
  readonly worker?: string;
  readonly since: Instant;
  /** What was seen of it last. */
  readonly reason: string;
}

/** How long each must last before it is told: past one missed answer, past a full garbage collection, past an ordinary rebalance. */
const toldAfterSeconds: Readonly<Record<TroubleKind, number>> = {
  unreadable: 30,
  silent: 30,
  slow: 60,
  'lost-its-group': 60,
};
/** It is over once nothing was seen of it for so long. */
const overAfterSeconds = 60;

interface Suspect {
  readonly trouble: Trouble;
  seenAt: Instant;
}

/** Follows from round to round what is wrong with a cluster and its workers. */
export class ClusterTroubles {
  readonly #suspects = new Map<string, Suspect>();
  #notedAt: Instant | undefined;

  /** Takes in a round. */
  note(seen: ClusterSeen): void {
    this.#notedAt = seen.at;
    for (const found of troublesIn(seen)) {
      const key = keyOf(found);
      const before = this.#suspects.get(key);
      const since = before === undefined ? found.since : earlier(before.trouble.since, found.since);
      this.#suspects.set(key, { trouble: { ...found, since }, seenAt: seen.at });
    }
    for (const [key, { seenAt }] of this.#suspects)
      if (secondsBetween(seenAt, seen.at) >= overAfterSeconds) this.#suspects.delete(key);
  }

  /**
   * What has lasted for long enough to be told, and was seen this very round: of what was seen before, somebody else may have told the end. Where
   * nobody answers at all, the workers' own silence is no news.
   */
  get lasting(): readonly Trouble[] {
    const lasting = [...this.#suspects.values()].filter(
      ({ trouble: { kind, since }, seenAt }) => secondsBetween(since, seenAt) >= toldAfterSeconds[kind],
    );
    const isUnreadable = lasting.some(({ trouble: { kind } }) => kind === 'unreadable');
    return lasting
      .filter(({ trouble: { kind }, seenAt }) => seenAt === this.#notedAt && (kind === 'unreadable' || !isUnreadable))
      .map(({ trouble }) => trouble);
  }

  /** Whether something of it was seen of late, be it not for long enough to be told. */
  isSuspected(trouble: Pick<Trouble, 'kind' | 'worker'>): boolean {
    return this.#suspects.has(keyOf(trouble));
  }
}

/** What two watchdogs call the same. */
export function keyOf({ kind, worker = '' }: Pick<Trouble, 'kind' | 'worker'>): string {
  return `${kind} ${worker}`;
}

function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}

function troublesIn({ at, connectors, workers }: ClusterSeen): readonly Trouble[] {
  const ofWorkers = workers.flatMap(({ worker, answer }): Trouble[] => {
    switch (answer?.kind) {
      case undefined:
      case 'answers':
        return [];
      case 'slow':
        return [{ kind: 'slow', worker, since: at, reason: `an answer took ${Math.round(answer.tookMs)} ms` }];
      case 'silent':
        return [{ kind: 'silent', worker, since: answer.since, reason: cleanReason(answer.reason) }];
      case 'lost-its-group':
        return [{ kind: 'lost-its-group', worker, since: answer.since, reason: cleanReason(answer.reason ?? '') }];
    }
  });
  const ofCluster: readonly Trouble[] =
    connectors.kind === 'read' ? [] : [{ kind: 'unreadable', since: at, reason: cleanReason(connectors.reason) }];
  return [...ofCluster, ...ofWorkers];
}

/** Workers that are not what their connectors' states say: nothing is restarted for what happens to them. */
export function untouchableWorkers({ workers }: ClusterSeen): ReadonlySet<string> {
  return new Set(
    workers.flatMap(({ worker, answer }) =>
      answer?.kind === 'silent' || answer?.kind === 'lost-its-group' ? [worker] : [],
    ),
  );
}
