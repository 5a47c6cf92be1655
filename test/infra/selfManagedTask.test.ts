import { describe, expect, test } from 'vitest';
import { container, environmentOf, scram, secrets, secretsOf, selfManagedTemplate } from './selfManagedSynthesized.ts';
import { deployed, listed, only, resources, type Statement } from './synthesized.ts';

const usual = selfManagedTemplate();
const worker = container(usual, 'worker');
const watchdog = container(usual, 'watchdog');
const registrar = container(usual, 'registrar');

describe('the worker', () => {
  test('is the one container without which the task ends; it has until Fargate’s limit to stop, and so to commit', () => {
    expect([worker, watchdog, registrar].map(({ Essential }) => Essential)).toEqual([true, false, false]);
    expect(worker['StopTimeout']).toBe(120);
    expect(Number(environmentOf(worker)['SHUTDOWN_TIMEOUT'])).toBe(30_000);
  });

  test('is healthy while its REST interface answers in the task itself, and has five minutes to come up', () => {
    expect(worker['HealthCheck']).toMatchObject({
      Command: ['CMD-SHELL', 'curl --silent --fail --max-time 5 --output /dev/null http://127.0.0.1:8083/'],
      StartPeriod: 300,
    });
  });

  test('keeps its three topics in three copies, commits every 10 s, and gives the work of a lost worker away after 60 s', () => {
    expect(environmentOf(worker)).toMatchObject({
      GROUP_ID: 'self-managed-connect',
      CONFIG_STORAGE_TOPIC: 'self-managed-connect-configs',
      OFFSET_STORAGE_TOPIC: 'self-managed-connect-offsets',
      STATUS_STORAGE_TOPIC: 'self-managed-connect-status',
      CONNECT_CONFIG_STORAGE_REPLICATION_FACTOR: '3',
      CONNECT_OFFSET_STORAGE_REPLICATION_FACTOR: '3',
      CONNECT_STATUS_STORAGE_REPLICATION_FACTOR: '3',
      OFFSET_FLUSH_INTERVAL_MS: '10000',
      CONNECT_SCHEDULED_REBALANCE_MAX_DELAY_MS: '60000',
    });
  });

  test.each([
    [4096, undefined, '-Xms2432M -Xmx2432M', 3552],
    [4096, 2560, '-Xms2560M -Xmx2560M', 3552],
    [2048, undefined, '-Xms1024M -Xmx1024M', 1504],
  ])('of a task of %i MiB, heap asked for: %s, gets %s of %i MiB', (memoryMiB, heapMiB, heap, memory) => {
    const one = container(
      selfManagedTemplate({ connect: { memoryMiB, ...(heapMiB !== undefined && { heapMiB }) } }),
      'worker',
    );
    expect(environmentOf(one)['HEAP_OPTS']).toBe(heap);
    expect(one.Memory).toBe(memory);
  });

  test('shows its JMX values to its own task only', () => {
    expect(environmentOf(worker)['KAFKA_OPTS']).toBe(
      '-javaagent:/opt/connector-recovery/jmx_prometheus_javaagent.jar=127.0.0.1:9404:/opt/connector-recovery/jmx.yaml',
    );
  });

  test.each([
    [1, 'http://127.0.0.1:8083'],
    [2, 'http://0.0.0.0:8083'],
  ])('of %i listens on %s', (workers, listeners) => {
    const one = container(selfManagedTemplate({ connect: { workers } }), 'worker');
    expect(environmentOf(one)['CONNECT_LISTENERS']).toBe(listeners);
  });

  test('takes further properties; converters by the variables that Debezium’s start script has for them', () => {
    const one = container(
      selfManagedTemplate({
        connect: {
          properties: {
            'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
            'value.converter.schemas.enable': 'false',
            'exactly.once.source.support': 'enabled',
          },
        },
      }),
      'worker',
    );
    expect(environmentOf(one)).toMatchObject({
      KEY_CONVERTER: 'org.apache.kafka.connect.storage.StringConverter',
      CONNECT_VALUE_CONVERTER_SCHEMAS_ENABLE: 'false',
      CONNECT_EXACTLY_ONCE_SOURCE_SUPPORT: 'enabled',
    });
    expect(environmentOf(one)['CONNECT_KEY_CONVERTER']).toBeUndefined();
  });
});

