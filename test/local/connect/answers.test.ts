import { describe, expect, test } from 'vitest';
import { faultsFrom } from '../../../local/connect/faults.ts';
import { fixture, runningConnector, stateOf, type Fields, type Fixture } from './fixture.ts';

describe('a create request that is refused names the field', () => {
  const cases: readonly { readonly title: string; readonly change: Fields; readonly field: string }[] = [
    { title: 'no capacity', change: { capacity: undefined }, field: 'capacity' },
    { title: 'neither capacity', change: { capacity: {} }, field: 'capacity' },
    {
      title: 'both capacities',
      change: {
        capacity: {
          provisionedCapacity: { mcuCount: 1, workerCount: 1 },
          autoScaling: { mcuCount: 1, minWorkerCount: 1, maxWorkerCount: 2 },
        },
      },
      field: 'capacity',
    },
    {
      title: 'three MCUs',
      change: { capacity: { provisionedCapacity: { mcuCount: 3, workerCount: 1 } } },
      field: 'capacity.provisionedCapacity.mcuCount',
    },
    { title: 'no name', change: { connectorName: undefined }, field: 'connectorName' },
    { title: 'a name of 129 characters', change: { connectorName: 'a'.repeat(129) }, field: 'connectorName' },
    { title: 'an unknown version', change: { kafkaConnectVersion: '3.6.0' }, field: 'kafkaConnectVersion' },
    { title: 'an empty configuration', change: { connectorConfiguration: {} }, field: 'connectorConfiguration' },
    {
      title: 'a number in the configuration',
      change: { connectorConfiguration: { 'tasks.max': 1 } },
      field: 'connectorConfiguration.tasks.max',
    },
    {
      title: 'an unknown authentication',
      change: { kafkaClusterClientAuthentication: { authenticationType: 'SCRAM' } },
      field: 'kafkaClusterClientAuthentication.authenticationType',
    },
    {
      title: 'an unknown encryption',
      change: { kafkaClusterEncryptionInTransit: { encryptionType: 'SSL' } },
      field: 'kafkaClusterEncryptionInTransit.encryptionType',
    },
    { title: 'no plugin', change: { plugins: [] }, field: 'plugins' },
    {
      title: 'a plugin that does not exist',
      change: { plugins: [{ customPlugin: { customPluginArn: 'arn:gone', revision: 1 } }] },
      field: 'plugins.0.customPlugin.customPluginArn',
    },
    {
      title: 'a worker configuration that does not exist',
      change: { workerConfiguration: { workerConfigurationArn: 'arn:gone', revision: 1 } },
      field: 'workerConfiguration.workerConfigurationArn',
    },
    { title: 'a role that is none', change: { serviceExecutionRoleArn: 'connect' }, field: 'serviceExecutionRoleArn' },
    {
      title: 'logs without a group',
      change: { logDelivery: { workerLogDelivery: { cloudWatchLogs: { enabled: true } } } },
      field: 'logDelivery.workerLogDelivery.cloudWatchLogs',
    },
    { title: "CloudFormation's tags", change: { tags: { 'aws:cloudformation:stack-name': 'shop' } }, field: 'tags' },
  ];

  test.for(cases)('$title', async ({ change, field }) => {
    const it = await fixture();
    await expect(it.connect.call('CreateConnector', { ...it.request, ...change })).rejects.toMatchObject({
      code: 'BadRequestException',
      status: 400,
      message: expect.stringContaining(`parameter ${field}:`),
    });
    expect(await it.connect.call('ListConnectors', {})).toEqual({ connectors: [] });
  });

  test('a worker configuration revision that does not exist', async () => {
    const it = await fixture();
    const workerConfiguration = { workerConfigurationArn: it.workerConfigurationArn, revision: 2 };
    await expect(it.connect.call('CreateConnector', { ...it.request, workerConfiguration })).rejects.toMatchObject({
      message: expect.stringContaining('workerConfiguration.revision'),
    });
  });
});

test('fields that MSK Connect does not know are ignored', async () => {
  const it = await fixture();
  const connectorArn = await runningConnector(it, { connectorArn: 'x', currentVersion: 'y', stateDescription: {} });
  expect(await stateOf(it.connect, connectorArn)).toBe('RUNNING');
});

