import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { afterEach, describe, expect, it } from 'vitest';
import { captureConnectors } from '../../cli/captureConnectors.ts';
import { fillEntry } from '../../cli/connectorsText.ts';
import { captureEntry } from '../../lambda/captureEntry.ts';
import { kindOf } from '../../settings/connectorKind.ts';
import { bucketObjects } from '../../store/objects.ts';
import type { LiveConnector } from '../../recovery/connector.ts';
import { readSettings } from '../../settings/read.ts';
import { scripted, startServices, type TestServices } from '../lambda/services.ts';

const arn = 'arn:aws:kafkaconnect:ap-northeast-2:111122223333:connector/orders-cdc/6f1d2c3b-2';

const described = {
  connectorArn: arn,
  connectorName: 'orders-cdc',
  connectorState: 'RUNNING',
  currentVersion: 'K1',
  creationTime: new Date('2026-11-01T00:00:00Z'),
  kafkaConnectVersion: '3.7.x',
  capacity: { provisionedCapacity: { mcuCount: 1, workerCount: 1 } },
  connectorConfiguration: {
    'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
    'topic.prefix': 'shop',
    'heartbeat.interval.ms': '10000',
    'database.password': 'geheim',
  },
  kafkaCluster: {
    apacheKafkaCluster: { bootstrapServers: 'b-1:9098', vpc: { subnets: ['subnet-1'], securityGroups: ['sg-1'] } },
  },
  kafkaClusterClientAuthentication: { authenticationType: 'IAM' },
  kafkaClusterEncryptionInTransit: { encryptionType: 'TLS' },
  plugins: [
    {
      customPlugin: {
        customPluginArn: 'arn:aws:kafkaconnect:ap-northeast-2:111122223333:custom-plugin/d/1',
        revision: 1,
      },
    },
  ],
  serviceExecutionRoleArn: 'arn:aws:iam::111122223333:role/connect-execution',
  logDelivery: { workerLogDelivery: { cloudWatchLogs: { enabled: true, logGroup: '/msk-connect/shop' } } },
};

let services: TestServices | undefined;
afterEach(async () => {
  await services?.close();
  services = undefined;
});

async function start(connectorState = 'RUNNING') {
  services = await startServices([
    scripted('kafkaconnect', {
      ListConnectors: () => ({ connectors: [{ connectorName: 'orders-cdc', connectorArn: arn }] }),
      DescribeConnector: () => ({ ...described, connectorState }),
      ListConnectorOperations: () => ({ connectorOperations: [] }),
      ListTagsForResource: () => ({ tags: {} }),
    }),
  ]);
  for (const name of ['MilliSecondsSinceLastEvent', 'MilliSecondsBehindSource', 'NumberOfCommittedTransactions']) {
    await services.clients.cloudWatch.send(
      new PutMetricDataCommand({
        Namespace: 'MSK_Connect',
        MetricData: [
          {
            MetricName: name,
            Value: 1,
            Dimensions: [
              { Name: 'DBServerName', Value: 'shop' },
              { Name: 'type', Value: 'streaming' },
            ],
          },
        ],
      }),
    );
  }
  return { clients: services.clients, objects: bucketObjects(services.clients.s3, 'shop') };
}

const asked = { names: ['orders-cdc'], all: false, overwrite: false };

