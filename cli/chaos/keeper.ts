import type { AwsError } from '../../local/aws/awsError.ts';
import type { LocalService } from '../../local/aws/service.ts';
import type { Life } from './life.ts';
import type { ConnectorRecord, FaultHit, LoggedLine, RecordedCall, RecordedInvocation, Truth } from './record.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** One connector's part of the record while it is written. */
interface Kept {
  readonly life: Life;
  readonly truth: { fromMs: number; arn?: string; is: Truth }[];
  readonly states: { atMs: number; arn: string; state: string }[];
  readonly persons: ConnectorRecord['persons'][number][];
}

/** Keeps the record of a history while it happens. */
export class Keeper {
  readonly calls: Mutable<RecordedCall>[] = [];
  readonly invocations: RecordedInvocation[] = [];
  readonly hits: FaultHit[] = [];
  readonly lines: LoggedLine[] = [];
  readonly connectors = new Map<string, Kept>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A call that reaches its service, or that is refused, or that never leaves. */
  call(call: Omit<RecordedCall, 'index' | 'atMs'>): Mutable<RecordedCall> {
    const kept: Mutable<RecordedCall> = { index: this.calls.length, atMs: this.#now(), ...call };
    this.calls.push(kept);
    return kept;
  }

  /** A call of a person, carried out or refused. */
  async byPerson(
    service: LocalService,
    operation: string,
    input: Readonly<Record<string, unknown>>,
  ): Promise<Readonly<Record<string, unknown>> | AwsError> {
    const kept = this.call({
      by: 'person',
      service: service.name,
      operation,
      input,
      carriedOut: true,
      answered: true,
    });
    try {
      const output = await service.call(operation, input);
      kept.output = output;
      return output;
    } catch (error) {
      const { code, status } = error as AwsError;
      kept.error = { code, status };
      kept.carriedOut = false;
      return error as AwsError;
    }
  }

  hit(kind: string, more: Omit<FaultHit, 'kind' | 'atMs'> = {}): void {
    this.hits.push({ kind, atMs: this.#now(), ...more });
  }

  /** A line that the product logged, read only when somebody wants to know what it says. */
  line(text: string, invocation: number): void {
    this.lines.push(new Line(text, this.#now(), invocation));
  }

  /** Writes down what is true now, where it changed. */
  see(inventory: readonly { readonly name: string; readonly arn: string; readonly state: string }[]): void {
    for (const [name, kept] of this.connectors) {
      // What is there from the beginning is; what a call brings about is from the next millisecond on.
      const atMs = this.#now() + (kept.truth.length === 0 ? 0 : 1);
      const seen = inventory.findLast((one) => one.name === name);
      const last = kept.states.at(-1);
      if (last?.arn !== seen?.arn || last?.state !== seen?.state) {
        if (seen !== undefined) kept.states.push({ atMs, arn: seen.arn, state: seen.state });
        else if (last !== undefined && last.state !== 'gone') {
          kept.states.push({ atMs, arn: last.arn, state: 'gone' });
        }
      }
      const is = truthOf(seen?.state, kept.life);
      const known = kept.truth.at(-1);
      if (known?.is === is && known.arn === seen?.arn) continue;
      kept.truth.push({ fromMs: atMs, is, ...(seen === undefined ? {} : { arn: seen.arn }) });
    }
  }
}

function truthOf(state: string | undefined, life: Life): Truth {
  switch (state) {
    case undefined:
      return 'absent';
    case 'RUNNING':
      return runningTruth(life);
    case 'FAILED':
      return 'failed';
    case 'PAUSED':
    case 'PAUSING':
    case 'RESUMING':
      return 'paused';
    default:
      return 'changing';
  }
}

function runningTruth(life: Life): Truth {
  const { mode } = life;
  if (mode === 'none') return 'changing';
  if (mode === 'some-tasks-failed') return 'partly';
  return mode === 'idle' && life.beats ? 'flowing' : mode;
}

/** One line of the function's log; parsed when it is looked into. */
class Line implements LoggedLine {
  readonly atMs: number;
  readonly invocation: number;
  readonly #text: string;
  #parsed: Readonly<Record<string, unknown>> | undefined;

  constructor(text: string, atMs: number, invocation: number) {
    this.#text = text;
    this.atMs = atMs;
    this.invocation = invocation;
  }

  get fields(): Readonly<Record<string, unknown>> {
    this.#parsed ??= JSON.parse(this.#text) as Readonly<Record<string, unknown>>;
    return this.#parsed;
  }

  get event(): string {
    // Cheaper than parsing all of it: every line begins with its time and its event.
    return /"event":"([^"]*)"/.exec(this.#text)?.[1] ?? '';
  }

  get connector(): string | undefined {
    const named = this.fields['connector'];
    return typeof named === 'string' ? named : undefined;
  }
}
