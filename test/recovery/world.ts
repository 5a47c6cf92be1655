import type { CreateRequest, LiveConnector, Operation } from '../../recovery/connector.ts';
import type { Held } from '../../recovery/intervention.ts';
import type { Journal } from '../../recovery/journal.ts';
import type { Message } from '../../recovery/message.ts';
import type { PastRates } from '../../recovery/pace.ts';
import type { Policy } from '../../recovery/policy.ts';
import type { Backup, Neighbour, Pin, Ports, Refused } from '../../recovery/ports.ts';
import { recover } from '../../recovery/recover.ts';
import type { Ended } from '../../recovery/recover.ts';
import type { SavedConfig } from '../../recovery/saved.ts';
import type { Series, Signs } from '../../recovery/signs.ts';
import type { Orders } from '../../recovery/standingOrders.ts';
import type { Trigger } from '../../recovery/trigger.ts';
import { name, request, sweep } from './examples.ts';

/** The invocation ended in the middle: what a process that dies leaves behind. */
export class Crash extends Error {}

export type Life = 'flowing' | 'idle' | 'dead' | 'gone';

interface Connector {
  arn: string;
  version: string;
  state: LiveConnector['state'];
  createdAtMs: number;
  request: CreateRequest;
  operations: Operation[];
}

const noonMs = Date.UTC(2026, 0, 5, 12);
const seconds = (ms: number) => new Date(ms).toISOString();

/**
 * A small world for the engine: one MSK Connect connector, an object store, a mailbox and a clock that moves only when somebody sleeps.
 *
 * How it behaves, and where from (the facts are AWS's, see recovery/ for their addresses):
 * - A restart takes 60 s, a deletion 240 s, a creation 300 s. Meanwhile the state is RESTARTING, DELETING, CREATING.
 * - A deletion needs the ARN and the version that exist; another version is refused, another ARN is gone. DELETING is refused.
 * - A name is taken while its connector is DELETING: CreateConnector is refused with ConflictException. A creation has a new ARN.
 * - `cure` says what brings data back: 'restart' (or a recreation), 'recreate' only, or 'nothing'.
 * - Signs come once a minute: rates, and the event clock of a MySQL source (0 while it flows, 48 s beats while idle). A restarted task
 *   that is not cured hears one event, or shows its predecessor's clock, which goes on growing (`newTaskIsHeard`).
 * - The journal is written by compare and swap. Backups are kept by recovery id, the newest is the last written.
 * - `fault` is asked before and after each call of a port that reads or writes the world, with the number of the call.
 */
export class World {
  nowMs = noonMs;
  connector: Connector | undefined;
  cure: 'restart' | 'recreate' | 'nothing' = 'restart';
  /** A restarted task that is not cured hears one event of its own, then none; else its predecessor's clock goes on. */
  newTaskIsHeard = true;
  /** The event clock of a dead task stands beside the living one, until a recreation. */
  deadTasksClockStays = false;
  saved: SavedConfig = { kind: 'valid', request: request(), place: 's3://bucket/connectors/orders-cdc.json' };
  /** `unpinned`: in the default topic, to be kept by a worker configuration that pins it. */
  offsets: 'kept' | 'lost' | 'unknown' | 'unpinned' = 'kept';
  pin: Pin = { kind: 'missing' };
  /** What comes of making it. */
  pinMade: Pin = {
    kind: 'pinned',
    workerConfiguration: {
      workerConfigurationArn:
        'arn:aws:kafkaconnect:eu-west-1:111122223333:worker-configuration/connector-recovery-orders-cdc-1/1',
      revision: 1,
    },
  };
  sweepRuns = true;
  /** Its rates of the last two weeks. */
  past: PastRates = { kind: 'unreadable', reason: 'nobody kept it' };
  neighbours: readonly Neighbour[] = [];
  heldOnStack: Held | undefined;
  orders: Orders = {};
  ordersBroken = false;
  #ordersTag = 0;
  #replaced = 0;
  journal: Journal | undefined;
  broken = false;
  tag = 0;
  backups: Backup[] = [];
  readonly told: { readonly at: number; readonly message: Message }[] = [];
  readonly calls: string[] = [];
  readonly accepted: string[] = [];
  readonly notes: string[] = [];
  createRefused: ((nowMs: number) => Refused | undefined) | undefined;
  restartRefused: Refused | undefined;
  deleteRefused: Refused | undefined;
  fault: (call: string, count: number, when: 'before' | 'after') => void = () => {};
  #lives: { readonly fromMs: number; readonly life: Life }[] = [];
  #due: { readonly atMs: number; readonly run: () => void }[] = [];
  #ids = 0;
  #arns = 1;

