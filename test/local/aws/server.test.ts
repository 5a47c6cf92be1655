import {
  CreateConnectorCommand,
  DescribeConnectorCommand,
  KafkaConnectClient,
  ListConnectorsCommand,
  NotFoundException,
  RestartConnectorCommand,
} from '@aws-sdk/client-kafkaconnect';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { EventBridgeClient, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/aws/awsError.ts';
import type { AnsweredCall } from '../../../local/aws/calls.ts';
import { type ServerOptions, startServer } from '../../../local/aws/server.ts';
import type { LocalService } from '../../../local/aws/service.ts';

const arn =
  'arn:aws:kafkaconnect:eu-central-1:123456789012:connector/orders-cdc/11111111-2222-3333-4444-555555555555-2';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

type Answer = (operation: string, input: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

async function serve(name: LocalService['name'], answer: Answer, options: ServerOptions = {}) {
  const service: LocalService = { name, call: async (operation, input) => answer(operation, input) };
  const server = await startServer([service], options);
  closing.push(() => server.close());
  return {
    endpoint: server.endpoint,
    region: 'eu-central-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
}

function kafkaConnect(config: ConstructorParameters<typeof KafkaConnectClient>[0]) {
  const client = new KafkaConnectClient(config ?? {});
  closing.push(() => client.destroy());
  return client;
}

describe('MSK Connect over HTTP', () => {
  it('takes an ARN out of the path and gives dates back as dates', async () => {
    const asked: unknown[] = [];
    const config = await serve('kafkaconnect', (operation, input) => {
      asked.push(operation, input);
      return { connectorArn: arn, connectorState: 'RUNNING', creationTime: new Date('2026-11-21T04:00:00.000Z') };
    });
    const answer = await kafkaConnect(config).send(new DescribeConnectorCommand({ connectorArn: arn }));
    expect(asked).toEqual(['DescribeConnector', { connectorArn: arn }]);
    expect(answer.connectorArn).toBe(arn);
    expect(answer.creationTime).toEqual(new Date('2026-11-21T04:00:00.000Z'));
  });

  it('takes fields from query, path and body', async () => {
    const asked: unknown[] = [];
    const config = await serve('kafkaconnect', (operation, input) => {
      asked.push([operation, input]);
      return {};
    });
    const client = kafkaConnect(config);
    await client.send(new ListConnectorsCommand({ connectorNamePrefix: 'orders', maxResults: 7 }));
    await client.send(new RestartConnectorCommand({ connectorArn: arn, onlyFailedTasks: true }));
    await client.send(
      new CreateConnectorCommand({
        connectorName: 'orders-cdc',
        connectorConfiguration: { 'connector.class': 'io.debezium.connector.mysql.MySqlConnector' },
        kafkaConnectVersion: '3.7.x',
        capacity: { provisionedCapacity: { mcuCount: 1, workerCount: 2 } },
        kafkaCluster: { apacheKafkaCluster: { bootstrapServers: 'b-1:9098', vpc: { subnets: ['s-1'] } } },
        kafkaClusterClientAuthentication: { authenticationType: 'IAM' },
        kafkaClusterEncryptionInTransit: { encryptionType: 'TLS' },
        plugins: [{ customPlugin: { customPluginArn: 'arn:plugin', revision: 1 } }],
        serviceExecutionRoleArn: 'arn:aws:iam::123456789012:role/connect',
        tags: { team: 'orders' },
      }),
    );
    expect(asked[0]).toEqual(['ListConnectors', { connectorNamePrefix: 'orders', maxResults: 7 }]);
    expect(asked[1]).toEqual(['RestartConnector', { connectorArn: arn, onlyFailedTasks: true }]);
    expect(asked[2]).toMatchObject([
      'CreateConnector',
      {
        connectorName: 'orders-cdc',
        connectorConfiguration: { 'connector.class': 'io.debezium.connector.mysql.MySqlConnector' },
        capacity: { provisionedCapacity: { mcuCount: 1, workerCount: 2 } },
        plugins: [{ customPlugin: { customPluginArn: 'arn:plugin', revision: 1 } }],
        tags: { team: 'orders' },
      },
    ]);
  });

  it('answers errors as the SDK expects them: class, message, status, request id', async () => {
    const config = await serve('kafkaconnect', () => {
      throw new AwsError('NotFoundException', 404, 'The specified connector does not exist.');
    });
    const failure = await kafkaConnect(config)
      .send(new DescribeConnectorCommand({ connectorArn: arn }))
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NotFoundException);
    expect(failure).toMatchObject({
      name: 'NotFoundException',
      message: 'The specified connector does not exist.',
      $metadata: { httpStatusCode: 404, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });
});

describe('faults and observers', () => {
  it('throttles when told to, without asking the service', async () => {
    let asked = 0;
    const config = await serve(
      'kafkaconnect',
      () => {
        asked += 1;
        return {};
      },
      { fault: () => new AwsError('TooManyRequestsException', 429, 'Too Many Requests') },
    );
    await expect(kafkaConnect(config).send(new ListConnectorsCommand({}))).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      $metadata: { httpStatusCode: 429 },
    });
    expect(asked).toBe(0);
  });

  it('carries a call out and drops its answer', async () => {
    let asked = 0;
    const config = await serve(
      'kafkaconnect',
      () => {
        asked += 1;
        return {};
      },
      { fault: () => 'drop-answer' },
    );
    await expect(kafkaConnect(config).send(new ListConnectorsCommand({}))).rejects.toMatchObject({
      message: 'socket hang up',
    });
    expect(asked).toBe(1);
  });

  it('records every call with its answer and the local time', async () => {
    const calls: AnsweredCall[] = [];
    const config = await serve('kafkaconnect', () => ({ connectors: [] }), {
      clock: { now: () => 1_700_000_000_000 },
      onCall: (call) => calls.push(call),
    });
    await kafkaConnect(config).send(new ListConnectorsCommand({ connectorNamePrefix: 'orders' }));
    expect(calls).toEqual([
      {
        service: 'kafkaconnect',
        operation: 'ListConnectors',
        input: { connectorNamePrefix: 'orders' },
        atMs: 1_700_000_000_000,
        output: { connectors: [] },
      },
    ]);
  });
});

describe('the other services of the stack', () => {
  it('Lambda: payload in, payload out, function error in a header', async () => {
    const config = await serve('lambda', (operation, input) => {
      expect(operation).toBe('Invoke');
      expect(input['FunctionName']).toBe('recovery');
      expect(Buffer.from(input['Payload'] as Uint8Array).toString()).toBe('{"connector":"orders-cdc"}');
      return { StatusCode: 200, FunctionError: 'Unhandled', Payload: Buffer.from('{"errorMessage":"boom"}') };
    });
    const client = new LambdaClient(config);
    closing.push(() => client.destroy());
    const answer = await client.send(
      new InvokeCommand({ FunctionName: 'recovery', Payload: Buffer.from('{"connector":"orders-cdc"}') }),
    );
    expect(answer.StatusCode).toBe(200);
    expect(answer.FunctionError).toBe('Unhandled');
    expect(Buffer.from(answer.Payload ?? []).toString()).toBe('{"errorMessage":"boom"}');
  });

  it('EventBridge and Scheduler', async () => {
    const events = new EventBridgeClient(
      await serve('events', (operation, input) => {
        expect([operation, input['Name']]).toEqual(['PutRule', 'alarms']);
        return { RuleArn: 'arn:rule' };
      }),
    );
    const scheduler = new SchedulerClient(
      await serve('scheduler', (operation, input) => {
        expect([operation, input['Name'], input['StartDate']]).toEqual([
          'CreateSchedule',
          'sweep',
          new Date('2026-11-21T05:00:00.000Z'),
        ]);
        return { ScheduleArn: 'arn:schedule' };
      }),
    );
    closing.push(() => events.destroy());
    closing.push(() => scheduler.destroy());
    expect((await events.send(new PutRuleCommand({ Name: 'alarms', EventPattern: '{}' }))).RuleArn).toBe('arn:rule');
    const schedule = await scheduler.send(
      new CreateScheduleCommand({
        Name: 'sweep',
        ScheduleExpression: 'rate(1 minute)',
        StartDate: new Date('2026-11-21T05:00:00.000Z'),
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: 'arn:function', RoleArn: 'arn:role' },
      }),
    );
    expect(schedule.ScheduleArn).toBe('arn:schedule');
  });
});
