import type { LocalClock } from '../clock.ts';
import type { Random } from '../seededRandom.ts';
import { nameInArn, type Arns } from './arns.ts';
import type { ConnectorRequest } from './createRequest.ts';
import { DataPlaneError, type DataPlane, type RunningConnector, type StartedConnector } from './dataPlane.ts';
import { logGroupOf } from './description.ts';
import { drawMilliseconds, type Durations, type Work } from './durations.ts';
import { ended, inProgress, type ConnectorOperation, type OperationType } from './operations.ts';
import type { WorkerConfigurations } from './workerConfigurations.ts';
import { withWorkerTopics } from './workerTopics.ts';

export type State =
  'CREATING' | 'RUNNING' | 'UPDATING' | 'DELETING' | 'FAILED' | 'RESTARTING' | 'PAUSING' | 'PAUSED' | 'RESUMING';

/** A connector as the control plane knows it. */
export interface Connector {
  readonly arn: string;
  readonly createdAt: Date;
  request: ConnectorRequest;
  version: string;
  state: State;
  stateDescription?: { readonly code: string; readonly message: string };
  running?: RunningConnector;
  /** Newest first. */
  readonly operations: ConnectorOperation[];
}

export interface LifecycleParts {
  readonly clock: LocalClock;
  readonly random: Random;
  readonly arns: Arns;
  readonly durations: Durations;
  readonly dataPlane: DataPlane;
  readonly workerConfigurations: WorkerConfigurations;
}

/** The work that goes on after a call was answered: each takes its time on the clock, drives the data plane and ends in a state. */
export class Lifecycle {
  readonly #parts: LifecycleParts;

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
  }

  async bringUp(connector: Connector): Promise<void> {
    const failsAtMs = this.#parts.clock.now() + this.#draw('createFailureSeconds');
    await this.#until(this.#parts.clock.now() + this.#draw('createSeconds'));
    try {
      connector.running = await this.#parts.dataPlane.start(this.#toStart(connector));
      connector.state = 'RUNNING';
    } catch (error) {
      await this.#until(failsAtMs);
      this.#fail(connector, error);
    }
  }

  async takeDown(connector: Connector, gone: () => void): Promise<void> {
    const goneAtMs = this.#parts.clock.now() + this.#draw('deleteSeconds');
    try {
      await connector.running?.stop();
      await this.#until(goneAtMs);
      gone();
    } catch (error) {
      this.#fail(connector, error);
    }
  }

  async update(
    connector: Connector,
    operation: ConnectorOperation,
    after: ConnectorRequest,
    replacesWorkers: boolean,
    skipHealthValidation: boolean,
  ): Promise<void> {
    const before = connector.request;
    const endsAtMs = this.#parts.clock.now() + this.#draw('updateSeconds');
    const apply = async (request: ConnectorRequest): Promise<void> => {
      connector.request = request;
      if (replacesWorkers) {
        await connector.running?.stop();
        connector.running = await this.#parts.dataPlane.start(this.#toStart(connector));
      } else {
        await connector.running?.update(request.connectorConfiguration);
      }
    };
    try {
      await apply(after);
      await this.#until(endsAtMs);
      this.close(operation, true);
    } catch (error) {
      await this.#until(endsAtMs);
      operation.errorInfo = describeFailure(error);
      this.close(operation, skipHealthValidation);
      if (!skipHealthValidation) await this.#rollBack(connector, operation, () => apply(before));
    }
    if (connector.state === 'UPDATING') connector.state = 'RUNNING';
    connector.version = this.#parts.arns.version();
  }

  /** A failed update is taken back without a word in the connector's own state (terraform-provider-aws issues 47004, 48199). */
  async #rollBack(connector: Connector, operation: ConnectorOperation, restore: () => Promise<void>): Promise<void> {
    try {
      await restore();
      operation.connectorOperationState = 'ROLLBACK_COMPLETE';
    } catch (error) {
      operation.connectorOperationState = 'ROLLBACK_FAILED';
      this.#fail(connector, error);
    }
  }

  /** Runs one piece of work as an operation: `meanwhile` while it lasts, `afterwards` once it went well, else the state from before. */
  async operate(
    connector: Connector,
    running: RunningConnector,
    operation: ConnectorOperation,
    states: { readonly meanwhile: State; readonly afterwards: State },
    work: Work,
    act: (running: RunningConnector) => Promise<void>,
  ): Promise<void> {
    const restingState = connector.state;
    connector.state = states.meanwhile;
    const endsAtMs = this.#parts.clock.now() + this.#draw(work);
    try {
      await act(running);
      await this.#until(endsAtMs);
      connector.state = states.afterwards;
      this.close(operation, true);
    } catch (error) {
      await this.#until(endsAtMs);
      connector.state = restingState;
      operation.errorInfo = describeFailure(error);
      this.close(operation, false);
    }
  }

  /** Opens an operation on a connector. */
  open(connector: Connector, type: OperationType, change?: Readonly<Record<string, unknown>>): ConnectorOperation {
    const operation: ConnectorOperation = {
      connectorArn: connector.arn,
      connectorOperationArn: this.#parts.arns.operation(connector.arn),
      connectorOperationType: type,
      connectorOperationState: inProgress(type),
      creationTime: new Date(this.#parts.clock.now()),
      ...(change !== undefined && { change }),
    };
    connector.operations.unshift(operation);
    return operation;
  }

  close(operation: ConnectorOperation, well: boolean): void {
    operation.connectorOperationState = ended(operation.connectorOperationType, well);
    operation.endTime = new Date(this.#parts.clock.now());
  }

  #fail(connector: Connector, error: unknown): void {
    connector.state = 'FAILED';
    connector.stateDescription = describeFailure(error);
  }

  /**
   * The properties of the worker configuration that a request names.
   * @throws AwsError BadRequestException when there is no such configuration or revision.
   */
  workerProperties(request: ConnectorRequest): Readonly<Record<string, string>> {
    const named = request.workerConfiguration;
    if (named === undefined) return {};
    return this.#parts.workerConfigurations.propertiesOf(named.workerConfigurationArn, named.revision);
  }

  #toStart({ arn, request }: Connector): StartedConnector {
    const logGroup = logGroupOf(request);
    return {
      name: request.connectorName,
      arn,
      connectVersion: request.kafkaConnectVersion,
      configuration: request.connectorConfiguration,
      plugins: request.plugins.map(({ customPlugin }) => nameInArn(customPlugin.customPluginArn)),
      workerProperties: withWorkerTopics(request.connectorName, arn, this.workerProperties(request)),
      ...(logGroup !== undefined && { logGroup }),
    };
  }

  #draw(work: Work): number {
    return drawMilliseconds(this.#parts.durations, work, this.#parts.random);
  }

  #until(whenMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#parts.clock.at(whenMs, resolve);
    });
  }
}

function describeFailure(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof DataPlaneError) return { code: error.code, message: error.message };
  return { code: 'InternalError', message: error instanceof Error ? error.message : String(error) };
}