describe('npm run capture', () => {
  it('fills an entry that a deployment takes, without a file and without a bucket', async () => {
    const { clients } = await start();
    const { text, lines, complete } = await captureConnectors(asked, clients);
    expect(JSON.parse(text ?? '')).toEqual({
      $schema: './connectors.schema.json',
      connectors: [
        {
          name: 'orders-cdc',
          kind: 'mysql',
          connectVersion: '3.7.x',
          executionRoleArn: 'arn:aws:iam::111122223333:role/connect-execution',
          logGroup: '/msk-connect/shop',
          heartbeatSeconds: 10,
          metrics: {
            debezium: { serverName: 'shop', publishes: ['MilliSecondsSinceLastEvent', 'MilliSecondsBehindSource'] },
          },
        },
      ],
    });
    const written = (text ?? '').replace('{', '{ "notify": { "emails": ["oncall@example.com"] },');
    expect(readSettings(written, 'connectors.json').connectors[0]?.signals.map(({ signal }) => signal)).toContain(
      'event-clock',
    );
    expect(lines).toEqual([
      'orders-cdc: RUNNING, Kafka Connect 3.7.x, mysql',
      '  connectors.json: filled name, kind, connectVersion, executionRoleArn, logGroup, heartbeatSeconds, metrics',
      '  database.password is in plain text, and would be in the saved config; a config provider keeps it out',
      '  saved config: no bucket yet; after the deployment the function saves it on its first sweep, or name one with --bucket',
    ]);
    expect(lines.join('\n')).not.toContain('geheim');
    expect(complete).toBe(true);
  });

  it('stores the create request, says when it is there already, and replaces another one only when told', async () => {
    const { clients, objects } = await start();
    const key = 'connectors/orders-cdc.json';
    const run = async (overwrite: boolean) => {
      const { lines, complete } = await captureConnectors({ ...asked, bucket: 'shop', overwrite }, clients);
      return [lines.at(-1), complete];
    };
    expect(await run(false)).toEqual([`  saved config: stored s3://shop/${key}`, true]);
    expect(await run(false)).toEqual([`  saved config: s3://shop/${key} says the same already`, true]);
    await objects.write(key, '{"mine":true}');
    expect(await run(false)).toEqual([
      `  saved config: s3://shop/${key} differs from the live connector; left as it is (--overwrite replaces it)`,
      false,
    ]);
    expect(await objects.read(key)).toMatchObject({ text: '{"mine":true}' });
    expect(await run(true)).toEqual([`  saved config: replaced s3://shop/${key}`, true]);
  });

  it('stores nothing of a connector that does not run, unless told', async () => {
    const { clients, objects } = await start('FAILED');
    const run = (overwrite: boolean) => captureConnectors({ ...asked, bucket: 'shop', overwrite }, clients);
    const { lines, complete } = await run(false);
    expect([lines.at(-1), complete]).toEqual([
      '  saved config: not stored, for it is FAILED (--overwrite stores it all the same)',
      false,
    ]);
    expect(await objects.read('connectors/orders-cdc.json')).toEqual({ kind: 'missing' });
    expect((await run(true)).lines.at(-1)).toBe('  saved config: stored s3://shop/connectors/orders-cdc.json');
  });

  it('says which connector does not exist, and changes nothing', async () => {
    const { clients } = await start();
    expect(await captureConnectors({ ...asked, names: ['orders'], text: '{"connectors":[]}' }, clients)).toEqual({
      text: '{"connectors":[]}',
      lines: ['orders: no such connector in this account and Region; nothing was changed.'],
      complete: false,
    });
  });
});

describe('connectors.json', () => {
  it('keeps what its owner wrote, in its order and, up to the line that grows, its spaces, and says what differs', () => {
    const text = `{
  "defaults": { "executionRoleArn": "arn:aws:iam::111122223333:role/connect-execution" },
  "connectors": [
    { "name": "first", "kind": "sink" },
    {
      "remedies": ["recreate"],
      "name": "orders-cdc",   "logGroup": "/mine"
    }
  ]
}
`;
    const filled = fillEntry(text, {
      name: 'orders-cdc',
      kind: 'mysql',
      executionRoleArn: 'arn:aws:iam::111122223333:role/connect-execution',
      logGroup: '/msk-connect/shop',
      metrics: { debezium: { serverName: 'shop' } },
    });
    expect(filled.filled).toEqual(['kind', 'metrics.debezium.serverName']);
    expect(filled.differs).toEqual(['logGroup']);
    expect(filled.text.startsWith(text.slice(0, text.indexOf(',   "logGroup"')))).toBe(true);
    expect(JSON.parse(filled.text)).toMatchObject({
      connectors: [
        { name: 'first' },
        { remedies: ['recreate'], logGroup: '/mine', kind: 'mysql', metrics: { debezium: { serverName: 'shop' } } },
      ],
    });
  });

  it('that is not JSON is left alone', () => {
    expect(() => fillEntry('{', { name: 'a' })).toThrow('connectors.json is not JSON (at character 1).');
  });
});

