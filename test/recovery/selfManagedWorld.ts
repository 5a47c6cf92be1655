import type { LiveConnector, Operation, TaskState } from '../../recovery/connector.ts';
import type { Held } from '../../recovery/intervention.ts';
import type { Journal, RestartAct } from '../../recovery/journal.ts';
import type { Policy } from '../../recovery/policy.ts';
import { PortError } from '../../recovery/ports.ts';
import type { Ports, Refused, RestartHow, WorkerLoad } from '../../recovery/ports.ts';
import { recover } from '../../recovery/recover.ts';
import type { Ended } from '../../recovery/recover.ts';
import type { Signs, TaskSigns } from '../../recovery/signs.ts';
import type { Trigger } from '../../recovery/trigger.ts';
import { name, request } from './examples.ts';
import { selfArn, selfPolicy } from './selfManagedExamples.ts';

export type Cure = 'task' | 'restart' | 'stop' | 'worker' | 'nothing';
export class Killed extends Error {}

interface Task {
  readonly id: number;
  /** RUNNING and moving, RUNNING and stuck, RUNNING while no more records come than wait already, or FAILED with this trace. */
  life: 'moves' | 'stuck' | 'rests' | { readonly trace: string };
  state: TaskState['state'];
  worker: string;
  sinceMs: number;
}

const rungs: readonly Cure[] = ['task', 'restart', 'stop', 'worker'];
const noonMs = Date.UTC(2026, 0, 5, 12);
const iso = (ms: number) => new Date(ms).toISOString();

/**
 * A small self-managed Kafka Connect for the engine: one sink connector with tasks on workers `w0`, `w1`, a store, a mailbox and a clock that moves only
 * when somebody sleeps.
 *
 * - A restart of a task takes 5 s, of connector and tasks 10 s, a stop 5 s, a resume 10 s, a worker's process 60 s; meanwhile tasks are RESTARTING, there
 *   are none, or they are UNASSIGNED.
 * - `cure` says which of them brings a dead task back; a harsher one does, too. What is not cured is as it was when it is back.
 * - Committed offsets of a task that moves were read 2 s ago and had moved; of a stuck one they have stood still since it got stuck, while a record a
 *   second waits. A FAILED one shows its trace.
 * - Operations of restarts are forgotten when the watchdog dies (`forget`).
 */
export class SelfManagedWorld {
  nowMs = noonMs;
  cure: Cure = 'task';
  /** What a cured task does. */
  cured: 'moves' | 'rests' = 'moves';
  version = 'config-1';
  state: LiveConnector['state'] = 'RUNNING';
  connectorTrace: string | undefined;
  stateSinceMs = noonMs - 86_400_000;
  tasks: Task[];
  operations: Operation[] = [];
  journal: Journal | undefined;
  loads: readonly WorkerLoad[] = [];
  heldOnStack: Held | undefined;
  refuses: ((call: string, how?: RestartHow) => Refused | undefined) | undefined;
  /** Asked before and after each call that changes something. */
  fault: (call: string, when: 'before' | 'after') => void = () => undefined;
  readonly done: { readonly at: number; readonly what: string }[] = [];
  readonly told: { readonly at: number; readonly subject: string; readonly text: string }[] = [];
  #tag = 0;
  #ids = 0;
  #due: { readonly atMs: number; readonly run: () => void }[] = [];

  constructor(lives: readonly Task['life'][]) {
    this.tasks = lives.map((life, id) => ({
      id,
      life,
      state: typeof life === 'string' ? 'RUNNING' : 'FAILED',
      worker: `w${id % 2}`,
      sinceMs: noonMs - 600_000,
    }));
  }

  get elapsed(): number {
    return (this.nowMs - noonMs) / 1000;
  }

  get acts(): readonly RestartAct[] {
    return this.journal?.recovery?.acts.filter((act) => act.kind === 'restart') ?? [];
  }

  after(seconds: number, run: () => void): void {
    this.#due.push({ atMs: this.nowMs + seconds * 1000, run });
  }

  moveTo(ms: number): void {
    for (;;) {
      const [next] = this.#due.toSorted((a, b) => a.atMs - b.atMs);
      if (next === undefined || next.atMs > ms) break;
      this.#due = this.#due.filter((entry) => entry !== next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
    }
    this.nowMs = ms;
  }

  /** Somebody else writes the journal. */
  write(change: (journal: Journal) => Journal): void {
    if (this.journal === undefined) throw new Error('There is no journal yet.');
    this.#tag += 1;
    this.journal = change(this.journal);
  }

  /** The watchdog is started anew: what it made up is gone. */
  forget(): void {
    this.operations = [];
  }

