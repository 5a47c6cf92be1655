import { AwsError } from '../aws/awsError.ts';
import type { LocalService } from '../aws/service.ts';
import type { LocalClock } from '../clock.ts';
import type { Random } from '../seededRandom.ts';
import { Arns } from './arns.ts';
import { Connectors } from './connectors.ts';
import { CustomPlugins } from './customPlugins.ts';
import type { DataPlane } from './dataPlane.ts';
import { defaultDurations, type Durations } from './durations.ts';
import { connectError } from './errors.ts';
import type { Call, Fault, Faults } from './faults.ts';
import { Tags } from './tags.ts';
import { WorkerConfigurations } from './workerConfigurations.ts';

type Input = Readonly<Record<string, unknown>>;

/** A call and how it ended. The answer is the service's own, even where a fault kept it from the caller. */
export interface ObservedCall extends Call {
  readonly answer?: Input;
  readonly error?: AwsError;
}

export interface MskConnectOptions {
  readonly clock: LocalClock;
  /** For identities, versions and, with jitter, durations. */
  readonly random: Random;
  /** What runs behind the connectors. */
  readonly dataPlane: DataPlane;
  /** @default us-east-1 */
  readonly region?: string;
  /** @default 111122223333 */
  readonly accountId?: string;
  /** @default defaultDurations, for those left out */
  readonly durations?: Partial<Durations>;
  /** What goes wrong, and when. @default nothing */
  readonly faults?: Faults;
  /** Told of every call once it has ended. */
  readonly observe?: (call: ObservedCall) => void;
}

/**
 * Amazon MSK Connect's API on this machine. What it does and where it departs from AWS: `README.md` beside this file.
 * Operations and shapes are those of `@aws-sdk/client-kafkaconnect`.
 */
export class MskConnect implements LocalService {
  readonly name = 'kafkaconnect';
  readonly #operations: Readonly<Record<string, (input: Input) => Input>>;
  readonly #connectors: Connectors;
  readonly #calls = new Map<string, number>();
  readonly #clock: LocalClock;
  readonly #faults: Faults;
  readonly #observe: (call: ObservedCall) => void;

  constructor(options: MskConnectOptions) {
    const { clock, random, dataPlane } = options;
    this.#clock = clock;
    this.#faults = options.faults ?? (() => undefined);
    this.#observe = options.observe ?? (() => undefined);
    const arns = new Arns(options.region ?? 'us-east-1', options.accountId ?? '111122223333', random);
    const tags = new Tags();
    const plugins = new CustomPlugins(clock, arns, tags);
    const workerConfigurations = new WorkerConfigurations(clock, arns, tags);
    const durations = { ...defaultDurations, ...options.durations };
    const connectors = new Connectors({
      clock,
      random,
      arns,
      durations,
      dataPlane,
      plugins,
      workerConfigurations,
      tags,
    });
    this.#connectors = connectors;
    this.#operations = {
      CreateConnector: (input) => connectors.create(input),
      DescribeConnector: (input) => connectors.describe(input),
      ListConnectors: (input) => connectors.list(input),
      UpdateConnector: (input) => connectors.update(input),
      DeleteConnector: (input) => connectors.delete(input),
      PauseConnector: (input) => connectors.pause(input),
      ResumeConnector: (input) => connectors.resume(input),
      RestartConnector: (input) => connectors.restart(input),
      DescribeConnectorOperation: (input) => connectors.describeOperation(input),
      ListConnectorOperations: (input) => connectors.listOperations(input),
      CreateWorkerConfiguration: (input) => workerConfigurations.create(input),
      DescribeWorkerConfiguration: (input) => workerConfigurations.describe(input),
      ListWorkerConfigurations: (input) => workerConfigurations.list(input),
      DeleteWorkerConfiguration: (input) => workerConfigurations.delete(input),
      CreateCustomPlugin: (input) => plugins.create(input),
      DescribeCustomPlugin: (input) => plugins.describe(input),
      DeleteCustomPlugin: (input) => plugins.delete(input),
      ListCustomPlugins: (input) => plugins.list(input),
      TagResource: (input) => tags.tag(input),
      UntagResource: (input) => tags.untag(input),
      ListTagsForResource: (input) => tags.list(input),
    };
  }

  /**
   * @throws AwsError what the operation refuses, what a fault says, or NotFoundException for an operation that this stand-in lacks.
   */
  call(operation: string, input: Input): Promise<Input> {
    const nth = (this.#calls.get(operation) ?? 0) + 1;
    this.#calls.set(operation, nth);
    const call: Call = { operation, nth, atMs: this.#clock.now(), input };
    // Inside a promise, so that a refusal is a rejection and never a throw.
    return Promise.resolve().then(() => this.#carryOut(call));
  }

  /** Starts an operation of AWS's own on a connector, which blocks every other one; gives the way to end it. */
  beginOwnOperation(connectorName: string, type: 'ISOLATE_CONNECTOR' | 'RESTORE_CONNECTOR'): () => void {
    return this.#connectors.beginOwnOperation(connectorName, type);
  }

  /** What there is and its state, without a call: for who watches the stand-in itself. */
  inventory(): ReturnType<Connectors['inventory']> {
    return this.#connectors.inventory();
  }

  /** Ends whatever runs behind the connectors: for the end of a run, not a deletion. */
  shutDown(): Promise<void> {
    return this.#connectors.shutDown();
  }

  #carryOut(call: Call): Input {
    const fault = this.#faults(call);
    const answer = this.#answer(call, fault);
    this.#observe({ ...call, answer });
    if (fault?.kind === 'lose-answer') throw connectError('InternalServerErrorException', 'The answer was lost.');
    return answer;
  }

  #answer(call: Call, fault: Fault | undefined): Input {
    try {
      if (fault?.kind === 'refuse') throw fault.error;
      const operation = this.#operations[call.operation];
      if (operation === undefined)
        throw connectError('NotFoundException', `There is no operation ${call.operation} here.`);
      return operation(call.input);
    } catch (error) {
      if (error instanceof AwsError) this.#observe({ ...call, error });
      throw error;
    }
  }
}
