import { AwsError } from '../../local/aws/awsError.ts';
import { AnswerDropped } from '../../local/aws/calls.ts';
import type { LocalService } from '../../local/aws/service.ts';
import type { VirtualClock } from '../../local/virtualClock.ts';
import type { Account } from './account.ts';
import { errorOf, TimedOut } from './callFaults.ts';
import { whoCalls } from './callers.ts';
import type { CallFault } from './history.ts';
import type { Hostility } from './hostility.ts';
import type { Keeper } from './keeper.ts';
import type { Network } from './network.ts';
import type { RecordedCall } from './record.ts';

type Fields = Readonly<Record<string, unknown>>;
type ServiceName = keyof Account['services'];

export interface ProductCallsOptions {
  readonly services: Account['services'];
  readonly clock: VirtualClock;
  readonly network: Network;
  readonly hostility: Hostility;
  readonly keeper: Keeper;
  /** Whether some read of this history will be stale. */
  readonly keepsAnswers: boolean;
  /** Has what somebody is about to look at published. */
  readonly beforeLook: (operation: string, input: Fields) => Promise<void> | undefined;
  /** Told of every call that was carried out or refused by the service. */
  readonly afterCall: () => void;
}

/** The SDK's clients wait so long for an answer (lambda/clients.ts). */
const patienceMs = 10_000;

/** Nothing ever comes of it. One for each call: a single one would hold on to all that ever waited for it. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

interface Known {
  readonly atMs: number;
  readonly output?: Fields;
  readonly error?: AwsError;
}

/** The way from the product to the services: here every fault of a call hits, and every call is written down. */
export class ProductCalls {
  readonly #options: ProductCallsOptions;
  /** What was answered lately, for reads that come from a place that has not heard the news. */
  readonly #answers = new Map<string, Known[]>();

  constructor(options: ProductCallsOptions) {
    this.#options = options;
  }