  /** Looks every 10 s, as the watchdog does, until it comes to an end that `until` wants, or so many seconds have passed. */
  async watch(
    seconds: number,
    options: { readonly policy?: Policy; readonly trigger?: Trigger; readonly until?: (ended: Ended) => boolean } = {},
  ): Promise<readonly Ended[]> {
    const ends: Ended[] = [];
    const untilMs = this.nowMs + seconds * 1000;
    const trigger: Trigger = options.trigger ?? { kind: 'sweep', connector: name, why: 'a task of it is dead' };
    while (this.nowMs < untilMs) {
      const budget = { until: iso(this.nowMs + 600_000), holder: `holder-${(this.#ids += 1)}` };
      try {
        const ended = await recover(trigger, options.policy ?? selfPolicy({}, 'sink'), this.ports, budget);
        ends.push(ended);
        if (ended.kind === 'finished' && (options.until?.(ended) ?? true)) return ends;
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        this.forget();
        // Its lease has to run out.
        this.moveTo(this.nowMs + 200_000);
      }
      this.moveTo(this.nowMs + 10_000);
    }
    return ends;
  }

  readonly ports: Ports = {
    connectors: {
      find: async () => ({ kind: 'present', connector: this.#live() }),
      restart: async (arn, how) => this.#change(how.by ?? 'restart', how, () => this.#restart(arn, how)),
      delete: async () => ({ kind: 'refused', code: 'No', reason: 'never' }),
      create: async () => ({ kind: 'refused', code: 'No', reason: 'never' }),
      offsetSurvival: async () => ({ kind: 'unknown', reason: '' }),
      findPin: async () => ({ kind: 'missing' }),
      findEarlierPin: async () => ({ kind: 'missing' }),
      makePin: async () => ({ kind: 'missing' }),
    },
    workers: {
      on: async () => this.loads,
      resume: async () =>
        this.#change('resume', undefined, () => {
          this.#resume();
          return { kind: 'started' } as const;
        }),
    },
    savedConfigs: {
      read: async () => this.#never('a saved config'),
      capture: async () => this.#never('a capture'),
      replace: async () => this.#never('a replacement'),
      writeBackup: async () => this.#never('a backup'),
      newestBackup: async () => this.#never('a backup'),
    },
    journals: {
      read: async () => ({ journal: this.journal, tag: this.journal === undefined ? undefined : `${this.#tag}` }),
      write: async (_connector, journal, tag) => {
        if (tag !== (this.journal === undefined ? undefined : `${this.#tag}`)) return { kind: 'lost' };
        this.#tag += 1;
        this.journal = journal;
        return { kind: 'written', tag: `${this.#tag}` };
      },
    },
    signsOfLife: { look: async (_connector, from, to) => this.#signs(from, to) },
    past: { rates: async () => ({ kind: 'unreadable', reason: 'nobody keeps it' }) },
    sweep: { lastSeenAt: async () => this.#never('the sweep') },
    holds: { onStack: async () => this.heldOnStack },
    standingOrders: {
      read: async () => ({ kind: 'read', orders: {}, tag: undefined }),
      write: async () => ({ kind: 'written' }),
    },
    neighbours: { of: async () => [] },
    notifier: {
      tell: async ({ subject, text }) => void this.told.push({ at: this.elapsed, subject, text }),
    },
    directions: {
      links: () => [],
      command: (input) => `order ${JSON.stringify(input)}`,
      captureCommand: () => 'capture',
    },
    clock: {
      now: () => iso(this.nowMs),
      sleep: async (seconds) => this.moveTo(this.nowMs + seconds * 1000),
    },
    recorder: { note: () => undefined },
    newId: () => `id-${(this.#ids += 1)}`,
  };

  #never(what: string): never {
    throw new Error(`A self-managed Kafka Connect has no ${what}.`);
  }

  #change<T>(call: string, how: RestartHow | undefined, change: () => T): T | Refused {
    this.fault(call, 'before');
    const refused = this.refuses?.(call, how);
    if (refused !== undefined) return refused;
    const answer = change();
    this.fault(call, 'after');
    return answer;
  }

