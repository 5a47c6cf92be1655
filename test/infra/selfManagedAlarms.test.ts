import { describe, expect, test } from 'vitest';
import { exampleAccount } from '../../local/aws/account.ts';
import { LocalCloudWatch } from '../../local/aws/cloudwatch.ts';
import { VirtualClock } from '../../local/virtualClock.ts';
import { selfManagedTemplate } from './selfManagedSynthesized.ts';
import { deployed, only, resources, type Statement } from './synthesized.ts';

const template = selfManagedTemplate({ stackName: 'shop-connect', restartsPerHour: 4 });
const topic = `<${only(template, 'AWS::SNS::Topic').id}>`;
const alarms = Object.values(resources(template, 'AWS::CloudWatch::Alarm')).map(
  ({ Properties }) => deployed(Properties) as Record<string, unknown>,
);

function alarm(name: string): Record<string, unknown> {
  const found = alarms.find(({ AlarmName }) => AlarmName === name);
  if (found === undefined) throw new Error(`an alarm ${name} was expected`);
  return found;
}

/** What the log's filter makes of a minute: how many lines of its event, 0 where there are others only, nothing where there is none. */
type Minute = number | 'no line';

/** Which changes of the alarm people hear of, minute by minute, in local CloudWatch. */
async function heard(name: string, metricName: string, minutes: readonly Minute[]): Promise<string[]> {
  const clock = new VirtualClock(Date.parse('2026-11-21T04:00:00.000Z'));
  const told: string[] = [];
  const cloudwatch = new LocalCloudWatch({
    clock,
    account: exampleAccount,
    emit: () => {},
    publish: (_topic, subject) => told.push(/^\w+/.exec(subject)?.[0] ?? subject),
  });
  try {
    await cloudwatch.call('PutMetricAlarm', {
      ...alarm(name),
      AlarmActions: [exampleTopic],
      ...(alarm(name)['InsufficientDataActions'] === undefined ? {} : { InsufficientDataActions: [exampleTopic] }),
    });
    for (const minute of minutes) {
      if (minute !== 'no line') {
        cloudwatch.put({
          namespace: 'ConnectorRecovery/shop-connect',
          name: metricName,
          dimensions: {},
          value: minute,
          atMs: clock.now(),
        });
      }
      // oxlint-disable-next-line no-await-in-loop -- one minute after the other
      await clock.advanceBy(60_000);
    }
    return told;
  } finally {
    cloudwatch.close();
  }
}

const exampleTopic = 'arn:aws:sns:ap-northeast-2:111122223333:people';
const times = (count: number, minute: Minute) => Array.from({ length: count }, () => minute);

describe('the silence of the watchdog', () => {
  const silence = 'shop-connect-watchdog-silence';

  test('a first deployment tells nobody', async () => {
    expect(await heard(silence, 'Rounds', [...times(10, 'no line'), 0, 0, ...times(10, 1)])).toEqual([]);
  });

  test('a deployment of two minutes without a watchdog tells nobody', async () => {
    expect(await heard(silence, 'Rounds', [...times(10, 1), 'no line', 'no line', 0, ...times(10, 1)])).toEqual([]);
  });

  test('a watchdog that writes no line any more is told of', async () => {
    expect(await heard(silence, 'Rounds', [...times(10, 1), ...times(12, 'no line')])).toEqual(['INSUFFICIENT_DATA']);
  });

  test('a watchdog that writes lines and finishes no round is told of', async () => {
    expect(await heard(silence, 'Rounds', [...times(10, 1), ...times(8, 0)])).toEqual(['ALARM']);
  });
});

test('as many restarts in an hour as are too many are told of; one fewer is not', async () => {
  const restarts = 'shop-connect-watchdog-restarts';
  expect(await heard(restarts, 'Restarts', [0, 1, 0, 1, 0, 1, ...times(10, 0)])).toEqual([]);
  expect(await heard(restarts, 'Restarts', [0, 1, 0, 1, 0, 2, ...times(10, 0)])).toEqual(['ALARM']);
});

test('rounds and restarts are counted in the watchdog’s own log', () => {
  const { LogGroupName } = Object.values(resources(template, 'AWS::Logs::MetricFilter')).map(
    ({ Properties }) => deployed(Properties) as Record<string, string>,
  )[0] ?? { LogGroupName: '' };
  const filters = Object.values(resources(template, 'AWS::Logs::MetricFilter')).map(({ Properties }) => Properties);
  expect(filters.map(({ FilterPattern }) => FilterPattern)).toEqual([
    '{ $.event = "round" }',
    '{ $.event = "decided.restart" }',
  ]);
  const watchdog = JSON.stringify(
    (
      deployed(only(template, 'AWS::ECS::TaskDefinition').Properties['ContainerDefinitions']) as { Name: string }[]
    ).find(({ Name }) => Name === 'watchdog'),
  );
  expect(watchdog).toContain(`"awslogs-group":"${LogGroupName}"`);
});

test('missing workers are those that Container Insights does not count, for ten minutes', () => {
  const { EvaluationPeriods, Metrics } = alarm('shop-connect-workers-missing');
  expect(EvaluationPeriods).toBe(10);
  expect(JSON.stringify(Metrics)).toContain('"Expression":"desired - running"');
  expect(only(template, 'AWS::ECS::Cluster').Properties['ClusterSettings']).toEqual([
    { Name: 'containerInsights', Value: 'enabled' },
  ]);
});

describe('what ECS does', () => {
  const rules = Object.values(resources(template, 'AWS::Events::Rule')).map(
    ({ Properties }) => deployed(Properties) as { EventPattern: Record<string, never>; Targets: unknown },
  );

  test('a task that stops is told of with its reason, unless a deployment stopped it', () => {
    expect(rules[0]?.EventPattern).toEqual({
      source: ['aws.ecs'],
      'detail-type': ['ECS Task State Change'],
      detail: {
        clusterArn: [`<${only(template, 'AWS::ECS::Cluster').id}.Arn>`],
        lastStatus: ['STOPPED'],
        stoppedReason: [{ 'anything-but': { prefix: 'Scaling activity initiated by' } }],
      },
    });
    expect(rules[0]?.Targets).toMatchObject([
      {
        Arn: topic,
        InputTransformer: { InputPathsMap: { 'detail-stoppedReason': '$.detail.stoppedReason' } },
      },
    ]);
  });

  test('a deployment that failed is told of', () => {
    expect(rules[1]?.EventPattern).toMatchObject({ detail: { eventName: ['SERVICE_DEPLOYMENT_FAILED'] } });
  });

  test('the topic and its key let alarms and events in', () => {
    const principals = (statements: readonly Statement[]) =>
      statements.map(({ Principal }) => (Principal as { Service?: string } | undefined)?.Service);
    const ofTopic = deployed(only(template, 'AWS::SNS::TopicPolicy').Properties['PolicyDocument']) as {
      Statement: Statement[];
    };
    const [key] = Object.values(resources(template, 'AWS::KMS::Key')).filter(({ Properties }) =>
      String(Properties['Description']).includes('tells people'),
    );
    const ofKey = deployed(key?.Properties['KeyPolicy']) as { Statement: Statement[] };
    for (const service of ['cloudwatch.amazonaws.com', 'events.amazonaws.com']) {
      expect(principals(ofTopic.Statement)).toContain(service);
      expect(principals(ofKey.Statement)).toContain(service);
    }
  });
});