test("what is described has Describe's shape: everything that was asked for but the tags", async () => {
  const it = await fixture();
  const connectorArn = await runningConnector(it, {
    tags: { team: 'shop' },
    capacity: { autoScaling: { mcuCount: 1, minWorkerCount: 1, maxWorkerCount: 2 } },
  });
  const described = await it.connect.call('DescribeConnector', { connectorArn });

  expect(described).toEqual({
    capacity: {
      autoScaling: {
        mcuCount: 1,
        minWorkerCount: 1,
        maxWorkerCount: 2,
        scaleInPolicy: { cpuUtilizationPercentage: 20 },
        scaleOutPolicy: { cpuUtilizationPercentage: 80 },
      },
    },
    connectorArn,
    connectorConfiguration: { 'connector.class': 'io.debezium.connector.mysql.MySqlConnector' },
    connectorName: 'orders-cdc',
    connectorState: 'RUNNING',
    creationTime: new Date('2026-01-05T08:00:00Z'),
    currentVersion: expect.stringMatching(/^K[0-9A-F]{13}$/),
    kafkaCluster: it.request['kafkaCluster'],
    kafkaClusterClientAuthentication: { authenticationType: 'IAM' },
    kafkaClusterEncryptionInTransit: { encryptionType: 'TLS' },
    kafkaConnectVersion: '3.7.x',
    logDelivery: {
      workerLogDelivery: {
        cloudWatchLogs: { enabled: true, logGroup: '/msk-connect/shop' },
        firehose: { enabled: false },
        s3: { enabled: false },
      },
    },
    networkType: 'IPV4',
    plugins: it.request['plugins'],
    serviceExecutionRoleArn: 'arn:aws:iam::111122223333:role/connect-execution',
    workerConfiguration: { workerConfigurationArn: it.workerConfigurationArn, revision: 1 },
  });
  expect(await it.connect.call('ListTagsForResource', { resourceArn: connectorArn })).toEqual({
    tags: { team: 'shop' },
  });
});

describe('what does not exist is not found', () => {
  test.for([
    ['DescribeConnector', { connectorArn: 'arn:gone' }],
    ['DeleteConnector', { connectorArn: 'arn:gone' }],
    ['RestartConnector', { connectorArn: 'arn:gone' }],
    ['PauseConnector', { connectorArn: 'arn:gone' }],
    ['ResumeConnector', { connectorArn: 'arn:gone' }],
    ['ListConnectorOperations', { connectorArn: 'arn:gone' }],
    ['DescribeConnectorOperation', { connectorOperationArn: 'arn:gone' }],
    ['DescribeWorkerConfiguration', { workerConfigurationArn: 'arn:gone' }],
    ['DescribeCustomPlugin', { customPluginArn: 'arn:gone' }],
    ['ListTagsForResource', { resourceArn: 'arn:gone' }],
    ['TagResource', { resourceArn: 'arn:gone', tags: { a: 'b' } }],
    ['UntagResource', { resourceArn: 'arn:gone', tagKeys: ['a'] }],
    ['MakeCoffee', {}],
  ] as const)('%s', async ([operation, input]) => {
    const it = await fixture();
    await expect(it.connect.call(operation, input)).rejects.toMatchObject({ code: 'NotFoundException', status: 404 });
  });
});

describe('what a busy connector refuses', () => {
  async function restarting(): Promise<Fixture & { readonly connectorArn: string }> {
    const it = await fixture();
    const connectorArn = await runningConnector(it);
    await it.connect.call('RestartConnector', { connectorArn });
    return { ...it, connectorArn };
  }

  test.for([
    ['RestartConnector', 'BadRequestException', 400],
    ['DeleteConnector', 'BadRequestException', 400],
    ['PauseConnector', 'ConflictException', 409],
    ['ResumeConnector', 'ConflictException', 409],
  ] as const)('%s answers %s', async ([operation, code, status]) => {
    const it = await restarting();
    await expect(it.connect.call(operation, { connectorArn: it.connectorArn })).rejects.toMatchObject({ code, status });
  });

  test('UpdateConnector answers BadRequestException', async () => {
    const it = await restarting();
    const { currentVersion } = await it.connect.call('DescribeConnector', { connectorArn: it.connectorArn });
    const input = { connectorArn: it.connectorArn, currentVersion, connectorConfiguration: { a: 'b' } };
    await expect(it.connect.call('UpdateConnector', input)).rejects.toMatchObject({ status: 400 });
  });
});

test('on 2.7.1, a restart of the failed tasks alone is refused', async () => {
  const it = await fixture({ version: '2.7.1' });
  const connectorArn = await runningConnector(it);
  await expect(it.connect.call('RestartConnector', { connectorArn, onlyFailedTasks: true })).rejects.toMatchObject({
    code: 'BadRequestException',
    status: 400,
    message: expect.stringContaining('onlyFailedTasks'),
  });
  expect(await stateOf(it.connect, connectorArn)).toBe('RUNNING');
});

