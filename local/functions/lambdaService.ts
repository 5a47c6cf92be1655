import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws/awsError.ts';
import type { LocalService, Telemetry } from '../aws/service.ts';
import type { LocalClock } from '../clock.ts';
import { runAsyncEvent, type DeadLetter } from './asyncInvocations.ts';
import type { AsyncInvokeConfig, FunctionDefinition, InvokePermission } from './functionDefinition.ts';
import type { FunctionRuntime } from './functionProcess.ts';
import { invocationLog, type InvocationLog } from './invocationLog.ts';
import { warmPool, type WarmPool } from './warmPool.ts';

export interface LambdaService extends LocalService {
  readonly name: 'lambda';
  /** @throws AwsError when the name is taken. */
  createFunction(definition: FunctionDefinition): void;
  /** Sets how asynchronous invocations of a function are retried. @throws AwsError for limits out of range. */
  configureAsync(functionName: string, config: AsyncInvokeConfig): void;
  allow(functionName: string, permission: InvokePermission): void;
  /** Whether the function's resource policy lets a service invoke it on behalf of that source. */
  mayInvoke(functionName: string, principal: string, sourceArn: string): boolean;
  /** Accepts an event, as an asynchronous invocation does; gives the request id. */
  invokeLater(functionName: string, payload: string): string;
  readonly functions: readonly FunctionDefinition[];
  /** Ends every process; nothing is retried afterwards. */
  close(): Promise<void>;
}

export interface LambdaWorld {
  readonly clock: LocalClock;
  readonly telemetry: Telemetry;
  readonly region: string;
  /** How many invocations run side by side in the whole account; more are throttled. @default 10, as a new AWS account has */
  readonly accountConcurrency?: number;
  /** Starts what runs a function's code; `environment` is all of it. */
  start(
    definition: FunctionDefinition,
    environment: Readonly<Record<string, string>>,
    onLine: (line: string) => void,
  ): FunctionRuntime;
  /** Identities of requests and log streams. @default at random */
  readonly newId?: () => string;
  /** Delivers a dead letter to a queue or topic by ARN. @throws when it cannot */
  deliver(
    arn: string,
    message: { readonly body: string; readonly attributes: Readonly<Record<string, string>> },
  ): Promise<void>;
  /** Where the SDK finds the local services, such as `http://127.0.0.1:4566`. */
  endpoint(): string;
  /** Where it finds MSK Connect instead. @default at `endpoint` */
  connectEndpoint?(): string;
}

interface Deployed {
  readonly definition: FunctionDefinition;
  readonly pool: WarmPool;
  readonly log: InvocationLog;
  readonly stream: string;
  readonly permissions: InvokePermission[];
  async: AsyncInvokeConfig;
}

type RunResult =
  | { readonly kind: 'succeeded'; readonly payload: string }
  | { readonly kind: 'failed'; readonly payload: string; readonly error: string }
  | { readonly kind: 'throttled'; readonly reason: string };

const decode = (payload: unknown): string => {
  if (payload === undefined) return '{}';
  const text = typeof payload === 'string' ? payload : Buffer.from(payload as Uint8Array).toString('utf8');
  return text === '' ? '{}' : text;
};

/** `*` and `?` as an ArnLike condition takes them. */
function arnLike(pattern: string, arn: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(arn);
}

