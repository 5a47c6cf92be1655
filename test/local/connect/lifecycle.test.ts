import { describe, expect, test } from 'vitest';
import { DataPlaneError, type StartedConnector } from '../../../local/connect/dataPlane.ts';
import { fixture, idlePlane, runningConnector, stateOf, type Fields } from './fixture.ts';

describe('what a call does to the state, and for how long', () => {
  interface Case {
    readonly operation: string;
    readonly from: 'RUNNING' | 'PAUSED';
    readonly input: Fields;
    readonly meanwhile: string;
    readonly seconds: number;
    readonly afterwards: string;
    readonly operationState?: readonly [string, string];
  }
  const cases: readonly Case[] = [
    {
      operation: 'PauseConnector',
      from: 'RUNNING',
      input: {},
      meanwhile: 'PAUSING',
      seconds: 30,
      afterwards: 'PAUSED',
      operationState: ['PAUSE_IN_PROGRESS', 'PAUSE_COMPLETE'],
    },
    {
      operation: 'ResumeConnector',
      from: 'PAUSED',
      input: {},
      meanwhile: 'RESUMING',
      seconds: 30,
      afterwards: 'RUNNING',
      operationState: ['RESUME_IN_PROGRESS', 'RESUME_COMPLETE'],
    },
    {
      operation: 'RestartConnector',
      from: 'RUNNING',
      input: {},
      meanwhile: 'RESTARTING',
      seconds: 60,
      afterwards: 'RUNNING',
      operationState: ['RESTART_IN_PROGRESS', 'RESTART_COMPLETE'],
    },
    {
      operation: 'UpdateConnector',
      from: 'RUNNING',
      input: { connectorConfiguration: { 'connector.class': 'X', 'tasks.max': '1' } },
      meanwhile: 'UPDATING',
      seconds: 300,
      afterwards: 'RUNNING',
      operationState: ['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE'],
    },
    {
      operation: 'DeleteConnector',
      from: 'RUNNING',
      input: {},
      meanwhile: 'DELETING',
      seconds: 240,
      afterwards: 'gone',
    },
    {
      operation: 'DeleteConnector',
      from: 'PAUSED',
      input: {},
      meanwhile: 'DELETING',
      seconds: 240,
      afterwards: 'gone',
    },
  ];

  test.for(cases)(
    '$operation from $from',
    async ({ operation, from, input, meanwhile, seconds, afterwards, operationState }) => {
      const it = await fixture();
      const connectorArn = await runningConnector(it);
      if (from === 'PAUSED') {
        await it.connect.call('PauseConnector', { connectorArn });
        await it.clock.advanceBy(30_000);
      }
      const { currentVersion } = await it.connect.call('DescribeConnector', { connectorArn });
      const answer = await it.connect.call(operation, { connectorArn, currentVersion, ...input });
      const describeOperation = async (): Promise<unknown> =>
        answer['connectorOperationArn'] === undefined
          ? undefined
          : (await it.connect.call('DescribeConnectorOperation', answer))['connectorOperationState'];

      expect(await stateOf(it.connect, connectorArn)).toBe(meanwhile);
      expect(await describeOperation()).toBe(operationState?.[0]);
      await it.clock.advanceBy(seconds * 1000 - 1);
      expect(await stateOf(it.connect, connectorArn)).toBe(meanwhile);
      await it.clock.advanceBy(1);
      expect(await stateOf(it.connect, connectorArn)).toBe(afterwards);
      expect(await describeOperation()).toBe(operationState?.[1]);
    },
  );

  test('CreateConnector is CREATING for four minutes, then RUNNING', async () => {
    const it = await fixture();
    const answer = await it.connect.call('CreateConnector', it.request);
    expect(answer).toEqual({
      connectorArn: expect.stringMatching(
        /^arn:aws:kafkaconnect:us-east-1:111122223333:connector\/orders-cdc\/[0-9a-f]{8}-[0-9a-f-]{27}-2$/,
      ),
      connectorName: 'orders-cdc',
      connectorState: 'CREATING',
    });
    await it.clock.advanceBy(239_999);
    expect(await stateOf(it.connect, String(answer['connectorArn']))).toBe('CREATING');
    await it.clock.advanceBy(1);
    expect(await stateOf(it.connect, String(answer['connectorArn']))).toBe('RUNNING');
  });

  test('durations can be set', async () => {
    const it = await fixture({ durations: { createSeconds: 7 } });
    const { connectorArn } = await it.connect.call('CreateConnector', it.request);
    await it.clock.advanceBy(7000);
    expect(await stateOf(it.connect, String(connectorArn))).toBe('RUNNING');
  });

  test('with jitter, a duration falls within its share', async () => {
    const it = await fixture({ durations: { createSeconds: 100, jitter: 0.1 } });
    const { connectorArn } = await it.connect.call('CreateConnector', it.request);
    await it.clock.advanceBy(89_000);
    expect(await stateOf(it.connect, String(connectorArn))).toBe('CREATING');
    await it.clock.advanceBy(21_000);
    expect(await stateOf(it.connect, String(connectorArn))).toBe('RUNNING');
  });
});

