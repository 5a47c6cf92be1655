import { readCreateRequest, readUpdateRequest, type ConnectorRequest } from './createRequest.ts';
import type { CustomPlugins } from './customPlugins.ts';
import type { RunningConnector } from './dataPlane.ts';
import { describeCapacity, describeRequest } from './description.ts';
import type { Work } from './durations.ts';
import { badRequest, connectError, notFound } from './errors.ts';
import { Lifecycle, type Connector, type LifecycleParts, type State } from './lifecycle.ts';
import { describeOperation, summarizeOperation } from './operations.ts';
import type { ConnectorOperation, OperationType } from './operations.ts';
import { page } from './paging.ts';
import type { Tags } from './tags.ts';

type Input = Readonly<Record<string, unknown>>;

/** What the connectors are made of and looked after by. */
export interface ConnectorsParts extends LifecycleParts {
  readonly plugins: CustomPlugins;
  readonly tags: Tags;
}

/** The connectors of the account and their lifecycle (README.md, "The API"). */
export class Connectors {
  readonly #byArn = new Map<string, Connector>();
  readonly #operations = new Map<string, ConnectorOperation>();
  readonly #parts: ConnectorsParts;
  readonly #lifecycle: Lifecycle;

  constructor(parts: ConnectorsParts) {
    this.#parts = parts;
    this.#lifecycle = new Lifecycle(parts);
  }

  create(input: Input): Input {
    const request = readCreateRequest(input);
    const { plugins, arns, clock, tags } = this.#parts;
    for (const { customPlugin } of request.plugins) plugins.check(customPlugin.customPluginArn, customPlugin.revision);
    this.#lifecycle.workerProperties(request);
    if ([...this.#byArn.values()].some((other) => other.request.connectorName === request.connectorName)) {
      // Taken while its holder is being deleted, too [inferred].
      throw connectError('ConflictException', 'A resource with this name already exists.');
    }
    const connector: Connector = {
      arn: arns.of('connector', request.connectorName),
      createdAt: new Date(clock.now()),
      request,
      version: arns.version(),
      state: 'CREATING',
      operations: [],
    };
    this.#byArn.set(connector.arn, connector);
    tags.register(connector.arn, request.tags ?? {});
    void this.#lifecycle.bringUp(connector);
    return { connectorArn: connector.arn, connectorName: request.connectorName, connectorState: connector.state };
  }

  describe(input: Input): Input {
    const connector = this.#get(input);
    return {
      ...summary(connector),
      connectorConfiguration: connector.request.connectorConfiguration,
      ...(connector.stateDescription !== undefined && { stateDescription: connector.stateDescription }),
    };
  }

  list(input: Input): Input {
    const prefix = typeof input['connectorNamePrefix'] === 'string' ? input['connectorNamePrefix'] : '';
    const named = [...this.#byArn.values()].filter(({ request }) => request.connectorName.startsWith(prefix));
    const { items, ...token } = page(named.map(summary), input['maxResults'], input['nextToken']);
    return { connectors: items, ...token };
  }

  /** Blocked while the connector is created, deleted or operated on: 400, for the API declares no 409 here [inferred]. */
  delete(input: Input): Input {
    const connector = this.#get(input);
    this.#checkVersion(connector, input['currentVersion']);
    this.#checkAtRest(connector, ['RUNNING', 'PAUSED', 'FAILED'], 'BadRequestException');
    connector.state = 'DELETING';
    void this.#lifecycle.takeDown(connector, () => {
      this.#byArn.delete(connector.arn);
      this.#parts.tags.forget(connector.arn);
    });
    return { connectorArn: connector.arn, connectorState: connector.state };
  }