/** AWS Lambda on this machine: every function is its built bundle in processes of its own. */
export function lambdaService(world: LambdaWorld): LambdaService {
  const { clock, telemetry, newId = randomUUID } = world;
  const deployed = new Map<string, Deployed>();
  const accountConcurrency = world.accountConcurrency ?? 10;
  let closed = false;

  function find(nameOrArn: unknown): Deployed {
    const text = String(nameOrArn);
    const name = /(?:^|:)function:([^:]+)/.exec(text)?.[1] ?? text.split(':')[0] ?? text;
    const found = deployed.get(name);
    if (found === undefined) throw new AwsError('ResourceNotFoundException', 404, `Function not found: ${text}`);
    return found;
  }

  function environmentOf(definition: FunctionDefinition, stream: string): Record<string, string> {
    return {
      ...definition.environment,
      AWS_REGION: world.region,
      AWS_DEFAULT_REGION: world.region,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_SESSION_TOKEN: 'local',
      AWS_ENDPOINT_URL: world.endpoint(),
      ...(world.connectEndpoint === undefined ? {} : { AWS_ENDPOINT_URL_KAFKACONNECT: world.connectEndpoint() }),
      AWS_LAMBDA_FUNCTION_NAME: definition.name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMegabytes),
      AWS_LAMBDA_LOG_GROUP_NAME: definition.logGroup,
      AWS_LAMBDA_LOG_STREAM_NAME: stream,
      AWS_LAMBDA_LOG_FORMAT: definition.logFormat,
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_EXECUTION_ENV: `AWS_Lambda_${definition.runtime}`,
      LAMBDA_TASK_ROOT: definition.codeDirectory,
      _HANDLER: definition.handler,
      TZ: 'UTC',
    };
  }

  function metric(definition: FunctionDefinition, name: string, value: number): void {
    telemetry.metric('AWS/Lambda', name, { FunctionName: definition.name }, value);
  }

  async function run(it: Deployed, requestId: string, payload: string): Promise<RunResult> {
    if (closed) throw new AwsError('ServiceException', 500, 'The local Lambda is closed.');
    const { definition } = it;
    const all = [...deployed.values()].reduce((sum, each) => sum + each.pool.busy, 0);
    if (it.pool.busy >= (definition.reservedConcurrency ?? Infinity) || all >= accountConcurrency) {
      metric(definition, 'Throttles', 1);
      return {
        kind: 'throttled',
        reason:
          it.pool.busy >= (definition.reservedConcurrency ?? Infinity)
            ? 'ReservedFunctionConcurrentInvocationLimitExceeded'
            : 'ConcurrentInvocationLimitExceeded',
      };
    }
    const write = (line: string) => telemetry.log(definition.logGroup, it.stream, line);
    let startedAtMs = clock.now();
    const result = await it.pool.run({ requestId, payload, functionArn: definition.arn }, (timedOut) => {
      startedAtMs = clock.now();
      it.log.start(requestId).forEach(write);
      const deadlineMs = startedAtMs + definition.timeoutSeconds * 1000;
      return { deadlineMs, callOff: clock.at(deadlineMs, timedOut) };
    });
    const durationMs = clock.now() - startedAtMs;
    const status = result.kind === 'returned' ? 'success' : result.kind === 'timed-out' ? 'timeout' : 'error';
    it.log.end(requestId, durationMs, status).forEach(write);
    metric(definition, 'Invocations', 1);
    // Zeros are published too, so that an alarm on Errors has data whenever the function ran.
    metric(definition, 'Errors', status === 'success' ? 0 : 1);
    metric(definition, 'Throttles', 0);
    metric(definition, 'Duration', durationMs);

    const failed = (errorType: string, errorMessage: string, trace?: readonly string[]): RunResult => ({
      kind: 'failed',
      error: errorMessage,
      payload: JSON.stringify({ errorType, errorMessage, ...(trace === undefined ? {} : { trace }) }),
    });
    switch (result.kind) {
      case 'returned':
        return { kind: 'succeeded', payload: result.payload };
      case 'failed':
        return failed(result.errorType, result.errorMessage, result.trace);
      case 'timed-out':
        return failed(
          'Sandbox.Timedout',
          `RequestId: ${requestId} Error: Task timed out after ${definition.timeoutSeconds.toFixed(2)} seconds`,
        );
      case 'exited':
        return failed(
          'Runtime.ExitError',
          `RequestId: ${requestId} Error: Runtime exited with error: ${result.status}`,
        );
    }
  }

  /** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
  async function bury(it: Deployed, letter: DeadLetter): Promise<void> {
    const { definition } = it;
    metric(definition, 'AsyncEventsDropped', 1);
    const { event } = letter;
    const deliveries: [string, Parameters<LambdaWorld['deliver']>[1], string][] = [];
    if (definition.deadLetterTargetArn !== undefined) {
      const attributes = { RequestID: event.requestId, ErrorCode: '200', ErrorMessage: letter.error.slice(0, 1024) };
      deliveries.push([definition.deadLetterTargetArn, { body: event.payload, attributes }, 'DeadLetterErrors']);
    }
    if (it.async.onFailureArn !== undefined) {
      const body = JSON.stringify({
        version: '1.0',
        timestamp: new Date(clock.now()).toISOString(),
        requestContext: {
          requestId: event.requestId,
          functionArn: `${definition.arn}:$LATEST`,
          condition: letter.condition,
          approximateInvokeCount: letter.attempts,
        },
        requestPayload: JSON.parse(event.payload) as unknown,
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        responsePayload: JSON.parse(letter.errorPayload ?? 'null') as unknown,
      });
      deliveries.push([it.async.onFailureArn, { body, attributes: {} }, 'DestinationDeliveryFailures']);
    }
    for (const [arn, message, failureMetric] of deliveries) {
      try {
        await world.deliver(arn, message);
      } catch {
        // As on AWS: a dead letter that cannot be delivered is gone, and only this metric tells.
        metric(definition, failureMetric, 1);
      }
    }
  }

  function invokeLater(it: Deployed, payload: string): string {
    const event = { requestId: newId(), payload, acceptedAtMs: clock.now() };
    metric(it.definition, 'AsyncEventsReceived', 1);
    runAsyncEvent(event, () => it.async, {
      clock,
      attempt: (accepted) => run(it, accepted.requestId, accepted.payload),
      dead: (letter) => void bury(it, letter),
      closed: () => closed,
    });
    return event.requestId;
  }

  async function invoke(input: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
    const it = find(input['FunctionName']);
    const payload = decode(input['Payload']);
    try {
      JSON.parse(payload);
    } catch (error) {
      throw new AwsError(
        'InvalidRequestContentException',
        400,
        `Could not parse request body into json: ${String(error)}`,
      );
    }
    const type = input['InvocationType'] ?? 'RequestResponse';
    switch (type) {
      case 'DryRun':
        return { StatusCode: 204 };
      case 'Event':
        invokeLater(it, payload);
        return { StatusCode: 202 };
      case 'RequestResponse': {
        const result = await run(it, newId(), payload);
        if (result.kind === 'throttled') throw new AwsError('TooManyRequestsException', 429, 'Rate Exceeded.');
        return {
          StatusCode: 200,
          ExecutedVersion: '$LATEST',
          Payload: Buffer.from(result.payload, 'utf8'),
          ...(result.kind === 'failed' ? { FunctionError: 'Unhandled' } : {}),
        };
      }
      default:
        throw new AwsError(
          'InvalidParameterValueException',
          400,
          `InvocationType ${JSON.stringify(type)} is not known.`,
        );
    }
  }

  return {
    name: 'lambda',
    async call(operation, input) {
      if (operation === 'Invoke') return invoke(input);
      throw new AwsError('UnknownOperationException', 404, `The local Lambda has no operation ${operation}.`);
    },
    createFunction(definition) {
      if (deployed.has(definition.name)) {
        throw new AwsError('ResourceConflictException', 409, `Function already exist: ${definition.name}`);
      }
      const date = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
      const stream = `${date}/[$LATEST]${newId().replaceAll('-', '')}`;
      const environment = () => environmentOf(definition, stream);
      deployed.set(definition.name, {
        definition,
        stream,
        log: invocationLog(definition, () => clock.now()),
        pool: warmPool(() =>
          world.start(definition, environment(), (line) => telemetry.log(definition.logGroup, stream, line)),
        ),
        permissions: [],
        async: {},
      });
    },
    configureAsync(functionName, config) {
      const { maximumRetryAttempts: attempts = 2, maximumEventAgeSeconds: age = 21_600 } = config;
      if (!(attempts >= 0 && attempts <= 2) || !(age >= 60 && age <= 21_600)) {
        throw new AwsError(
          'InvalidParameterValueException',
          400,
          `MaximumRetryAttempts must be 0 to 2 and MaximumEventAgeInSeconds 60 to 21600; got ${attempts} and ${age}.`,
        );
      }
      find(functionName).async = config;
    },
    allow(functionName, permission) {
      find(functionName).permissions.push(permission);
    },
    mayInvoke(functionName, principal, sourceArn) {
      return find(functionName).permissions.some(
        (it) =>
          it.principal === principal &&
          (it.sourceArn === undefined || arnLike(it.sourceArn, sourceArn)) &&
          (it.sourceAccount === undefined || it.sourceAccount === sourceArn.split(':')[4]),
      );
    },
    invokeLater: (functionName, payload) => invokeLater(find(functionName), payload),
    get functions() {
      return [...deployed.values()].map((it) => it.definition);
    },
    async close() {
      closed = true;
      await Promise.all([...deployed.values()].map((it) => it.pool.end()));
    },
  };
}
