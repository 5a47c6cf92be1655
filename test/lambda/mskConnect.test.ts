import { afterEach, describe, expect, it } from 'vitest';
import { mskConnectors } from '../../lambda/mskConnect.ts';
import { AwsError } from '../../local/aws/awsError.ts';
import type { CreateRequest } from '../../recovery/connector.ts';
import { scripted, startServices, type TestServices } from './services.ts';

let services: TestServices;
afterEach(() => services.close());

const arn = 'arn:aws:kafkaconnect:ap-northeast-2:111122223333:connector/orders-cdc/6f1d2c3b-2';
const worker = 'arn:aws:kafkaconnect:ap-northeast-2:111122223333:worker-configuration/shop/6f1d2c3b-2';

type Answer = (input: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

const described = {
  connectorArn: arn,
  connectorName: 'orders-cdc',
  connectorState: 'RUNNING',
  currentVersion: 'K1',
  creationTime: new Date('2026-11-01T00:00:00Z'),
  kafkaConnectVersion: '3.7.x',
  connectorConfiguration: { 'connector.class': 'x', 'database.password': 'geheim' },
};

async function start(answers: Record<string, Answer> = {}) {
  services = await startServices([
    scripted('kafkaconnect', {
      ListConnectors: () => ({
        connectors: [{ connectorName: 'orders-cdc', connectorArn: arn, connectorState: 'RUNNING' }],
      }),
      DescribeConnector: () => described,
      ListConnectorOperations: () => ({ connectorOperations: [] }),
      ListTagsForResource: () => ({ tags: { team: 'shop' } }),
      ...answers,
    }),
  ]);
  return mskConnectors(services.clients.kafkaConnect, services.clients.kafkaConnectOnce, () => 'mysql');
}

function refuse(code: string, status: number, message = 'no'): Answer {
  return () => {
    throw new AwsError(code, status, message);
  };
}

describe('a connector is found', () => {
  it('by its exact name, on whichever page, with its tags', async () => {
    const connectors = await start({
      ListConnectors: ({ nextToken }) =>
        nextToken === undefined
          ? { connectors: [{ connectorName: 'orders-cdc-old', connectorArn: 'arn:other' }], nextToken: 'more' }
          : { connectors: [{ connectorName: 'orders-cdc', connectorArn: arn }] },
    });
    expect(await connectors.find('orders-cdc')).toMatchObject({
      kind: 'present',
      connector: { name: 'orders-cdc', arn, version: 'K1', state: 'RUNNING', request: { tags: { team: 'shop' } } },
    });
    expect(services.calls.find(({ operation }) => operation === 'ListConnectors')?.input).toMatchObject({
      connectorNamePrefix: 'orders-cdc',
    });
  });

  it('not by a name of which it is the beginning', async () => {
    expect(await (await start()).find('orders')).toEqual({ kind: 'absent' });
  });

  it('not when it vanished after it was listed', async () => {
    const connectors = await start({ DescribeConnector: refuse('NotFoundException', 404) });
    expect(await connectors.find('orders-cdc')).toEqual({ kind: 'absent' });
  });

  it.each(['ListTagsForResource', 'ListConnectorOperations'])(
    'though %s does not know it: that it is gone, only DescribeConnector says',
    async (operation) => {
      const connectors = await start({ [operation]: refuse('NotFoundException', 404) });
      await expect(connectors.find('orders-cdc')).rejects.toMatchObject({ name: 'PortError', code: 'unavailable' });
    },
  );

  it('while it is being deleted and only DescribeConnector still knows it', async () => {
    const connectors = await start({
      DescribeConnector: () => ({ ...described, connectorState: 'DELETING' }),
      ListTagsForResource: refuse('NotFoundException', 404),
      ListConnectorOperations: refuse('NotFoundException', 404),
    });
    expect(await connectors.find('orders-cdc')).toMatchObject({
      kind: 'present',
      connector: { state: 'DELETING', operations: [] },
    });
  });

  it('with why it failed, without its secrets', async () => {
    const connectors = await start({
      DescribeConnector: () => ({
        ...described,
        connectorState: 'FAILED',
        stateDescription: { code: 'InvalidInput', message: 'login with geheim failed' },
      }),
    });
    expect(await connectors.find('orders-cdc')).toMatchObject({
      connector: { state: 'FAILED', stateReason: 'InvalidInput: login with *** failed' },
    });
  });

  it('with its operations, the newest first', async () => {
    const operation = (connectorOperationArn: string, connectorOperationState: string, hour: number) => ({
      connectorOperationArn,
      connectorOperationState,
      connectorOperationType: 'RESTART_CONNECTOR',
      creationTime: new Date(Date.UTC(2026, 10, 21, hour)),
    });
    const connectors = await start({
      ListConnectorOperations: () => ({
        connectorOperations: [
          operation('a', 'RESTART_COMPLETE', 1),
          operation('f', 'PENDING', 6),
          operation('b', 'UPDATE_IN_PROGRESS', 2),
          operation('c', 'PAUSE_FAILED', 3),
          operation('d', 'ROLLBACK_COMPLETE', 4),
          operation('e', 'SOMETHING_NEW', 5),
        ],
      }),
    });
    const found = await connectors.find('orders-cdc');
    expect(found.kind === 'present' && found.connector.operations.map((one) => [one.arn, one.state])).toEqual([
      ['f', 'in-progress'],
      ['e', 'in-progress'],
      ['d', 'failed'],
      ['c', 'failed'],
      ['b', 'in-progress'],
      ['a', 'complete'],
    ]);
  });

  it('in no state that is not known', async () => {
    const connectors = await start({ DescribeConnector: () => ({ ...described, connectorState: 'DREAMING' }) });
    await expect(connectors.find('orders-cdc')).rejects.toMatchObject({ name: 'PortError', code: 'unexpected' });
  });
});

describe('what is refused is an answer, what may pass is an error', () => {
  const request: CreateRequest = {
    connectorName: 'orders-cdc',
    kafkaConnectVersion: '3.7.x',
    connectorConfiguration: { 'database.password': 'geheim' },
  };

  it('a restart', async () => {
    const connectors = await start({
      RestartConnector: ({ onlyFailedTasks }) => ({ connectorOperationArn: `op ${String(onlyFailedTasks)}` }),
    });
    expect(await connectors.restart(arn, { onlyFailedTasks: false })).toEqual({
      kind: 'started',
      operationArn: 'op undefined',
    });
    expect(await connectors.restart(arn, { onlyFailedTasks: true })).toEqual({
      kind: 'started',
      operationArn: 'op true',
    });
  });

  it('a deletion names the version that was seen', async () => {
    const connectors = await start({
      DeleteConnector: ({ currentVersion }) =>
        currentVersion === 'K1' ? {} : refuse('BadRequestException', 400, 'version')({}),
    });
    expect(await connectors.delete(arn, 'K1')).toEqual({ kind: 'started' });
    expect(await connectors.delete(arn, 'K0')).toEqual({
      kind: 'refused',
      code: 'BadRequestException',
      reason: 'version',
    });
  });

  it('a deletion of what is gone', async () => {
    const connectors = await start({ DeleteConnector: refuse('NotFoundException', 404) });
    expect(await connectors.delete(arn, 'K1')).toEqual({ kind: 'gone' });
  });

  it.each([
    ['ConflictException', 409, { kind: 'refused', code: 'ConflictException', reason: 'taken, *** too' }],
    [
      'ForbiddenException',
      403,
      { kind: 'refused', code: 'ForbiddenException', reason: 'taken, *** too', denied: true },
    ],
  ])('a creation, by %s', async (code, status, expected) => {
    const connectors = await start({ CreateConnector: refuse(code, status, 'taken, geheim too') });
    expect(await connectors.create(request)).toEqual(expected);
  });

  it.each([
    ['TooManyRequestsException', 429, 'throttled'],
    ['ServiceUnavailableException', 503, 'unavailable'],
    ['InternalServerErrorException', 500, 'unavailable'],
  ])('a creation, by %s, sent once only', async (code, status, expected) => {
    const connectors = await start({ CreateConnector: refuse(code, status) });
    await expect(connectors.create(request)).rejects.toMatchObject({ name: 'PortError', code: expected });
    expect(services.calls).toHaveLength(1);
  });
});

describe('offsets', () => {
  const live = {
    name: 'orders-cdc',
    arn,
    version: 'K1',
    state: 'RUNNING',
    createdAt: '2026-11-01T00:00:00.000Z',
    operations: [],
  } as const;
  const request: CreateRequest = {
    connectorName: 'orders-cdc',
    kafkaConnectVersion: '2.7.1',
    connectorConfiguration: {},
    workerConfiguration: { workerConfigurationArn: worker, revision: 2 },
  };
  const properties =
    (revision: number, text: string): Answer =>
    () => ({
      latestRevision: { revision, propertiesFileContent: Buffer.from(text).toString('base64') },
    });

  it.each<[string, Answer, string]>([
    [
      'are kept on a pinned topic',
      properties(2, '# offsets\nkey.converter = x\noffset.storage.\\\n   topic : shop-offsets\n'),
      'kept',
    ],
    ['are lost on the default topic', properties(2, 'key.converter=x'), 'lost'],
    [
      'cannot be told when the revision in use is not the latest',
      properties(3, 'offset.storage.topic=shop-offsets'),
      'unknown',
    ],
    ['cannot be told when the worker configuration is gone', refuse('NotFoundException', 404), 'unknown'],
    ['cannot be told when it may not be read', refuse('ForbiddenException', 403), 'unknown'],
  ])('%s', async (_title, answer, kind) => {
    const connectors = await start({ DescribeWorkerConfiguration: answer });
    expect((await connectors.offsetSurvival({ ...live, request }, request)).kind).toBe(kind);
  });
});
