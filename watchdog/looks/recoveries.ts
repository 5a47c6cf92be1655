import type { Policy } from '../../recovery/policy.ts';
import { PortError } from '../../recovery/ports.ts';
import type { Clock, Ports, Recorder } from '../../recovery/ports.ts';
import { recover } from '../../recovery/recover.ts';
import type { Ended } from '../../recovery/recover.ts';
import { plusSeconds } from '../../recovery/time.ts';
import type { Instant } from '../../recovery/time.ts';
import type { Trigger } from '../../recovery/trigger.ts';
import { Stopped } from './stoppableClock.ts';

/** How long one call of the engine goes on by itself; what takes longer is continued by the next look. */
const budgetSeconds = 600;

/** A connector that the engine is to look at, and with what. */
export interface Task {
  readonly connector: string;
  readonly trigger: Trigger;
  readonly policy: Policy;
  /** Its clock stops with this process: see `StoppableClock`. */
  readonly ports: Ports;
}

/** How it ended; `failed`: an unexpected error, or one that stands. */
export type TaskEnd =
  | { readonly kind: 'ended'; readonly ended: Ended }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** The calls of the engine that are under way, one for each connector and so many at most. */
export class Recoveries {
  readonly #atOnce: number;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #newHolder: () => string;
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(atOnce: number, clock: Pick<Clock, 'now'>, newHolder: () => string) {
    this.#atOnce = atOnce;
    this.#clock = clock;
    this.#newHolder = newHolder;
  }

  get underWay(): ReadonlySet<string> {
    return new Set(this.#underWay.keys());
  }

  get free(): number {
    return this.#atOnce - this.#underWay.size;
  }

  /** Begins, unless that connector is at it already or too many are. `ended` is told once, at its end. */
  begin(task: Task, ended: (end: TaskEnd, at: Instant) => void): boolean {
    const { connector } = task;
    if (this.#underWay.has(connector) || this.free <= 0) return false;
    this.#underWay.set(connector, this.#toItsEnd(task, ended));
    return true;
  }

  /** Resolves once none is under way any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#underWay.values());
  }

  async #toItsEnd(task: Task, ended: (end: TaskEnd, at: Instant) => void): Promise<void> {
    const end = await this.#run(task);
    this.#underWay.delete(task.connector);
    ended(end, this.#clock.now());
  }

  async #run({ trigger, policy, ports }: Task): Promise<TaskEnd> {
    const budget = { until: plusSeconds(this.#clock.now(), budgetSeconds), holder: this.#newHolder() };
    try {
      return { kind: 'ended', ended: await recover(trigger, policy, ports, budget) };
    } catch (error) {
      if (error instanceof Stopped) {
        await release(policy.connector, budget.holder, ports);
        return { kind: 'stopped' };
      }
      return { kind: 'failed', error };
    }
  }
}

/** A line on how a look ended, for the operator's log. */
export function noteEnd(connector: string, end: TaskEnd, recorder: Recorder): void {
  if (end.kind === 'stopped') return recorder.note('stopped', { connector });
  if (end.kind === 'failed') return recorder.note('failed', { connector, error: end.error });
  const { ended } = end;
  switch (ended.kind) {
    case 'finished':
      return recorder.note('ended', { connector, outcome: ended.outcome.kind, reason: ended.outcome.reason });
    case 'time-spent':
      return recorder.note('ended', { connector, outcome: 'time-spent', next: ended.next });
    case 'lease-held':
      return recorder.note('ended', { connector, outcome: 'lease-held', until: ended.until });
    case 'dry-run':
      return recorder.note('ended', { connector, outcome: 'dry-run', reason: ended.decision.reason });
  }
}

/** Gives back the lease of whoever was stopped while he waited, so that the next one need not wait for its end. */
async function release(connector: string, holder: string, ports: Ports): Promise<void> {
  try {
    const stored = await ports.journals.read(connector);
    if ('kind' in stored || stored.journal?.lease?.holder !== holder) return;
    const { lease: _lease, ...free } = stored.journal;
    await ports.journals.write(connector, free, stored.tag);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    ports.recorder.note('lease.kept', { connector, reason: error.message });
  }
}