describe('an image of one’s own', () => {
  const image = '111122223333.dkr.ecr.ap-northeast-2.amazonaws.com/connect:2026-11-21';

  test('is taken as it is; without an agent nobody looks for JMX values', () => {
    const template = selfManagedTemplate({ connect: { image } });
    expect(container(template, 'worker').Image).toBe(image);
    const pulling = Object.values(resources(template, 'AWS::IAM::Policy')).flatMap(
      ({ Properties }) => (deployed(Properties['PolicyDocument']) as { Statement: Statement[] }).Statement,
    );
    expect(
      pulling
        .filter(({ Action }) => listed(Action).includes('ecr:BatchGetImage'))
        .flatMap(({ Resource }) => listed(Resource)),
    ).toContain('arn:aws:ecr:ap-northeast-2:111122223333:repository/connect');
    expect(environmentOf(container(template, 'worker'))['KAFKA_OPTS']).toBeUndefined();
    expect(environmentOf(container(template, 'watchdog'))['WATCHDOG_SETTINGS']).not.toContain('9404');
  });

  test('may name where its agent lies', () => {
    const jmxAgent = { jar: '/agents/jmx.jar', configuration: '/agents/jmx.yaml' };
    const template = selfManagedTemplate({ connect: { image, jmxAgent } });
    expect(environmentOf(container(template, 'worker'))['KAFKA_OPTS']).toBe(
      '-javaagent:/agents/jmx.jar=127.0.0.1:9404:/agents/jmx.yaml',
    );
    expect(environmentOf(container(template, 'watchdog'))['WATCHDOG_SETTINGS']).toContain(
      'http://127.0.0.1:9404/metrics',
    );
  });
});

describe('secrets', () => {
  const webhook = { secretArn: 'arn:aws:secretsmanager:ap-northeast-2:111122223333:secret:slack-MnOpQr' };
  const template = selfManagedTemplate({
    kafka: scram,
    secrets: { ...secrets, SLACK_URL: webhook },
    watchdog: { webhooks: [{ secret: 'SLACK_URL', format: 'slack' }] },
  });
  const password = 'arn:aws:secretsmanager:ap-northeast-2:111122223333:secret:shop-GhIjKl:password::';
  const brokers = {
    BROKER_USERNAME: 'arn:aws:secretsmanager:ap-northeast-2:111122223333:secret:AmazonMSK_connect-AbCdEf:username::',
    BROKER_PASSWORD: 'arn:aws:secretsmanager:ap-northeast-2:111122223333:secret:AmazonMSK_connect-AbCdEf:password::',
  };

  test('each container gets what it needs: the database’s the worker, the webhook’s the watchdog, the registrar none', () => {
    expect(secretsOf(container(template, 'worker'))).toEqual({ DATABASE_PASSWORD: password, ...brokers });
    expect(secretsOf(container(template, 'watchdog'))).toEqual({ SLACK_URL: webhook.secretArn, ...brokers });
    expect(secretsOf(container(template, 'registrar'))).toEqual({});
  });

  test('connectors may name those of the worker, and no other variable of it', () => {
    const environment = environmentOf(container(template, 'worker'));
    expect(environment['CONNECT_CONFIG_PROVIDERS_ENV_CLASS']).toBe(
      'org.apache.kafka.common.config.provider.EnvVarConfigProvider',
    );
    const allowed = environment['CONNECT_CONFIG_PROVIDERS_ENV_PARAM_ALLOWLIST_PATTERN'] ?? '';
    // The provider looks for the pattern anywhere in a name.
    const readable = (name: string) => new RegExp(allowed).test(name);
    expect(['DATABASE_PASSWORD', 'BROKER_PASSWORD'].filter(readable)).toHaveLength(2);
    expect(
      ['SLACK_URL', 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'MY_DATABASE_PASSWORD', 'DATABASE_PASSWORD_2'].filter(
        readable,
      ),
    ).toEqual([]);
  });

  test('the worker and its connectors log in with them, though no value stands in what the start script prints', () => {
    const environment = environmentOf(container(template, 'worker'));
    for (const client of ['', 'PRODUCER_', 'CONSUMER_', 'ADMIN_']) {
      expect(environment[`CONNECT_${client}SECURITY_PROTOCOL`]).toBe('SASL_SSL');
      expect(environment[`CONNECT_${client}SASL_JAAS_CONFIG`]).toBe(
        'org.apache.kafka.common.security.scram.ScramLoginModule required username="${env:BROKER_USERNAME}" password="${env:BROKER_PASSWORD}";',
      );
    }
  });

  test('the role that starts the task may decrypt what a key of one’s own encrypts, by Secrets Manager only', () => {
    const statements = Object.values(resources(template, 'AWS::IAM::Policy')).flatMap(
      ({ Properties }) =>
        (
          deployed(Properties['PolicyDocument']) as {
            Statement: readonly { Action: unknown; [field: string]: unknown }[];
          }
        ).Statement,
    );
    expect(statements.find(({ Action }) => Action === 'kms:Decrypt')).toMatchObject({
      Resource: scram.keyArn,
      Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.ap-northeast-2.amazonaws.com' } },
    });
  });
});