describe('listings', () => {
  test('go by prefix, which longer names have as well, and by pages', async () => {
    const it = await fixture();
    await runningConnector(it, { connectorName: 'orders' });
    await runningConnector(it, { connectorName: 'orders-cdc' });
    await runningConnector(it, { connectorName: 'payments' });
    const first = await it.connect.call('ListConnectors', { connectorNamePrefix: 'orders', maxResults: 1 });
    expect(first['connectors']).toMatchObject([{ connectorName: 'orders' }]);
    const second = await it.connect.call('ListConnectors', {
      connectorNamePrefix: 'orders',
      maxResults: 1,
      nextToken: first['nextToken'],
    });
    expect(second['connectors']).toMatchObject([{ connectorName: 'orders-cdc' }]);
    expect(second).not.toHaveProperty('nextToken');
    expect(first['connectors']).not.toMatchObject([{ connectorConfiguration: expect.anything() }]);
  });

  test('a token that nobody gave out is refused', async () => {
    const it = await fixture();
    await expect(it.connect.call('ListConnectors', { nextToken: 'abc' })).rejects.toMatchObject({ status: 400 });
  });
});

describe('worker configurations and tags', () => {
  test('the text comes back as it went in', async () => {
    const it = await fixture({ workerProperties: 'offset.storage.topic=shop\n' });
    const { workerConfigurationArn } = it;
    const described = await it.connect.call('DescribeWorkerConfiguration', { workerConfigurationArn });
    expect(described['latestRevision']).toMatchObject({
      revision: 1,
      propertiesFileContent: 'b2Zmc2V0LnN0b3JhZ2UudG9waWM9c2hvcAo=',
    });
    const { workerConfigurations } = await it.connect.call('ListWorkerConfigurations', { namePrefix: 'sh' });
    expect(workerConfigurations).toMatchObject([{ name: 'shop', workerConfigurationArn }]);
  });

  test('text that is not base64 is refused', async () => {
    const it = await fixture();
    const input = { name: 'plain', propertiesFileContent: 'offset.storage.topic=shop' };
    await expect(it.connect.call('CreateWorkerConfiguration', input)).rejects.toMatchObject({ status: 400 });
  });

  test('tags are set and taken away', async () => {
    const it = await fixture();
    const resourceArn = await runningConnector(it, { tags: { team: 'shop' } });
    await it.connect.call('TagResource', { resourceArn, tags: { stage: 'prod', owner: 'me' } });
    await it.connect.call('UntagResource', { resourceArn, tagKeys: ['team', 'owner'] });
    expect(await it.connect.call('ListTagsForResource', { resourceArn })).toEqual({ tags: { stage: 'prod' } });
  });
});

describe('faults of a scenario', () => {
  test('CreateConnector is refused for ten minutes after the deletion', async () => {
    const it = await fixture({
      faults: faultsFrom([
        {
          operation: 'CreateConnector',
          after: { operation: 'DeleteConnector', forSeconds: 600 },
          answer: 'ForbiddenException',
        },
      ]),
    });
    const connectorArn = await runningConnector(it);
    await it.connect.call('DeleteConnector', { connectorArn });
    await it.clock.advanceBy(600_000);
    await expect(it.connect.call('CreateConnector', it.request)).rejects.toMatchObject({ status: 403 });
    await it.clock.advanceBy(1);
    await expect(it.connect.call('CreateConnector', it.request)).resolves.toMatchObject({ connectorState: 'CREATING' });
  });

  test('the second and third call of an operation are throttled', async () => {
    const it = await fixture({
      faults: faultsFrom([
        { operation: 'ListConnectors', nth: { from: 2, to: 3 }, answer: 'TooManyRequestsException' },
      ]),
    });
    await it.connect.call('ListConnectors', {});
    await expect(it.connect.call('ListConnectors', {})).rejects.toMatchObject({ status: 429 });
    await expect(it.connect.call('ListConnectors', {})).rejects.toMatchObject({ status: 429 });
    await it.connect.call('ListConnectors', {});
  });

  test('a lost answer: the connector is created, and the caller does not know', async () => {
    const it = await fixture({ faults: faultsFrom([{ operation: 'CreateConnector', answer: 'lost' }]) });
    await expect(it.connect.call('CreateConnector', it.request)).rejects.toMatchObject({ status: 500 });
    const { connectors } = await it.connect.call('ListConnectors', {});
    expect(connectors).toMatchObject([{ connectorName: 'orders-cdc' }]);
    expect(it.observed.find(({ operation }) => operation === 'CreateConnector')?.answer).toMatchObject({
      connectorState: 'CREATING',
    });
  });

  test('the observer hears of calls that went well and of those that did not', async () => {
    const it = await fixture();
    await it.connect.call('DescribeConnector', { connectorArn: 'arn:gone' }).catch(() => undefined);
    await it.connect.call('ListConnectors', {});
    expect(it.observed.slice(-2)).toMatchObject([
      { operation: 'DescribeConnector', nth: 1, error: { code: 'NotFoundException' } },
      { operation: 'ListConnectors', nth: 1, answer: { connectors: [] } },
    ]);
  });
});