test('a connector that cannot be started becomes FAILED after twenty minutes, and says why', async () => {
  const it = await fixture({
    dataPlane: {
      start: async () => {
        throw new DataPlaneError('InvalidInput.InvalidConnectorConfiguration', 'Unable to connect');
      },
    },
  });
  const { connectorArn } = await it.connect.call('CreateConnector', it.request);
  await it.clock.advanceBy(1_199_999);
  expect(await stateOf(it.connect, String(connectorArn))).toBe('CREATING');
  await it.clock.advanceBy(1);
  expect(await it.connect.call('DescribeConnector', { connectorArn })).toMatchObject({
    connectorState: 'FAILED',
    stateDescription: { code: 'InvalidInput.InvalidConnectorConfiguration', message: 'Unable to connect' },
  });
  await expect(it.connect.call('RestartConnector', { connectorArn })).rejects.toMatchObject({ status: 400 });
  await it.connect.call('DeleteConnector', { connectorArn });
  await it.clock.advanceBy(240_000);
  expect(await stateOf(it.connect, String(connectorArn))).toBe('gone');
});

describe('deletion and recreation', () => {
  test('the name stays taken until the deletion is over; then it is another connector under the same name', async () => {
    const it = await fixture();
    const first = await runningConnector(it);
    await it.connect.call('DeleteConnector', { connectorArn: first });
    await it.clock.advanceBy(239_000);
    await expect(it.connect.call('CreateConnector', it.request)).rejects.toMatchObject({
      code: 'ConflictException',
      status: 409,
    });
    await it.clock.advanceBy(1000);
    const { connectorArn: second } = await it.connect.call('CreateConnector', it.request);
    expect(String(second).split('/')[1]).toBe('orders-cdc');
    expect(second).not.toBe(first);
    await expect(it.connect.call('DescribeConnector', { connectorArn: first })).rejects.toMatchObject({ status: 404 });
    await expect(it.connect.call('ListTagsForResource', { resourceArn: first })).rejects.toMatchObject({ status: 404 });
  });

  test('a deletion for another version than the current one is refused', async () => {
    const it = await fixture();
    const connectorArn = await runningConnector(it);
    await expect(it.connect.call('DeleteConnector', { connectorArn, currentVersion: 'K0' })).rejects.toMatchObject({
      code: 'BadRequestException',
      status: 400,
    });
    expect(await stateOf(it.connect, connectorArn)).toBe('RUNNING');
  });
});