  #restart(arn: string, how: RestartHow) {
    this.done.push({ at: this.elapsed, what: sayHow(how) });
    const operationArn = `${arn}#${(this.#ids += 1)}`;
    if (how.by === 'stop-and-resume') {
      this.after(5, () => {
        this.state = 'STOPPED';
        this.tasks = this.tasks.map((task) => ({ ...task, state: 'STOPPED', sinceMs: this.nowMs }));
      });
      return { kind: 'started', operationArn } as const;
    }
    const isHit = (task: Task) => {
      if (how.by === 'replace-worker') return task.worker === how.worker;
      if (!how.onlyFailedTasks) return true;
      return how.tasks === undefined ? task.state === 'FAILED' : how.tasks.includes(task.id);
    };
    const hit = this.tasks.filter(isHit);
    const reached: Cure = how.by === 'replace-worker' ? 'worker' : how.onlyFailedTasks ? 'task' : 'restart';
    for (const task of hit) {
      task.state = how.by === 'replace-worker' ? 'UNASSIGNED' : 'RESTARTING';
      task.sinceMs = this.nowMs;
    }
    const operation = { arn: operationArn, type: 'RESTART', startedAt: iso(this.nowMs) };
    this.operations = [{ ...operation, state: 'in-progress' }, ...this.operations];
    this.after(how.by === 'replace-worker' ? 60 : how.onlyFailedTasks ? 5 : 10, () => {
      for (const task of hit) this.#begin(task, reached);
      if (how.by === 'replace-worker') for (const task of hit) task.worker = `${task.worker}-new`;
      if (this.connectorTrace !== undefined && this.#isCured(reached)) {
        this.connectorTrace = undefined;
        this.state = 'RUNNING';
      }
      this.operations = this.operations.map((each) =>
        each.arn === operationArn ? { ...operation, state: 'complete', endedAt: iso(this.nowMs) } : each,
      );
    });
    return { kind: 'started', operationArn } as const;
  }

  #resume(): void {
    this.done.push({ at: this.elapsed, what: 'resume' });
    this.after(10, () => {
      if (this.state !== 'STOPPED') return;
      this.state = 'RUNNING';
      for (const task of this.tasks) this.#begin(task, 'stop');
    });
  }

  #isCured(by: Cure): boolean {
    return this.cure !== 'nothing' && rungs.indexOf(by) >= rungs.indexOf(this.cure);
  }

  #begin(task: Task, by: Cure): void {
    if (task.life !== 'moves' && this.#isCured(by)) task.life = this.cured;
    task.state = typeof task.life === 'string' ? 'RUNNING' : 'FAILED';
    task.sinceMs = this.nowMs;
  }

  #live(): LiveConnector {
    const tasks = this.tasks.map(({ id, state, worker, life }): TaskState => {
      const trace = typeof life === 'string' ? {} : { trace: life.trace };
      return { id, state, worker, ...(state === 'FAILED' ? trace : {}) };
    });
    return {
      name,
      arn: selfArn,
      version: this.version,
      state: this.state,
      createdAt: iso(noonMs - 86_400_000),
      stateSince: iso(this.stateSinceMs),
      request: request(),
      operations: this.operations,
      worker: 'w0',
      tasks: this.state === 'STOPPED' ? [] : tasks,
      ...(this.connectorTrace === undefined ? {} : { stateReason: this.connectorTrace }),
    };
  }

  #signs(from: string, to: string): Signs {
    const notWatched = { kind: 'not-watched', cure: 'publish it' } as const;
    const now = this.nowMs;
    const tasks = this.tasks.map((task): TaskSigns => {
      const { id, state, worker, life, sinceMs } = task;
      const moves = state === 'RUNNING' && life === 'moves' && now - sinceMs >= 10_000;
      const stuckMs = noonMs - 600_000;
      const samples = [];
      for (let ms = stuckMs; ms <= now; ms += 10_000) {
        const value = moves ? 0 : life === 'rests' ? 5 : 5 + Math.floor((ms - stuckMs) / 1000);
        if (iso(ms) >= from) samples.push({ from: iso(ms), to: iso(ms), value });
      }
      return {
        id,
        state,
        worker,
        since: iso(sinceMs),
        ...(state === 'FAILED' && typeof life !== 'string' ? { trace: life.trace } : {}),
        position: {
          kind: 'read',
          since: iso(noonMs - 86_400_000),
          movedAt: iso(moves ? now - 2000 : stuckMs),
          readAt: iso(now),
        },
        waiting: { kind: 'read', samples },
      };
    });
    return {
      from,
      to,
      recordsIn: notWatched,
      recordsOut: notWatched,
      runningTasks: notWatched,
      erroredTasks: notWatched,
      connected: notWatched,
      msSinceLastEvent: notWatched,
      lag: notWatched,
      log: notWatched,
      tasks,
    };
  }
}

/** A restart in the words of the tests. */
function sayHow({ by, tasks, onlyFailedTasks, worker }: RestartHow): string {
  if (by === 'stop-and-resume') return 'stop';
  if (by === 'replace-worker') return `replace ${worker ?? 'nobody'}`;
  if (!onlyFailedTasks) return tasks === undefined ? 'restart' : `restart, and tasks ${tasks.join(',')}`;
  return tasks === undefined ? 'restart what FAILED' : `restart task ${tasks.join(',')}`;
}

/** What a service throws that does not answer. */
export function unanswered(): never {
  throw new PortError('unavailable', 'no answer');
}