describe('the sidecars', () => {
  test('the watchdog is healthy while its own /healthz says so', () => {
    expect(JSON.stringify(watchdog['HealthCheck'])).toContain('http://127.0.0.1:8089/healthz');
  });

  test('are started again where they end, and end before the worker does', () => {
    for (const one of [watchdog, registrar]) {
      expect(one['RestartPolicy']).toEqual({ Enabled: true, RestartAttemptPeriod: 60 });
      expect(one['DependsOn']).toEqual([{ Condition: 'START', ContainerName: 'worker' }]);
    }
  });

  test('can write nothing to their disk', () => {
    expect([watchdog, registrar].map((one) => one['ReadonlyRootFilesystem'])).toEqual([true, true]);
  });

  test('the watchdog is told of the worker beside it, of the bucket that its like share, of the topic, and how a worker is replaced', () => {
    const { WATCHDOG_SETTINGS: text = '' } = environmentOf(watchdog);
    const bucket = `<${only(usual, 'AWS::S3::Bucket').id}>`;
    expect(JSON.parse(text)).toEqual({
      name: 'self-managed-connect',
      clusters: [
        {
          name: 'self-managed-connect',
          urls: ['http://127.0.0.1:8083'],
          prometheus: { urls: ['http://127.0.0.1:9404/metrics'] },
          kafka: { bootstrapServers: ['b-1.shop.example.com:9094', 'b-2.shop.example.com:9094'], tls: {} },
          workers: { replace: { kind: 'ecs', cluster: 'self-managed-connect', service: 'self-managed-connect' } },
          offsetFlushSeconds: 10,
        },
      ],
      store: { bucket, prefix: 'watchdog/' },
      tell: { topicArn: `<${only(usual, 'AWS::SNS::Topic').id}>` },
      listen: { host: '127.0.0.1', port: 8089 },
    });
  });
});

test('three logs are kept for 90 days, or as long as is asked for', () => {
  const days = (template: typeof usual) =>
    Object.values(resources(template, 'AWS::Logs::LogGroup')).map(({ Properties }) => Properties['RetentionInDays']);
  expect(days(usual)).toEqual([90, 90, 90]);
  expect(days(selfManagedTemplate({ logDays: 14 }))).toEqual([14, 14, 14]);
});