  constructor(life: Life = 'flowing') {
    this.connector = {
      arn: arnOf(1),
      version: 'V1',
      state: 'RUNNING',
      createdAtMs: noonMs - 30 * 86_400_000,
      request: request(),
      operations: [],
    };
    this.#lives.push({ fromMs: noonMs - 86_400_000, life: 'flowing' }, { fromMs: noonMs - 600_000, life });
  }

  /** Seconds since noon. */
  get elapsed(): number {
    return (this.nowMs - noonMs) / 1000;
  }

  now(): string {
    return seconds(this.nowMs);
  }

  /** Something that happens by itself, or by a person, that many seconds from now. */
  after(delaySeconds: number, run: () => void): void {
    this.#due.push({ atMs: this.nowMs + delaySeconds * 1000, run });
  }

  live(life: Life): void {
    this.#lives.push({ fromMs: this.nowMs, life });
  }

  pass(forSeconds: number): void {
    this.moveTo(this.nowMs + forSeconds * 1000);
  }

  moveTo(untilMs: number): void {
    for (;;) {
      const next = this.#due.filter((due) => due.atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#due.splice(this.#due.indexOf(next), 1);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  /** A person deletes it in the console. */
  personDeletes(): void {
    this.connector = undefined;
    this.live('gone');
  }

  subjects(): string[] {
    return this.told.map(({ message }) => message.subject.replace('[connector-recovery] orders-cdc: ', ''));
  }

  /** One invocation of fourteen minutes, as the Lambda gives it. */
  invoke(trigger: Trigger, policy: Policy, holder = `invocation-${this.elapsed}`, forSeconds = 840): Promise<Ended> {
    const until = seconds(this.nowMs + forSeconds * 1000);
    return recover(trigger, policy, this.ports, { until, holder });
  }

  /** The sweep: an invocation every minute, until one ends with an outcome or the minutes are over. A crash ends only its invocation. */
  async sweepFor(policy: Policy, forMinutes: number): Promise<Ended | undefined> {
    for (let minute = 0; minute < forMinutes; minute += 1) {
      const begun = this.nowMs;
      try {
        // oxlint-disable-next-line no-await-in-loop -- one minute after the other is the point
        const ended = await this.invoke(sweep, policy);
        if (ended.kind === 'finished') return ended;
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
      }
      this.moveTo(Math.max(this.nowMs, begun + 60_000));
    }
    return undefined;
  }

  readonly ports: Ports = {
    connectors: {
      find: () =>
        this.#call('find', () => {
          const found = this.connector;
          if (found === undefined) return { kind: 'absent' } as const;
          const { createdAtMs, ...rest } = found;
          const connector = { ...rest, name, createdAt: seconds(createdAtMs), operations: [...found.operations] };
          return { kind: 'present', connector } as const;
        }),
      restart: (arn, { onlyFailedTasks }) => this.#call('restart', () => this.#restart(arn, onlyFailedTasks)),
      delete: (arn, version) => this.#call('delete', () => this.#delete(arn, version)),
      create: (wanted) => this.#call('create', () => this.#create(wanted)),
      offsetSurvival: (_live, wanted) =>
        this.#call('offsetSurvival', () => {
          const { offsets } = this;
          if (offsets !== 'unpinned') return { kind: offsets, reason: `they are ${offsets}` };
          return wanted.workerConfiguration === undefined
            ? { kind: 'lost', reason: 'they are unpinned', unpinned: true }
            : { kind: 'unknown', reason: 'they may be in the topic that is pinned', pinsDefault: true };
        }),
      findPin: () => this.#call('findPin', () => this.pin),
      findEarlierPin: (_request, known) =>
        this.#call('findEarlierPin', () =>
          known === undefined ? this.pin : ({ kind: 'pinned', workerConfiguration: known } as const),
        ),
      makePin: () =>
        this.#call('makePin', () => {
          if (this.pin.kind === 'missing') this.pin = this.pinMade;
          return this.pin;
        }),
    },
    savedConfigs: {
      read: () => this.#call('readSaved', () => this.saved),
      capture: (_connector, wanted) =>
        this.#call('capture', () => {
          const { place } = this.saved;
          if (this.saved.kind !== 'missing') return { kind: 'exists', place } as const;
          this.saved = { kind: 'valid', request: wanted, place };
          return { kind: 'stored', place } as const;
        }),
      replace: (_connector, wanted) =>
        this.#call('replace', () => {
          const { place } = this.saved;
          const before = this.saved.kind === 'missing' ? {} : { before: 'v1' };
          const tag = () => `config-${this.#replaced}`;
          if (this.saved.kind === 'valid' && this.saved.request === wanted)
            return { kind: 'same', place, tag: tag() } as const;
          this.saved = { kind: 'valid', request: wanted, place };
          this.#replaced += 1;
          return { kind: 'stored', place, tag: tag(), ...before } as const;
        }),
      writeBackup: (backup) =>
        this.#call('writeBackup', () => {
          this.backups = [...this.backups.filter((other) => other.recoveryId !== backup.recoveryId), backup];
          return `s3://bucket/backups/${backup.recoveryId}.json`;
        }),
      newestBackup: () =>
        this.#call('newestBackup', () => {
          const backup = this.backups.at(-1);
          return backup === undefined ? undefined : ({ kind: 'read', backup } as const);
        }),
    },
    journals: {
      read: () =>
        this.#call('readJournal', () =>
          this.broken
            ? ({ kind: 'broken', reason: 'not JSON', tag: `${this.tag}` } as const)
            : { journal: this.journal, tag: this.journal === undefined ? undefined : `${this.tag}` },
        ),
      write: (_connector, journal, tag) =>
        this.#call('writeJournal', () => {
          const current = this.journal === undefined && !this.broken ? undefined : `${this.tag}`;
          if (tag !== current) return { kind: 'lost' } as const;
          this.tag += 1;
          this.journal = journal;
          this.broken = false;
          return { kind: 'written', tag: `${this.tag}` } as const;
        }),
    },
    signsOfLife: {
      look: (_connector, from, to) => this.#call('look', () => this.#signs(Date.parse(from), Date.parse(to))),
    },
    past: { rates: () => this.#call('past', () => this.past) },
    sweep: {
      lastSeenAt: () => this.#call('sweepSeen', () => (this.sweepRuns ? seconds(this.nowMs - 30_000) : undefined)),
    },
    neighbours: { of: () => this.#call('neighbours', () => this.neighbours) },
    standingOrders: {
      read: () =>
        this.#call('readOrders', () => {
          const tag = `orders-${this.#ordersTag}`;
          return this.ordersBroken
            ? ({ kind: 'broken', reason: 'orders/orders-cdc.json is not what this product writes', tag } as const)
            : ({ kind: 'read', orders: this.orders, tag } as const);
        }),
      write: (_connector, orders, tag) =>
        this.#call('writeOrders', () => {
          if (tag !== `orders-${this.#ordersTag}`) return { kind: 'lost' } as const;
          this.#ordersTag += 1;
          this.orders = orders;
          this.ordersBroken = false;
          return { kind: 'written' } as const;
        }),
    },
    holds: { onStack: () => this.#call('holds', () => this.heldOnStack) },
    notifier: {
      tell: (message) =>
        this.#call('tell', () => {
          this.told.push({ at: this.elapsed, message });
        }),
    },
    directions: {
      links: (connector) => [`Connector: https://console.example/${connector}`],
      command: (input) => `call ${JSON.stringify(input)}`,
      captureCommand: (connector) => `npm run capture -- ${connector}`,
    },
    clock: {
      now: () => this.now(),
      sleep: async (forSeconds) => {
        const until = this.nowMs + forSeconds * 1000;
        await Promise.resolve();
        this.moveTo(until);
      },
    },
    recorder: { note: (event, fields) => void this.notes.push(`${event} ${JSON.stringify(fields)}`) },
    newId: () => `id-${(this.#ids += 1)}`,
  };

  async #call<T>(call: string, answer: () => T): Promise<T> {
    await Promise.resolve();
    this.calls.push(call);
    const count = this.calls.length;
    this.fault(call, count, 'before');
    const given = answer();
    this.fault(call, count, 'after');
    return given;
  }

  #restart(arn: string, onlyFailedTasks: boolean) {
    const { connector } = this;
    if (connector === undefined || connector.arn !== arn) return refused('NotFoundException', 'no such connector');
    if (this.restartRefused !== undefined) return this.restartRefused;
    if (connector.state !== 'RUNNING') return refused('BadRequestException', `it is ${connector.state}`);
    this.accepted.push(onlyFailedTasks ? 'restart of failed tasks' : 'restart');
    const operationArn = `${arn}/operation/${connector.operations.length + 1}`;
    const operation = { arn: operationArn, type: 'RESTART_CONNECTOR', startedAt: this.now() };
    connector.state = 'RESTARTING';
    connector.operations.unshift({ ...operation, state: 'in-progress' });
    this.after(60, () => {
      connector.state = 'RUNNING';
      connector.operations[0] = { ...operation, state: 'complete', endedAt: this.now() };
      if (this.cure === 'restart') this.live('flowing');
      else if (this.newTaskIsHeard) this.live('dead');
    });
    return { kind: 'started', operationArn } as const;
  }

  #delete(arn: string, version: string) {
    const { connector } = this;
    if (connector === undefined || connector.arn !== arn) return { kind: 'gone' } as const;
    if (this.deleteRefused !== undefined) return this.deleteRefused;
    if (connector.version !== version) return refused('BadRequestException', 'another version');
    if (connector.state === 'DELETING') return refused('BadRequestException', 'it is DELETING');
    this.accepted.push('delete');
    connector.state = 'DELETING';
    this.live('gone');
    this.after(240, () => {
      if (this.connector === connector) this.connector = undefined;
    });
    return { kind: 'started' } as const;
  }

  #create(wanted: CreateRequest) {
    const refusal = this.createRefused?.(this.nowMs);
    if (refusal !== undefined) return refusal;
    if (this.connector !== undefined) return refused('ConflictException', 'the name is taken');
    this.accepted.push('create');
    this.#arns += 1;
    const connector: Connector = {
      arn: arnOf(this.#arns),
      version: 'V1',
      state: 'CREATING',
      createdAtMs: this.nowMs,
      request: wanted,
      operations: [],
    };
    this.connector = connector;
    this.deadTasksClockStays = false;
    this.after(300, () => {
      if (connector.state !== 'CREATING') return;
      connector.state = 'RUNNING';
      this.live(this.cure === 'nothing' ? 'dead' : 'flowing');
    });
    return { kind: 'started', arn: connector.arn } as const;
  }

  #lifeAt(ms: number): { readonly life: Life; readonly sinceMs: number } {
    const at = this.#lives.findLast((entry) => entry.fromMs <= ms);
    return { life: at?.life ?? 'gone', sinceMs: at?.fromMs ?? 0 };
  }

  /** When the first of its tasks died, whose clock may stay. */
  #diedAtMs(): number {
    return this.#lives.find(({ life }) => life === 'dead')?.fromMs ?? Infinity;
  }

  #signs(fromMs: number, toMs: number): Signs {
    const samples = (
      value: (ms: number) => number | undefined,
      greatest?: (ms: number) => number | undefined,
    ): Series => {
      const found = [];
      for (let end = Math.floor(toMs / 60_000) * 60_000; end - 60_000 >= fromMs; end -= 60_000) {
        const read = value(end - 1);
        const most = greatest?.(end - 1);
        if (read === undefined) continue;
        found.unshift({
          from: seconds(end - 60_000),
          to: seconds(end),
          value: read,
          ...(most === undefined ? {} : { greatest: most }),
        });
      }
      return { kind: 'read', samples: found };
    };
    const rate = samples((ms) =>
      this.#lifeAt(ms).life === 'flowing' ? 5 : this.#lifeAt(ms).life === 'gone' ? undefined : 0,
    );
    const silence = (ms: number) => {
      const { life, sinceMs } = this.#lifeAt(this.deadTasksClockStays ? Math.min(ms, this.#diedAtMs()) : ms);
      if (this.deadTasksClockStays && life === 'dead') return ms - sinceMs;
      if (life === 'gone') return undefined;
      if (life === 'flowing') return 0;
      return life === 'idle' ? ms % 48_000 : ms - sinceMs;
    };
    // The smallest value of the minute, as CloudWatch's Minimum gives it: a silent clock's is the one at its beginning.
    const clock = samples((ms) => {
      const silent = silence(ms);
      return this.deadTasksClockStays || this.#lifeAt(ms).life === 'dead'
        ? Math.max(0, (silent ?? 0) - 59_999)
        : silent;
    }, silence);
    const notWatched = { kind: 'not-watched', cure: 'publish it' } as const;
    return {
      from: seconds(fromMs),
      to: seconds(toMs),
      recordsIn: rate,
      recordsOut: rate,
      runningTasks: notWatched,
      erroredTasks: notWatched,
      connected: notWatched,
      msSinceLastEvent: clock,
      lag: notWatched,
      log: { kind: 'not-watched', cure: 'name its log group' },
    };
  }
}

function refused(code: string, reason: string): Refused {
  return { kind: 'refused', code, reason };
}

function arnOf(number: number): string {
  return `arn:aws:kafkaconnect:eu-west-1:111122223333:connector/orders-cdc/11111111-aaaa-4bbb-8ccc-00000000000${number}-2`;
}
