import {
  CreateConnectorCommand,
  DeleteConnectorCommand,
  DescribeConnectorCommand,
  ListConnectorOperationsCommand,
  ListConnectorsCommand,
  ListTagsForResourceCommand,
  RestartConnectorCommand,
} from '@aws-sdk/client-kafkaconnect';
import type {
  ConnectorOperationSummary,
  ConnectorSummary,
  CreateConnectorCommandInput,
  DescribeConnectorResponse,
  KafkaConnectClient,
} from '@aws-sdk/client-kafkaconnect';
import type { ConnectorState, CreateRequest, LiveConnector, Operation, Sighting } from '../recovery/connector.ts';
import type { ConnectorKind } from '../recovery/policy.ts';
import { PortError } from '../recovery/ports.ts';
import type { Connectors, Refused } from '../recovery/ports.ts';
import { codeOf, failureOf, portError } from '../tell/awsErrors.ts';
import { cleanReason } from '../tell/cleanText.ts';
import { describeToCreate } from './describeToCreate.ts';
import { findEarlierPin, findPin, makePin } from './offsetPins.ts';
import { judgeOffsets, offsetsOf } from './offsetSurvival.ts';
import type { WorkerOffsets } from './offsetSurvival.ts';
import { readWorkerConfiguration } from './workerConfigurations.ts';

const states: ReadonlySet<string> = new Set<ConnectorState>([
  'CREATING',
  'RUNNING',
  'UPDATING',
  'DELETING',
  'FAILED',
  'RESTARTING',
  'PAUSING',
  'PAUSED',
  'RESUMING',
]);

/** A runaway list must not eat the invocation. */
const mostPages = 50;

/**
 * The port Connectors on MSK Connect. Reads are retried by the SDK; what changes something goes through `once`, which is not, and
 * a lost answer is `unavailable`: the engine looks before it acts again.
 *
 * `kindOf` gives a connector's configured kind, for a sink keeps its place otherwise than a source.
 */
export function mskConnectors(
  client: KafkaConnectClient,
  once: KafkaConnectClient,
  kindOf: (name: string) => ConnectorKind,
): Connectors {
  return {
    async find(name) {
      const listed = (await listConnectors(client, name)).filter((summary) => summary.connectorName === name);
      // A name is unique; should an old one still be listed while DELETING, the newer one counts.
      const summary = listed.toSorted((a, b) => timeOf(b.creationTime) - timeOf(a.creationTime))[0];
      return summary?.connectorArn === undefined ? { kind: 'absent' } : sight(client, summary.connectorArn);
    },

    async restart(arn, { onlyFailedTasks }) {
      try {
        const answer = await once.send(
          // Sent only when asked for: on Connect 2.7.1 the parameter is refused.
          new RestartConnectorCommand({ connectorArn: arn, ...(onlyFailedTasks ? { onlyFailedTasks } : {}) }),
        );
        return { kind: 'started', operationArn: answer.connectorOperationArn ?? '' };
      } catch (error) {
        return refusedOr('RestartConnector', error);
      }
    },

    async delete(arn, version) {
      try {
        await once.send(new DeleteConnectorCommand({ connectorArn: arn, currentVersion: version }));
        return { kind: 'started' };
      } catch (error) {
        return failureOf(error).name === 'NotFoundException' ? { kind: 'gone' } : refusedOr('DeleteConnector', error);
      }
    },

    async create(request) {
      try {
        const answer = await once.send(new CreateConnectorCommand(request as unknown as CreateConnectorCommandInput));
        return { kind: 'started', arn: answer.connectorArn ?? '' };
      } catch (error) {
        return refusedOr('CreateConnector', error, request.connectorConfiguration);
      }
    },

    findPin: (live, request) => findPin(client, live, request),
    findEarlierPin: (request, itsPin) => findEarlierPin(client, request, itsPin),
    makePin: (live, request) => makePin(client, once, live, request),

    async offsetSurvival(live, request) {
      const kind = kindOf(live.name);
      if (kind === 'sink') return judgeOffsets(kind, live, request, { kind: 'none' }, { kind: 'none' });
      const [before, after] = await Promise.all([workerOffsets(client, live.request), workerOffsets(client, request)]);
      return judgeOffsets(kind, live, request, before, after);
    },
  };
}

