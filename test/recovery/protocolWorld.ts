import type { CreateRequest, Operation } from '../../recovery/connector.ts';
import type { Journal } from '../../recovery/journal.ts';
import type { Policy } from '../../recovery/policy.ts';
import type { Backup, Ports, Refused } from '../../recovery/ports.ts';
import { PortError } from '../../recovery/ports.ts';
import type { Sample, Series, Signs } from '../../recovery/signs.ts';
import { at, name, request } from './examples.ts';
import { World } from './world.ts';

/** The calls that touch what invocations share; only between these does the order of two invocations matter. */
export type SharedCall =
  | 'readJournal'
  | 'writeJournal'
  | 'find'
  | 'writeBackup'
  | 'newestBackup'
  | 'restart'
  | 'delete'
  | 'create'
  | 'tell'
  | 'sleep';

/** Where an invocation stands still: it has asked for something and waits for the scheduler to let it happen. */
export interface Gate {
  readonly call: SharedCall;
  /** Carries it out, and gives the answer as it stands. */
  readonly carryOut: () => unknown;
  readonly answer: (given: unknown) => void;
  readonly refuse: (error: Error) => void;
  /** Of `sleep`: until when. */
  readonly untilSeconds?: number;
}

/** What an invocation has been answered so far: what it will do follows from that alone. */
export class Memory {
  #heard: number;

  constructor(seconds: number) {
    this.#heard = seconds;
  }

  get heard(): number {
    return this.#heard;
  }

  hears(answer: string): void {
    this.#heard = mixed(this.#heard, answer);
  }
}

/** 53 bits that stand for all that was heard so far. */
function mixed(seed: number, text: string): number {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ Math.floor(seed / 0x100000000);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}

interface LiveOne {
  readonly arn: string;
  readonly number: number;
  state: 'RUNNING' | 'RESTARTING' | 'DELETING' | 'CREATING';
  /** When what is under way ends. */
  endsAt: number;
  operations: Operation[];
}

/** The service's work takes so long: more than a poll, and less than a lease. */
const workSeconds = 40;

const acts: readonly SharedCall[] = ['restart', 'delete', 'create'];

/** What everybody shares, as small as the protocol needs it: one connector, its journal, its backups, and the time. */
export class ProtocolWorld {
  seconds = 0;
  live: LiveOne | undefined = { arn: 'arn-1', number: 1, state: 'RUNNING', endsAt: 0, operations: [] };
  journal: Journal | undefined;
  tag = 0;
  backups: Backup[] = [];
  deletions = 0;
  creations = 0;
  readonly faults: string[] = [];
  readonly gates = new Map<string, Gate>();
  readonly #cure: 'restart' | 'recreation';
  #made = 1;

  constructor(cure: 'restart' | 'recreation') {
    this.#cure = cure;
  }

  /** Lets the service finish what is due. */
  settle(): void {
    const { live } = this;
    if (live === undefined || live.state === 'RUNNING' || live.endsAt > this.seconds) return;
    if (live.state === 'DELETING') this.live = undefined;
    const [operation, ...older] = live.operations;
    if (live.state === 'RESTARTING' && operation !== undefined)
      live.operations = [{ ...operation, state: 'complete', endedAt: at(live.endsAt) }, ...older];
    live.state = 'RUNNING';
  }