  /** The services as the product reaches them. */
  services(): LocalService[] {
    return (Object.keys(this.#options.services) as ServiceName[]).map((name) => ({
      name,
      call: (operation, input) => this.call(name, operation, input),
    }));
  }

  /** @throws AwsError, AnswerDropped; of a process that died nothing ever comes back */
  async call(service: LocalService['name'], operation: string, input: Fields): Promise<Fields> {
    const { network, hostility, keeper, clock } = this.#options;
    const who = whoCalls();
    if (who === undefined) throw new Error(`${operation} was called by nobody.`);
    const { machine, invocation, stamp } = who;
    if (machine.isOver) return never();
    await network.turn(stamp);
    if (machine.isOver) return never();
    hostility.made(operation);
    const fault = hostility.strike(operation);
    let by: Made = { by: 'product', invocation: invocation.id, service, operation, input };
    const sent = { atMs: clock.now(), index: keeper.calls.length };
    const lost = { ...by, carriedOut: false, answered: false };
    const kind = fault?.kind;
    if (fault === undefined) {
      // It goes well, as far as this call is concerned.
    } else if (kind === 'dies-before' || kind === 'falls-silent') {
      this.#hit(fault, keeper.call({ ...lost, fault: kind }).index);
      if (kind === 'dies-before') machine.kill();
      else machine.isOver = true;
      return never();
    } else if (kind === 'pauses-before') {
      this.#hit(fault, keeper.calls.length);
      await clock.sleep(fault.seconds * 1000);
      if (machine.isOver) return never();
      await network.turn(stamp);
      by = { ...by, sent };
    } else if (kind === 'timeout' || kind === 'acts-late') {
      this.#hit(fault, kind === 'timeout' ? keeper.call({ ...lost, fault: kind }).index : keeper.calls.length);
      if (kind === 'acts-late') void this.#actLate({ ...by, sent }, fault);
      await clock.sleep(patienceMs);
      return machine.isOver ? never() : cut(new TimedOut());
    } else if (kind === 'throttled' || kind === 'error-500' || kind === 'error-503') {
      const error = errorOf(kind, service);
      this.#hit(fault, this.#refused(by, error, kind));
      throw error;
    }
    const outage = hostility.refusal(service, operation);
    if (outage !== undefined) {
      keeper.hit(outage.kind, { call: this.#refused(by, outage.error, outage.kind) });
      throw outage.error;
    }
    return this.#carryOut(by, fault);
  }

  async #carryOut(by: Made, fault: CallFault | undefined): Promise<Fields> {
    const { keeper, clock, services, beforeLook, afterCall } = this.#options;
    const { operation, input } = by;
    const who = whoCalls();
    const machine = who?.machine;
    const looking = beforeLook(operation, input);
    if (looking !== undefined) await looking;
    const call = keeper.call({ ...by, carriedOut: true, answered: true });
    const answer = await settled(services[by.service as ServiceName].call(operation, input));
    if ('error' in answer) {
      call.carriedOut = false;
      call.error = { code: answer.error.code, status: answer.error.status };
    } else {
      call.output = answer.output;
    }
    afterCall();
    const seen = this.#asOfThen(operation, input, answer, call.index);
    if (seen !== answer) call.fault = 'stale-reads';
    if (fault !== undefined) {
      call.fault = fault.kind;
      if (fault.kind !== 'pauses-before') this.#hit(fault, call.index);
    }
    const kind = fault?.kind;
    if (kind === 'dies-during' || kind === 'dies-after') {
      call.answered = kind === 'dies-after';
      machine?.kill();
      return never();
    }
    if (kind === 'answer-lost' || kind === 'timeout-but-done') {
      call.answered = false;
      if (kind === 'answer-lost') return cut(new AnswerDropped());
      await clock.sleep(patienceMs);
      return machine?.isOver === true ? never() : cut(new TimedOut());
    }
    if (kind === 'error-500-but-done') throw errorOf(kind, by.service);
    if (fault !== undefined && (kind === 'pauses-after' || kind === 'slow')) await clock.sleep(fault.seconds * 1000);
    if (machine?.isOver === true) return never();
    if ('error' in seen) throw seen.error;
    return seen.output;
  }

  /** It is on its way while nobody waits for it any more. */
  async #actLate(by: Made, fault: CallFault): Promise<void> {
    const { keeper, clock, services, afterCall } = this.#options;
    await clock.sleep(fault.seconds * 1000);
    const call = keeper.call({ ...by, carriedOut: true, answered: false, fault: fault.kind });
    const answer = await settled(services[by.service as ServiceName].call(by.operation, by.input));
    if ('error' in answer) {
      call.carriedOut = false;
      call.error = { code: answer.error.code, status: answer.error.status };
    } else {
      call.output = answer.output;
    }
    afterCall();
  }

  #refused(by: Made, { code, status }: AwsError, fault: string): number {
    return this.#options.keeper.call({ ...by, carriedOut: false, answered: true, error: { code, status }, fault })
      .index;
  }

  #hit({ kind }: CallFault, call: number): void {
    this.#options.keeper.hit(kind, { call });
  }

  /** The answer as it was some time ago, where reads are stale and one was given then. */
  #asOfThen(operation: string, input: Fields, answer: Answer, call: number): Answer {
    const { clock, hostility, keeper, keepsAnswers } = this.#options;
    if (!keepsAnswers || !lagging.has(operation)) return answer;
    const key = `${operation} ${JSON.stringify(input)}`;
    const now = clock.now();
    const known = (this.#answers.get(key) ?? []).filter(({ atMs }) => now - atMs <= longestStaleMs);
    const seconds = hostility.staleness(operation);
    const old = seconds === 0 ? undefined : known.find(({ atMs }) => now - atMs <= seconds * 1000);
    this.#answers.set(key, [...known, { atMs: now, ...answer }]);
    if (old === undefined) return answer;
    keeper.hit('stale-reads', { call });
    return old.output === undefined
      ? { error: old.error ?? new AwsError('InternalFailure', 500, '') }
      : { output: old.output };
  }
}

interface Made {
  readonly by: 'product';
  readonly invocation: number;
  readonly service: LocalService['name'];
  readonly operation: string;
  readonly input: Fields;
  readonly sent?: NonNullable<RecordedCall['sent']>;
}

type Answer = { readonly output: Fields } | { readonly error: AwsError };

/** MSK Connect's lists and descriptions may lag behind each other; S3 does not. */
const lagging: ReadonlySet<string> = new Set([
  'ListConnectors',
  'DescribeConnector',
  'ListConnectorOperations',
  'ListTagsForResource',
]);
const longestStaleMs = 60_000;

async function settled(answer: Promise<Fields>): Promise<Answer> {
  try {
    return { output: await answer };
  } catch (error) {
    if (error instanceof AwsError) return { error };
    throw error;
  }
}

function cut(error: AnswerDropped): never {
  throw error;
}
