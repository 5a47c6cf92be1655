import type { DescribeConnectorResponse } from '@aws-sdk/client-kafkaconnect';
import { describe, expect, it } from 'vitest';
import { describeToCreate } from '../../lambda/describeToCreate.ts';
import { checkCreateRequest } from '../../recovery/createRequest.ts';

const plugin = 'arn:aws:kafkaconnect:ap-northeast-2:111122223333:custom-plugin/debezium/6f1d2c3b-1';
const worker = 'arn:aws:kafkaconnect:ap-northeast-2:111122223333:worker-configuration/shop/6f1d2c3b-2';

const described: DescribeConnectorResponse = {
  connectorArn: 'arn:aws:kafkaconnect:ap-northeast-2:111122223333:connector/orders-cdc/6f1d2c3b-2',
  connectorName: 'orders-cdc',
  connectorDescription: 'Orders',
  connectorState: 'RUNNING',
  creationTime: new Date('2026-11-01T00:00:00Z'),
  currentVersion: 'K3P5ROKL5A1OLE',
  kafkaConnectVersion: '3.7.x',
  capacity: { provisionedCapacity: { mcuCount: 1, workerCount: 2 } },
  connectorConfiguration: { 'connector.class': 'io.debezium.connector.mysql.MySqlConnector', 'tasks.max': '1' },
  kafkaCluster: {
    apacheKafkaCluster: { bootstrapServers: 'b-1:9098', vpc: { subnets: ['subnet-1'], securityGroups: ['sg-1'] } },
  },
  kafkaClusterClientAuthentication: { authenticationType: 'IAM' },
  kafkaClusterEncryptionInTransit: { encryptionType: 'TLS' },
  networkType: 'IPV4',
  plugins: [{ customPlugin: { customPluginArn: plugin, revision: 3 } }],
  serviceExecutionRoleArn: 'arn:aws:iam::111122223333:role/connect-execution',
  stateDescription: { code: 'x', message: 'y' },
  workerConfiguration: { workerConfigurationArn: worker, revision: 4 },
  logDelivery: { workerLogDelivery: { cloudWatchLogs: { enabled: true, logGroup: '/msk-connect/shop' } } },
};

describe('what CreateConnector takes, out of what DescribeConnector gives', () => {
  const request = describeToCreate(described, { team: 'shop', 'aws:cloudformation:stack-name': 'x' });

  it.each([
    ['connectorName', 'orders-cdc'],
    ['connectorDescription', 'Orders'],
    ['kafkaConnectVersion', '3.7.x'],
    ['capacity', { provisionedCapacity: { mcuCount: 1, workerCount: 2 } }],
    ['connectorConfiguration', { 'connector.class': 'io.debezium.connector.mysql.MySqlConnector', 'tasks.max': '1' }],
    [
      'kafkaCluster',
      {
        apacheKafkaCluster: { bootstrapServers: 'b-1:9098', vpc: { subnets: ['subnet-1'], securityGroups: ['sg-1'] } },
      },
    ],
    ['kafkaClusterClientAuthentication', { authenticationType: 'IAM' }],
    ['kafkaClusterEncryptionInTransit', { encryptionType: 'TLS' }],
    ['networkType', 'IPV4'],
    ['plugins', [{ customPlugin: { customPluginArn: plugin, revision: 3 } }]],
    ['serviceExecutionRoleArn', 'arn:aws:iam::111122223333:role/connect-execution'],
    ['workerConfiguration', { workerConfigurationArn: worker, revision: 4 }],
    ['logDelivery', { workerLogDelivery: { cloudWatchLogs: { enabled: true, logGroup: '/msk-connect/shop' } } }],
    ['tags', { team: 'shop' }],
    ['connectorArn', undefined],
    ['connectorState', undefined],
    ['creationTime', undefined],
    ['currentVersion', undefined],
    ['stateDescription', undefined],
  ])('%s', (field, value) => {
    expect(request[field]).toEqual(value);
  });

  it('is a create request that the engine accepts', () => {
    expect(checkCreateRequest(request, 'orders-cdc')).toMatchObject({ kind: 'valid' });
  });

  it.each<[string, DescribeConnectorResponse, string, unknown]>([
    ['an empty description', { connectorDescription: '' }, 'connectorDescription', undefined],
    ['a default worker configuration', { workerConfiguration: {} }, 'workerConfiguration', undefined],
    ['no tags but those of AWS', {}, 'tags', undefined],
    ['empty log delivery', { logDelivery: {} }, 'logDelivery', undefined],
    [
      'log delivery that is switched off',
      {
        logDelivery: {
          workerLogDelivery: { cloudWatchLogs: { enabled: false, logGroup: '' }, s3: { enabled: false } },
        },
      },
      'logDelivery',
      undefined,
    ],
    [
      'log delivery to S3 and Firehose',
      {
        logDelivery: {
          workerLogDelivery: {
            cloudWatchLogs: { enabled: false },
            firehose: { enabled: true, deliveryStream: 'stream' },
            s3: { enabled: true, bucket: 'logs', prefix: '' },
          },
        },
      },
      'logDelivery',
      {
        workerLogDelivery: {
          firehose: { enabled: true, deliveryStream: 'stream' },
          s3: { enabled: true, bucket: 'logs' },
        },
      },
    ],
    [
      'auto scaling',
      {
        capacity: {
          autoScaling: {
            minWorkerCount: 1,
            maxWorkerCount: 4,
            mcuCount: 2,
            scaleInPolicy: { cpuUtilizationPercentage: 20 },
            scaleOutPolicy: { cpuUtilizationPercentage: 80 },
            maxAutoscalingTaskCount: 0,
          },
        },
      },
      'capacity',
      {
        autoScaling: {
          minWorkerCount: 1,
          maxWorkerCount: 4,
          mcuCount: 2,
          scaleInPolicy: { cpuUtilizationPercentage: 20 },
          scaleOutPolicy: { cpuUtilizationPercentage: 80 },
        },
      },
    ],
  ])('%s', (_title, change, field, value) => {
    expect(describeToCreate({ ...described, ...change }, { 'aws:x': 'y' })[field]).toEqual(value);
  });
});