  /** All that decides what may happen from here on, but for what the invocations remember. */
  state(): string {
    return JSON.stringify([this.seconds, this.live, this.journal, this.tag, this.backups, this.#made]);
  }

  /**
   * The ports of one invocation. What nobody else can change (the saved config, the offsets, the look at a given connector) is answered at
   * once: where it stands between the shared calls makes no difference.
   */
  portsOf(who: string, memory: Memory): Ports {
    let ids = 0;
    const gate = <T>(call: SharedCall, carryOut: () => T, untilSeconds?: number): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        this.gates.set(who, {
          call,
          carryOut,
          answer: (given) => {
            memory.hears(`${call} ${this.seconds} ${JSON.stringify(given)}`);
            resolve(given as T);
          },
          refuse: (error) => {
            memory.hears(`${call} ${this.seconds} ${error.message}`);
            reject(error);
          },
          ...(untilSeconds === undefined ? {} : { untilSeconds }),
        });
      });
    const saved = { kind: 'valid', request: request(), place: 's3://bucket/connectors/orders-cdc.json' } as const;
    const others = new World('dead').ports;
    return {
      ...others,
      connectors: {
        find: () => gate('find', () => this.#find()),
        restart: (arn) => gate('restart', () => this.#act(who, 'restart', arn, () => this.#restart(arn))),
        delete: (arn) => gate('delete', () => this.#act(who, 'delete', arn, () => this.#delete(arn))),
        create: (wanted) => gate('create', () => this.#act(who, 'create', undefined, () => this.#create(wanted))),
        offsetSurvival: async () => ({ kind: 'kept', reason: 'pinned' }),
        findPin: async () => ({ kind: 'missing' }),
        findEarlierPin: async () => ({ kind: 'missing' }),
        makePin: async () => ({ kind: 'refused', reason: 'nobody asks for it' }),
      },
      savedConfigs: {
        ...others.savedConfigs,
        read: async () => saved,
        capture: async () => ({ kind: 'exists', place: saved.place }),
        replace: async () => ({ kind: 'same', place: saved.place, tag: '1' }),
        writeBackup: (backup) =>
          gate('writeBackup', () => {
            this.backups = [...this.backups.filter((other) => other.recoveryId !== backup.recoveryId), backup];
            return `backups/${backup.recoveryId}.json`;
          }),
        newestBackup: () =>
          gate('newestBackup', () => {
            const backup = this.backups.toSorted((a, b) => (a.at < b.at ? -1 : 1)).at(-1);
            return backup === undefined ? undefined : ({ kind: 'read', backup } as const);
          }),
      },
      journals: {
        read: () =>
          gate('readJournal', () => ({
            journal: this.journal,
            tag: this.journal === undefined ? undefined : `${this.tag}`,
          })),
        write: (_connector, journal, tag) =>
          gate('writeJournal', () => {
            if (tag !== (this.journal === undefined ? undefined : `${this.tag}`)) return { kind: 'lost' } as const;
            this.tag += 1;
            this.journal = journal;
            return { kind: 'written', tag: `${this.tag}` } as const;
          }),
      },
      signsOfLife: { look: async (connector, from, to) => this.#signs(connector.arn, connector.operations, from, to) },
      sweep: { lastSeenAt: async () => at(this.seconds - 30) },
      notifier: { tell: () => gate('tell', () => undefined) },
      clock: {
        now: () => at(this.seconds),
        sleep: (seconds) => gate('sleep', () => undefined, this.seconds + seconds),
      },
      recorder: { note: () => undefined },
      newId: () => `${who}-${(ids += 1)}`,
    };
  }

  /** What must hold at the moment at which the service takes an act. */
  #act<T>(who: string, kind: 'restart' | 'delete' | 'create', arn: string | undefined, carryOut: () => T): T {
    for (const [other, { call }] of this.gates)
      if (other !== who && acts.includes(call)) this.faults.push(`${who} acts (${kind}) while ${other} acts (${call})`);
    const written = this.journal?.recovery?.acts.at(-1);
    const names = written?.kind === kind && written.result === undefined && (kind === 'create' || written.arn === arn);
    if (!names) this.faults.push(`${who}: no journal holds its ${kind}`);
    return carryOut();
  }

  #find() {
    const { live } = this;
    if (live === undefined) return { kind: 'absent' } as const;
    const { arn, state, operations } = live;
    const connector = { name, arn, version: 'V1', state, createdAt: at(-86_400), request: request(), operations };
    return { kind: 'present', connector } as const;
  }

  #restart(arn: string): { readonly kind: 'started'; readonly operationArn: string } | Refused {
    const { live } = this;
    if (live?.arn !== arn || live.state !== 'RUNNING') return refused('BadRequestException');
    const operationArn = `${arn}/restart-${live.operations.length + 1}`;
    const operation = { arn: operationArn, type: 'RESTART_CONNECTOR', startedAt: at(this.seconds) } as const;
    live.operations = [{ ...operation, state: 'in-progress' }, ...live.operations];
    live.state = 'RESTARTING';
    live.endsAt = this.seconds + workSeconds;
    return { kind: 'started', operationArn };
  }

  #delete(arn: string): { readonly kind: 'started' } | { readonly kind: 'gone' } | Refused {
    const { live } = this;
    if (live?.arn !== arn) return { kind: 'gone' };
    if (live.state !== 'RUNNING') return refused('BadRequestException');
    const promised = this.backups.some((backup) => backup.arn === arn && backup.closed === undefined);
    if (!promised) this.faults.push(`${arn} is deleted without an open backup`);
    this.deletions += 1;
    live.state = 'DELETING';
    live.endsAt = this.seconds + workSeconds;
    return { kind: 'started' };
  }

  /** Worse than MSK Connect: the name protects nobody. */
  #create(wanted: CreateRequest): { readonly kind: 'started'; readonly arn: string } | Refused {
    if (this.live?.state === 'DELETING') return refused('ConflictException');
    if (this.live !== undefined) this.faults.push(`created beside ${this.live.arn}`);
    if (wanted.connectorName !== name) this.faults.push('created under another name');
    this.creations += 1;
    this.#made += 1;
    const arn = `arn-${this.#made}`;
    const endsAt = this.seconds + workSeconds;
    this.live = { arn, number: this.#made, state: 'CREATING', endsAt, operations: [] };
    return { kind: 'started', arn };
  }

  /** Of the old connector every task is in error, unless a restart cured it; the new one's records flow. */
  #signs(arn: string, operations: readonly Operation[], from: string, to: string): Signs {
    const cured = this.#cure === 'restart' && operations.some(({ state }) => state === 'complete');
    const flows = arn !== 'arn-1' || cured;
    const now = (value: number): Series => {
      const sample: Sample = { from: at(this.seconds - 1), to, value };
      return { kind: 'read', samples: sample.from < from ? [] : [sample] };
    };
    const notWatched = { kind: 'not-watched', cure: 'publish it' } as const;
    return {
      from,
      to,
      recordsIn: now(flows ? 5 : 0),
      recordsOut: now(flows ? 5 : 0),
      runningTasks: now(flows ? 1 : 0),
      erroredTasks: now(flows ? 0 : 1),
      connected: notWatched,
      msSinceLastEvent: notWatched,
      lag: notWatched,
      log: notWatched,
    };
  }
}

function refused(code: string): Refused {
  return { kind: 'refused', code, reason: 'not now' };
}

/** What a caller gets whose request or answer was lost. */
export function lost(): PortError {
  return new PortError('unavailable', 'no answer');
}

/** A policy whose waits are short, so that a recovery has few polls and every one of its steps remains. */
export function shortPolicy(remedies: Policy['remedies'], base: Policy): Policy {
  return {
    ...base,
    remedies,
    waits: {
      ...base.waits,
      pollSeconds: 30,
      healSeconds: 0,
      verifySeconds: 60,
      deleteSeconds: 120,
      createSeconds: 600,
    },
  };
}
