import { describe, expect, test } from 'vitest';
import { SettingsError } from '../../settings/faults.ts';
import { memoryFault } from '../../settings/fargate.ts';
import { checkSelfManaged, readSelfManaged } from '../../settings/selfManagedDeploy.ts';

const usual = {
  notify: { emails: ['oncall@example.com'] },
  operators: ['arn:aws:iam::111122223333:role/oncall'],
  network: {
    vpcId: 'vpc-0123456789abcdef0',
    subnetIds: ['subnet-0123456789abcdef0'],
    kafkaSecurityGroupId: 'sg-0123456789abcdef0',
  },
  kafka: { security: 'tls', bootstrapServers: ['b-1.shop.example.com:9094'] },
};

function faultsOf(changes: object): readonly string[] {
  try {
    checkSelfManaged({ ...usual, ...changes }, 'self-managed.json');
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.faults;
  }
}

test('what is not said is filled in', () => {
  expect(checkSelfManaged(usual, 'self-managed.json')).toMatchObject({
    stackName: 'self-managed-connect',
    connect: {
      image: { kind: 'debezium', version: '3.0.8.Final' },
      architecture: 'arm64',
      cpu: 1024,
      memoryMiB: 4096,
      heapMiB: 2432,
      workers: 1,
      groupId: 'self-managed-connect',
      topicReplication: 3,
      flushSeconds: 10,
      shutdownSeconds: 30,
      rebalanceDelaySeconds: 60,
    },
    logDays: 90,
    restartsPerHour: 5,
    executeCommand: false,
  });
});

const image = '111122223333.dkr.ecr.ap-northeast-2.amazonaws.com/connect';
const secretArn = 'arn:aws:secretsmanager:ap-northeast-2:111122223333:secret:slack-MnOpQr';

describe('a fault names the field and what was expected', () => {
  test.each([
    ['nobody is told', { notify: {} }, 'notify: found nobody'],
    [
      'nobody may register',
      { operators: [] },
      'operators: found a list of 0, expected at least one: nobody else can register a connector',
    ],
    ['an image that changes', { connect: { image: `${image}:latest` } }, 'connect.image: found'],
    ['an image without a version', { connect: { image } }, 'connect.image: found'],
    [
      'two images',
      { connect: { image: `${image}:1.0.0`, debezium: '3.0.8.Final' } },
      'connect: found debezium and image, expected one of the two',
    ],
    [
      'an agent for our image',
      { connect: { jmxAgent: { jar: '/a.jar', configuration: '/a.yaml' } } },
      'connect.jmxAgent: found an agent',
    ],
    [
      'a webhook twice, with which the watchdog would not start',
      {
        secrets: { SLACK: { secretArn } },
        watchdog: {
          webhooks: [
            { secret: 'SLACK', format: 'slack' },
            { secret: 'SLACK', format: 'json' },
          ],
        },
      },
      'watchdog.webhooks[1].secret: found "SLACK", expected each webhook once',
    ],
    [
      'an override for another cluster than the own',
      { stackName: 'shop', watchdog: { overrides: [{ connectors: ['shop/*', 'bank/*'], kind: 'sink' }] } },
      'watchdog.overrides[0].connectors[1]: found "bank/*", expected <cluster>/<connector> of a cluster that there is: shop',
    ],
    [
      'memory that Fargate does not have',
      { connect: { cpu: 1024, memoryMiB: 9216 } },
      'connect.memoryMiB: found 9216, expected for 1024 units of CPU a number from 2048 to 8192 in steps of 1024',
    ],
    [
      'a heap that leaves no room',
      { connect: { heapMiB: 3000 } },
      'connect.heapMiB: found 3000, expected at most 2841, four fifths of what the sidecars leave',
    ],
    [
      'a property that the stack sets',
      { connect: { properties: { 'group.id': 'x' } } },
      'connect.properties.group.id: found a property, expected none that the stack sets itself',
    ],
    [
      'a login beside ours',
      { connect: { properties: { 'producer.sasl.jaas.config': 'x' } } },
      'connect.properties.producer.sasl.jaas.config: found a property',
    ],
    [
      'a value that the start script spoils',
      { connect: { properties: { 'client.rack': 'a@b' } } },
      'connect.properties.client.rack: found "a@b"',
    ],
    [
      'a property that no variable can name',
      { connect: { properties: { My_Property: 'x' } } },
      'connect.properties.My_Property: found "My_Property"',
    ],
    [
      'a secret that would be printed',
      { secrets: { CONNECT_PASSWORD: { secretArn } } },
      'secrets.CONNECT_PASSWORD: found "CONNECT_PASSWORD"',
    ],
    [
      'a secret that the image takes for its own',
      { secrets: { GROUP_ID: { secretArn } } },
      'secrets.GROUP_ID: found a secret',
    ],
    [
      'half an ARN',
      { secrets: { PASSWORD: { secretArn: 'arn:aws:secretsmanager:ap-northeast-2:111122223333:secret:shop' } } },
      'secrets.PASSWORD.secretArn: found',
    ],
    [
      'a webhook that no secret holds',
      { watchdog: { webhooks: [{ secret: 'SLACK_URL', format: 'slack' }] } },
      'watchdog.webhooks[0].secret: found "SLACK_URL", expected a name that stands in secrets',
    ],
    [
      'plain text where brokers ask for TLS',
      { kafka: { security: 'plaintext', bootstrapServers: ['b-1.shop.example.com:9096'] } },
      'kafka.bootstrapServers[0]: found "b-1.shop.example.com:9096"',
    ],
    [
      'SCRAM without a secret',
      { kafka: { security: 'scram', bootstrapServers: ['b-1:9096'] } },
      'kafka.secretArn: found nothing',
    ],
    [
      'what the watchdog does not know',
      { watchdog: { remedies: ['recreate'] } },
      'watchdog.remedies: found an unknown field',
    ],
  ])('%s', (_, changes, expected) => {
    expect(faultsOf(changes).join('\n')).toContain(expected);
  });
});

test('all faults come at once', () => {
  expect(faultsOf({ notify: {}, connect: { memoryMiB: 5000, properties: { listeners: 'x' } } })).toHaveLength(3);
});

test('what is not JSON is told with its place, and nothing of it is shown', () => {
  expect(() => readSelfManaged('{"password": hunter2', 'self-managed.json')).toThrow(SettingsError);
  expect(() => readSelfManaged('{"password": hunter2', 'self-managed.json')).not.toThrow(/hunter2/);
});

test.each([
  [512, 1024, true],
  [512, 5120, false],
  [1024, 2048, true],
  [1024, 2500, false],
  [8192, 16_384, true],
  [8192, 17_408, false],
  [256, 1024, false],
])('Fargate has %i units of CPU with %i MiB: %s', (cpu, memoryMiB, has) => {
  expect(memoryFault(cpu, memoryMiB) === undefined).toBe(has);
});