describe('updates', () => {
  test('an update changes the version and the configuration, and the operation tells both', async () => {
    const it = await fixture();
    const connectorArn = await runningConnector(it);
    const before = await it.connect.call('DescribeConnector', { connectorArn });
    const { connectorOperationArn } = await it.connect.call('UpdateConnector', {
      connectorArn,
      currentVersion: before['currentVersion'],
      connectorConfiguration: { 'connector.class': 'Another' },
    });
    await it.clock.advanceBy(300_000);
    const after = await it.connect.call('DescribeConnector', { connectorArn });

    expect(after['currentVersion']).not.toBe(before['currentVersion']);
    expect(after['connectorConfiguration']).toEqual({ 'connector.class': 'Another' });
    expect(await it.connect.call('DescribeConnectorOperation', { connectorOperationArn })).toMatchObject({
      connectorOperationType: 'UPDATE_CONNECTOR_CONFIGURATION',
      connectorOperationState: 'UPDATE_COMPLETE',
      originConnectorConfiguration: { 'connector.class': 'io.debezium.connector.mysql.MySqlConnector' },
      targetConnectorConfiguration: { 'connector.class': 'Another' },
      operationSteps: [
        { stepType: 'INITIALIZE_UPDATE', stepState: 'COMPLETED' },
        { stepType: 'UPDATE_CONNECTOR_CONFIGURATION', stepState: 'COMPLETED' },
        { stepType: 'VALIDATE_UPDATE', stepState: 'COMPLETED' },
        { stepType: 'FINALIZE_UPDATE', stepState: 'COMPLETED' },
      ],
    });
  });

  test('an update that fails is rolled back, and the connector is RUNNING as if nothing had been', async () => {
    let fails = true;
    const it = await fixture({
      dataPlane: {
        start: async (connector) => ({
          ...(await idlePlane.start(connector)),
          update: async () => {
            if (fails) {
              fails = false;
              throw new DataPlaneError('InvalidInput', 'no such table');
            }
          },
        }),
      },
    });
    const connectorArn = await runningConnector(it);
    const before = await it.connect.call('DescribeConnector', { connectorArn });
    const { connectorOperationArn } = await it.connect.call('UpdateConnector', {
      connectorArn,
      currentVersion: before['currentVersion'],
      connectorConfiguration: { 'connector.class': 'Another' },
    });
    await it.clock.advanceBy(300_000);

    const after = await it.connect.call('DescribeConnector', { connectorArn });
    expect(after['connectorState']).toBe('RUNNING');
    expect(after['connectorConfiguration']).toEqual(before['connectorConfiguration']);
    expect(await it.connect.call('DescribeConnectorOperation', { connectorOperationArn })).toMatchObject({
      connectorOperationState: 'ROLLBACK_COMPLETE',
      errorInfo: { code: 'InvalidInput', message: 'no such table' },
    });
  });
});

test('an operation of AWS itself blocks every other one', async () => {
  const it = await fixture();
  const connectorArn = await runningConnector(it);
  const end = it.connect.beginOwnOperation('orders-cdc', 'ISOLATE_CONNECTOR');
  expect(await stateOf(it.connect, connectorArn)).toBe('RUNNING');
  await expect(it.connect.call('RestartConnector', { connectorArn })).rejects.toMatchObject({ status: 400 });
  await expect(it.connect.call('DeleteConnector', { connectorArn })).rejects.toMatchObject({ status: 400 });
  end();
  await it.connect.call('RestartConnector', { connectorArn });
  const { connectorOperations } = await it.connect.call('ListConnectorOperations', { connectorArn });
  expect(connectorOperations).toMatchObject([
    { connectorOperationType: 'RESTART_CONNECTOR', connectorOperationState: 'RESTART_IN_PROGRESS' },
    { connectorOperationType: 'ISOLATE_CONNECTOR', endTime: expect.any(Date) },
  ]);
});

describe('the three topics of a connector', () => {
  async function startedWith(workerProperties: string): Promise<StartedConnector | undefined> {
    let started: StartedConnector | undefined;
    const it = await fixture({
      workerProperties,
      dataPlane: {
        start: (connector) => {
          started = connector;
          return idlePlane.start(connector);
        },
      },
    });
    await runningConnector(it);
    return started;
  }

  test('are its own, by name and id, unless the worker configuration says otherwise', async () => {
    const started = await startedWith('a=b');
    const id = started?.arn.split('/')[2];
    expect(started?.workerProperties).toEqual({
      a: 'b',
      'config.storage.topic': `__amazon_msk_connect_configs_orders-cdc_${id}`,
      'offset.storage.topic': `__amazon_msk_connect_offsets_orders-cdc_${id}`,
      'status.storage.topic': `__amazon_msk_connect_status_orders-cdc_${id}`,
    });
  });

  test('an offsets topic that the worker configuration pins stays', async () => {
    const started = await startedWith('offset.storage.topic = shop-offsets\n');
    expect(started?.workerProperties['offset.storage.topic']).toBe('shop-offsets');
    expect(started?.logGroup).toBe('/msk-connect/shop');
    expect(started?.plugins).toEqual(['debezium-mysql']);
  });
});