  /** Changes either the configuration or the worker setting; the latter replaces the workers. */
  update(input: Input): Input {
    const asked = readUpdateRequest(input);
    const connector = this.#get(input);
    this.#checkVersion(connector, asked.currentVersion);
    this.#checkAtRest(connector, ['RUNNING'], 'BadRequestException');
    const { connectorConfiguration, capacity, plugins, workerConfiguration, useDefaultWorkerConfiguration } = asked;
    const worker = [capacity, plugins, workerConfiguration, useDefaultWorkerConfiguration].some(
      (part) => part !== undefined,
    );
    if (worker === (connectorConfiguration !== undefined)) {
      throw badRequest('connectorConfiguration', 'expected either it or parts of the worker setting');
    }
    for (const { customPlugin } of plugins ?? []) {
      this.#parts.plugins.check(customPlugin.customPluginArn, customPlugin.revision);
    }
    const before = connector.request;
    const { workerConfiguration: named, ...unnamed } = before;
    const kept = useDefaultWorkerConfiguration === true || named === undefined ? {} : { workerConfiguration: named };
    const after: ConnectorRequest = {
      ...unnamed,
      ...kept,
      ...(connectorConfiguration !== undefined && { connectorConfiguration }),
      ...(capacity !== undefined && { capacity }),
      ...(plugins !== undefined && { plugins }),
      ...(workerConfiguration !== undefined && { workerConfiguration }),
    };
    this.#lifecycle.workerProperties(after);
    const change = worker
      ? { originWorkerSetting: workerSetting(before), targetWorkerSetting: workerSetting(after) }
      : {
          originConnectorConfiguration: before.connectorConfiguration,
          targetConnectorConfiguration: after.connectorConfiguration,
        };
    const operation = this.#open(
      connector,
      worker ? 'UPDATE_WORKER_SETTING' : 'UPDATE_CONNECTOR_CONFIGURATION',
      change,
    );
    connector.state = 'UPDATING';
    void this.#lifecycle.update(connector, operation, after, worker, asked.skipHealthValidation === true);
    return {
      connectorArn: connector.arn,
      connectorState: connector.state,
      connectorOperationArn: operation.connectorOperationArn,
    };
  }

  pause(input: Input): Input {
    const connector = this.#get(input);
    this.#checkAtRest(connector, ['RUNNING'], 'ConflictException');
    return this.#operate(connector, 'PAUSE_CONNECTOR', 'PAUSING', 'PAUSED', 'pauseSeconds', (running) =>
      running.pause(),
    );
  }

  resume(input: Input): Input {
    const connector = this.#get(input);
    this.#checkAtRest(connector, ['PAUSED'], 'ConflictException');
    return this.#operate(connector, 'RESUME_CONNECTOR', 'RESUMING', 'RUNNING', 'pauseSeconds', (running) =>
      running.resume(),
    );
  }

  /** @see https://docs.aws.amazon.com/msk/latest/developerguide/mkc-restart-connector.md */
  restart(input: Input): Input {
    const connector = this.#get(input);
    const onlyFailedTasks = input['onlyFailedTasks'] === true || input['onlyFailedTasks'] === 'true';
    this.#checkAtRest(connector, ['RUNNING'], 'BadRequestException');
    if (onlyFailedTasks && connector.request.kafkaConnectVersion === '2.7.1') {
      throw badRequest('onlyFailedTasks', 'not supported by Kafka Connect 2.7.1');
    }
    return this.#operate(connector, 'RESTART_CONNECTOR', 'RESTARTING', 'RUNNING', 'restartSeconds', (running) =>
      running.restart(onlyFailedTasks),
    );
  }

  describeOperation(input: Input): Input {
    const arn = String(input['connectorOperationArn']);
    const operation = this.#operations.get(arn);
    if (operation === undefined) throw notFound('connector operation', arn);
    return describeOperation(operation);
  }

  listOperations(input: Input): Input {
    const { operations } = this.#get(input);
    const { items, ...token } = page(operations.map(summarizeOperation), input['maxResults'], input['nextToken']);
    return { connectorOperations: items, ...token };
  }

  /**
   * Starts an operation as AWS itself does at times: the connector shows RUNNING, and nothing else may be done to it meanwhile.
   * Gives the way to end it.
   * @throws AwsError NotFoundException when nothing has that name.
   */
  beginOwnOperation(name: string, type: 'ISOLATE_CONNECTOR' | 'RESTORE_CONNECTOR'): () => void {
    const connector = [...this.#byArn.values()].find(({ request }) => request.connectorName === name);
    if (connector === undefined) throw notFound('connector', name);
    const operation = this.#open(connector, type);
    return () => this.#lifecycle.close(operation, true);
  }

  inventory(): readonly { readonly name: string; readonly arn: string; readonly state: State }[] {
    return [...this.#byArn.values()].map(({ request, arn, state }) => ({ name: request.connectorName, arn, state }));
  }

  /** Ends whatever runs behind the connectors, without a trace in the API. */
  async shutDown(): Promise<void> {
    await Promise.all([...this.#byArn.values()].map(async ({ running }) => running?.stop()));
  }

  #operate(
    connector: Connector,
    type: OperationType,
    meanwhile: State,
    afterwards: State,
    work: Work,
    act: (running: RunningConnector) => Promise<void>,
  ): Input {
    const { running } = connector;
    if (running === undefined) throw connectError('InternalServerErrorException', 'The connector has no workers.');
    const operation = this.#open(connector, type);
    void this.#lifecycle.operate(connector, running, operation, { meanwhile, afterwards }, work, act);
    return { connectorArn: connector.arn, connectorOperationArn: operation.connectorOperationArn };
  }

  #open(connector: Connector, type: OperationType, change?: Input): ConnectorOperation {
    const operation = this.#lifecycle.open(connector, type, change);
    this.#operations.set(operation.connectorOperationArn, operation);
    return operation;
  }

  #get(input: Input): Connector {
    const arn = String(input['connectorArn']);
    const connector = this.#byArn.get(arn);
    if (connector === undefined) throw notFound('connector', arn);
    return connector;
  }

  #checkVersion(connector: Connector, version: unknown): void {
    if (version !== undefined && version !== connector.version) {
      throw badRequest('currentVersion', 'not the current version of the connector');
    }
  }

  #checkAtRest(
    connector: Connector,
    states: readonly State[],
    refusal: 'BadRequestException' | 'ConflictException',
  ): void {
    if (!states.includes(connector.state)) {
      throw connectError(refusal, `The connector is in state ${connector.state}; this needs ${states.join(' or ')}.`);
    }
    if (connector.operations.some(({ endTime }) => endTime === undefined)) {
      throw connectError(refusal, 'The connector has an operation in progress.');
    }
  }
}

function workerSetting(request: ConnectorRequest): Input {
  return {
    capacity: describeCapacity(request.capacity),
    plugins: request.plugins,
    ...(request.workerConfiguration !== undefined && { workerConfiguration: request.workerConfiguration }),
    useDefaultWorkerConfiguration: request.workerConfiguration === undefined,
  };
}

function summary(connector: Connector): Input {
  return {
    ...describeRequest(connector.request),
    connectorArn: connector.arn,
    connectorState: connector.state,
    creationTime: connector.createdAt,
    currentVersion: connector.version,
  };
}
