import type { TaskState } from '../../recovery/connector.ts';
import type { Series, TaskSigns } from '../../recovery/signs.ts';
import type { Instant } from '../../recovery/time.ts';
import type { PartitionLag } from '../round/consumerGroups.ts';
import { PositionMemory } from './positionMemory.ts';
import type { TaskSeen } from '../round/seen.ts';
import { cleanTrace } from './trace.ts';
import { Window } from './window.ts';

/** Whether a single task is stuck shows within minutes, and there are thousands of them. */
const keepSeconds = 1800;

/** What is remembered of one task. */
export class TaskMemory {
  #state: TaskState;
  #since: Instant;
  /** When it was seen to begin to run; `undefined`: it ran already when it was first seen, or does not run. */
  #begunAt: Instant | undefined;
  /** The trace as it was given, by which a new one is told. */
  #trace: string | undefined;
  /** Which partitions it was assigned last, in one text; `undefined`: not known. */
  #assigned: string | undefined;
  /** Made when there is something to put in: most tasks of a source never have any. */
  #waiting: Window | undefined;
  #recordsIn: Window | undefined;
  readonly #position = new PositionMemory();

  constructor(seen: TaskSeen, at: Instant, configuration: Configuration) {
    this.#state = cleaned(seen, configuration);
    this.#trace = seen.trace;
    this.#since = at;
  }

  get state(): TaskState {
    return this.#state;
  }

  see(seen: TaskSeen, at: Instant, configuration: Configuration): void {
    const { id, state, worker } = this.#state;
    const isSame = seen.state === state && seen.worker === worker;
    if (!isSame) {
      this.#since = at;
      this.#begunAt = seen.state === 'RUNNING' ? at : undefined;
      // Until it is back, others have its partitions, and commit what they read of them.
      this.#position.forget();
    }
    // Of a trace that stands, secrets are blanked once.
    if (!isSame || seen.trace !== this.#trace || seen.id !== id) this.#state = cleaned(seen, configuration);
    this.#trace = seen.trace;
  }

  /** Its connector has another configuration, for which Connect begins each task anew: what was seen of it so far was its predecessor's. */
  beginAnew(at: Instant): void {
    if (this.#state.state !== 'RUNNING') return;
    this.#since = at;
    this.#begunAt = at;
    this.#position.forget();
  }

  /** Records per second. */
  readRate(at: Instant, recordsIn: number): void {
    this.#recordsIn ??= new Window('mean', keepSeconds);
    this.#recordsIn.add(at, recordsIn);
  }

  /** The partitions that its client is assigned; none: nothing is known of it as long as that lasts. */
  readPartitions(at: Instant, partitions: readonly PartitionLag[]): void {
    const assigned = partitions.map(({ topic, partition }) => `${topic}/${partition}`).join(' ');
    if (assigned !== this.#assigned) {
      this.#assigned = assigned;
      // Others had them, or it had others: what waited there and what was committed there were not its own.
      this.#waiting?.forget();
      this.#position.forget();
    }
    if (partitions.length === 0) return;
    this.#waiting ??= new Window('most', keepSeconds);
    this.#waiting.add(at, waitingIn(partitions));
    this.#position.add(at, partitions.map(({ committed }) => committed ?? '-').join(' '));
  }

  signs(from: Instant, to: Instant): TaskSigns {
    const position = this.#position.get(to);
    const [waiting, recordsIn] = [this.#waiting, this.#recordsIn].map((window) => seriesOf(window, from, to));
    return {
      ...this.#state,
      since: this.#since,
      ...(this.#begunAt === undefined ? {} : { begunAt: this.#begunAt }),
      ...(waiting === undefined ? {} : { waiting }),
      ...(recordsIn === undefined ? {} : { recordsIn }),
      ...(position === undefined ? {} : { position }),
    };
  }
}

type Configuration = Readonly<Record<string, string>>;

function cleaned({ trace, ...seen }: TaskSeen, configuration: Configuration): TaskState {
  return { ...seen, ...(trace === undefined ? {} : { trace: cleanTrace(trace, configuration) }) };
}

function seriesOf(window: Window | undefined, from: Instant, to: Instant): Series | undefined {
  const samples = window?.between(from, to) ?? [];
  return samples.length === 0 ? undefined : { kind: 'read', samples };
}

/** A partition in which nothing was ever committed is behind by all that is left in it. */
export function waitingIn(partitions: readonly PartitionLag[]): number {
  return partitions.reduce((sum, { committed, start = 0, end }) => sum + Math.max(0, end - (committed ?? start)), 0);
}