function running(connectorConfiguration: Record<string, string>): LiveConnector {
  return {
    name: 'orders-cdc',
    arn,
    version: 'K1',
    state: 'RUNNING',
    createdAt: '2026-11-01T00:00:00.000Z',
    operations: [],
    request: { connectorName: 'orders-cdc', kafkaConnectVersion: '3.7.x', connectorConfiguration },
  };
}

describe('what runs behind a connector', () => {
  it.each([
    [{ 'connector.class': 'io.debezium.connector.mysql.MySqlConnector' }, 'mysql'],
    [{ 'connector.class': 'io.debezium.connector.mysql.MySqlConnector', 'connector.adapter': 'mariadb' }, 'mariadb'],
    [{ 'connector.class': 'io.debezium.connector.mariadb.MariaDbConnector' }, 'mariadb'],
    [{ 'connector.class': 'io.debezium.connector.postgresql.PostgresConnector' }, 'postgresql'],
    [{ 'connector.class': 'io.debezium.connector.sqlserver.SqlServerConnector' }, 'other-source'],
    [{ 'connector.class': 'io.confluent.connect.s3.S3SinkConnector', topics: 'a' }, 'sink'],
    [{ 'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector', topics: 'a' }, 'sink'],
    [{ 'connector.class': 'org.apache.kafka.connect.mirror.MirrorSourceConnector', topics: 'a' }, 'other-source'],
    [{ 'connector.class': 'com.example.Search', 'topics.regex': 'a.*' }, 'sink'],
  ])('%j: %s', (configuration, kind) => {
    expect(kindOf(configuration)).toBe(kind);
  });

  it.each([
    [{}, undefined],
    [{ 'connect.keep.alive.interval.ms': '60000' }, undefined],
    [{ 'connect.keep.alive.interval.ms': '10000' }, 8],
    [{ 'connect.keep.alive.interval.ms': '7000', 'connect.keep.alive': 'false' }, 6],
    [{ 'connect.keep.alive.interval.ms': '300000' }, 240],
  ])('with %j its database is heard every %s s, where that is not the usual', (changes, beatSeconds) => {
    const { entry } = captureEntry(running({ ...described.connectorConfiguration, ...changes }), {
      debezium: ['MilliSecondsSinceLastEvent'],
    });
    expect(entry.metrics?.debezium?.beatSeconds).toBe(beatSeconds);
  });

  it.each([
    ['10000', 10],
    ['1500', 2],
    ['0', undefined],
    [undefined, undefined],
  ])('with heartbeat.interval.ms of %s it makes a record of its own every %s s', (interval, heartbeatSeconds) => {
    const { 'heartbeat.interval.ms': _, ...rest } = described.connectorConfiguration;
    const { entry } = captureEntry(
      running({ ...rest, ...(interval === undefined ? {} : { 'heartbeat.interval.ms': interval }) }),
      { debezium: [] },
    );
    expect(entry.heartbeatSeconds).toBe(heartbeatSeconds);
  });

  it('is missing what nobody publishes', () => {
    const live: LiveConnector = {
      name: 'search',
      arn,
      version: 'K1',
      state: 'RUNNING',
      createdAt: '2026-11-01T00:00:00.000Z',
      operations: [],
      request: {
        connectorName: 'search',
        kafkaConnectVersion: '4.0',
        connectorConfiguration: { 'connector.class': 'com.example.Search', topics: 'a' },
      },
    };
    expect(captureEntry(live, { debezium: [] })).toEqual({
      entry: { name: 'search', kind: 'sink' },
      missing: [
        'connectVersion: it runs 4.0; known are 2.7.1 and 3.7.x',
        'logGroup: it delivers no worker log to CloudWatch Logs, so no commits can be seen',
        'metrics.lag: AWS/Kafka shows no lag of its consumer group, so nobody can tell an idle sink from a dead one',
      ],
    });
  });
});