/** Every connector whose name begins so; all of them without a prefix. @throws PortError */
export async function listConnectors(client: KafkaConnectClient, prefix?: string): Promise<ConnectorSummary[]> {
  const found: ConnectorSummary[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    try {
      const answer = await client.send(
        new ListConnectorsCommand({
          ...(prefix === undefined ? {} : { connectorNamePrefix: prefix }),
          maxResults: 100,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      );
      found.push(...(answer.connectors ?? []));
      nextToken = answer.nextToken;
    } catch (error) {
      throw portError('ListConnectors', error);
    }
    if (nextToken === undefined) return found;
  }
  throw new PortError('unexpected', `ListConnectors: more than ${mostPages} pages`);
}

/** A connector by its ARN; one that is gone meanwhile is absent. @throws PortError */
export async function sight(client: KafkaConnectClient, arn: string): Promise<Sighting> {
  const [described, operations, tags] = await Promise.all([
    known('DescribeConnector', client.send(new DescribeConnectorCommand({ connectorArn: arn }))),
    known('ListConnectorOperations', listOperations(client, arn)),
    known('ListTagsForResource', client.send(new ListTagsForResourceCommand({ resourceArn: arn }))),
  ]);
  if (described === undefined) return { kind: 'absent' };
  if ((operations === undefined || tags === undefined) && described.connectorState !== 'DELETING') {
    // Three answers, and not of one moment: taken for absent, a connector that lives would be created or reported missing.
    throw new PortError('unavailable', 'DescribeConnector knows a connector that its operations or tags do not');
  }
  return { kind: 'present', connector: liveConnector(arn, described, operations ?? [], tags?.tags ?? {}) };
}

/** The answer, or `undefined` where the service says that there is no such connector. @throws PortError */
async function known<T>(call: string, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (failureOf(error).name === 'NotFoundException') return undefined;
    throw portError(call, error);
  }
}

function liveConnector(
  arn: string,
  described: DescribeConnectorResponse,
  operations: readonly Operation[],
  tags: Readonly<Record<string, string>>,
): LiveConnector {
  const state = described.connectorState;
  // A state that AWS adds one day must not pass for one that we know.
  if (state === undefined || !states.has(state)) {
    throw new PortError('unexpected', `DescribeConnector: unknown state "${String(state)}"`);
  }
  if (described.currentVersion === undefined || described.connectorName === undefined) {
    throw new PortError('unexpected', 'DescribeConnector: an answer without name or version');
  }
  const { code, message } = described.stateDescription ?? {};
  const reason = [code, message].filter((part) => part !== undefined && part !== '').join(': ');
  return {
    name: described.connectorName,
    arn: described.connectorArn ?? arn,
    version: described.currentVersion,
    state,
    ...(reason === '' ? {} : { stateReason: cleanReason(reason, described.connectorConfiguration) }),
    createdAt: (described.creationTime ?? new Date(0)).toISOString(),
    request: describeToCreate(described, tags),
    operations,
  };
}

async function listOperations(client: KafkaConnectClient, arn: string): Promise<Operation[]> {
  const found: ConnectorOperationSummary[] = [];
  let nextToken: string | undefined;
  // The order of the list is not documented, so all of it is read; it is short, for operations are rare.
  for (let page = 0; page < 5; page += 1) {
    const answer = await client.send(
      new ListConnectorOperationsCommand({
        connectorArn: arn,
        maxResults: 100,
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    found.push(...(answer.connectorOperations ?? []));
    nextToken = answer.nextToken;
    if (nextToken === undefined) break;
  }
  return found.map(operation).toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
}

function operation(summary: ConnectorOperationSummary): Operation {
  return {
    arn: summary.connectorOperationArn ?? '',
    type: summary.connectorOperationType ?? 'unknown',
    state: operationState(summary.connectorOperationState),
    startedAt: (summary.creationTime ?? new Date(0)).toISOString(),
    ...(summary.endTime === undefined ? {} : { endedAt: summary.endTime.toISOString() }),
  };
}

/** PENDING and `..._IN_PROGRESS` run, as does a state that is not known: an operation is a lock. A rollback means that it failed. */
function operationState(state: string | undefined): Operation['state'] {
  if (state?.startsWith('ROLLBACK_') && !state.endsWith('_IN_PROGRESS')) return 'failed';
  if (state?.endsWith('_COMPLETE')) return 'complete';
  return state?.endsWith('_FAILED') ? 'failed' : 'in-progress';
}

async function workerOffsets(client: KafkaConnectClient, request: CreateRequest): Promise<WorkerOffsets> {
  return offsetsOf(await readWorkerConfiguration(client, request));
}

/** What stands is an answer; what may pass is thrown. */
function refusedOr(call: string, error: unknown, configuration?: Readonly<Record<string, string>>): Refused {
  const failure = failureOf(error);
  const code = codeOf(failure);
  if (code === 'throttled' || code === 'unavailable') throw portError(call, error, configuration);
  const reason = cleanReason(failure.message, configuration);
  return { kind: 'refused', code: failure.name, reason, ...(code === 'denied' ? { denied: true } : {}) };
}

function timeOf(date: Date | undefined): number {
  return date?.getTime() ?? 0;
}
