import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import { EventField, type EventPattern, Match, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

export interface SelfManagedAlarmsProps {
  readonly stackName: string;
  readonly serviceName: string;
  readonly workers: number;
  /** So many restarts within an hour are too many. */
  readonly restartsPerHour: number;
  readonly watchdogLog: ILogGroup;
  readonly cluster: ICluster;
  readonly topic: ITopic;
  /** Of the topic, where it is ours. */
  readonly key?: IKey;
}

interface Watch {
  readonly name: string;
  readonly says: string;
  readonly metric: IMetric;
  readonly comparison: ComparisonOperator;
  readonly threshold: number;
  readonly periods: number;
  readonly missing: TreatMissingData;
  /** Missing data is what it waits for: people hear when its state becomes INSUFFICIENT_DATA too. */
  readonly tellsWhenMissing?: boolean;
}

/** Who watches the watchdog, and what ECS does to the tasks: told to people without passing through the watchdog. */
export class SelfManagedAlarms extends Construct {
  constructor(scope: Construct, id: string, props: SelfManagedAlarmsProps) {
    super(scope, id);
    for (const watch of this.#watches(props)) {
      const alarm = new Alarm(this, watch.name, {
        alarmName: `${props.stackName}-${watch.name}`,
        alarmDescription: watch.says,
        metric: watch.metric,
        comparisonOperator: watch.comparison,
        threshold: watch.threshold,
        evaluationPeriods: watch.periods,
        treatMissingData: watch.missing,
      });
      alarm.addAlarmAction(new SnsAction(props.topic));
      if (watch.tellsWhenMissing === true) alarm.addInsufficientDataAction(new SnsAction(props.topic));
    }
    this.#events(props);
  }

  #watches(props: SelfManagedAlarmsProps): readonly Watch[] {
    const { stackName, workers, restartsPerHour, cluster, serviceName } = props;
    const atLeast = ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD;
    const ofService = { ClusterName: cluster.clusterName, ServiceName: serviceName };
    const insights = (metricName: string) =>
      new Metric({
        namespace: 'ECS/ContainerInsights',
        metricName,
        dimensionsMap: ofService,
        period: Duration.minutes(1),
        statistic: 'Minimum',
      });
    return [
      {
        name: 'watchdog-silence',
        says: 'No watchdog of this service has finished a round for five minutes: nobody looks after the connectors.',
        metric: this.#counted(props, 'Rounds', 'round', Duration.minutes(1)),
        comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
        threshold: 1,
        periods: 5,
        // Without log lines there is no datapoint at all. Were that breaching, every first deployment would begin with a false alarm.
        missing: TreatMissingData.MISSING,
        tellsWhenMissing: true,
      },
      {
        name: 'watchdog-restarts',
        says: `The watchdog restarted connectors, tasks or workers ${restartsPerHour} times within an hour: something fails again and again.`,
        metric: this.#counted(props, 'Restarts', 'decided.restart', Duration.hours(1)),
        comparison: atLeast,
        threshold: restartsPerHour,
        periods: 1,
        missing: TreatMissingData.NOT_BREACHING,
      },
      {
        name: 'workers-missing',
        says: `Fewer than ${workers} ${workers === 1 ? 'worker runs' : 'workers run'} for ten minutes.`,
        metric: new MathExpression({
          expression: 'desired - running',
          usingMetrics: { desired: insights('DesiredTaskCount'), running: insights('RunningTaskCount') },
          label: `${stackName} workers missing`,
          period: Duration.minutes(1),
        }),
        comparison: atLeast,
        threshold: 1,
        // A task that is replaced needs a minute or two, a deployment that fails is rolled back in more.
        periods: 10,
        missing: TreatMissingData.NOT_BREACHING,
      },
    ];
  }

  /** How often the watchdogs wrote a line of that event: 0 while they write others. */
  #counted(props: SelfManagedAlarmsProps, metricName: string, event: string, period: Duration): Metric {
    const metricNamespace = `ConnectorRecovery/${props.stackName}`;
    new MetricFilter(this, metricName, {
      logGroup: props.watchdogLog,
      metricNamespace,
      metricName,
      filterPattern: FilterPattern.stringValue('$.event', '=', event),
      metricValue: '1',
      defaultValue: 0,
    });
    return new Metric({ namespace: metricNamespace, metricName, period, statistic: 'Sum' });
  }

  #events({ stackName, cluster, topic, key }: SelfManagedAlarmsProps): void {
    // An existing topic's key is not ours to change. Without a condition: EventBridge names no account where it asks SNS, and SNS the key.
    // https://repost.aws/knowledge-center/sns-not-getting-eventbridge-notification
    key?.addToResourcePolicy(
      new PolicyStatement({
        sid: 'EventsEncrypt',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
      }),
    );
    const tell = (id: string, description: string, eventPattern: EventPattern, text: string) =>
      new Rule(this, id, {
        description,
        eventPattern,
        targets: [new SnsTopic(topic, { message: RuleTargetInput.fromText(text) })],
      });
    tell(
      'TaskStopped',
      'Tells people of a task that stopped otherwise than by a deployment',
      {
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: {
          clusterArn: [cluster.clusterArn],
          lastStatus: ['STOPPED'],
          // What a deployment stops, it replaces by itself; a failed health check, a crash and a person say other things.
          // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
          stoppedReason: Match.anythingButPrefix('Scaling activity initiated by'),
        },
      },
      `[${stackName}] a task stopped, and ECS starts another one: ${EventField.fromPath('$.detail.stoppedReason')} (${EventField.fromPath('$.detail.taskArn')}, ${EventField.fromPath('$.time')}). Kafka Connect's log and the watchdog's say what went before.`,
    );
    tell(
      'DeploymentFailed',
      'Tells people of a deployment that did not come up',
      {
        source: ['aws.ecs'],
        detailType: ['ECS Deployment State Change'],
        detail: { eventName: ['SERVICE_DEPLOYMENT_FAILED'] },
        resources: Match.prefix(
          `arn:${Stack.of(this).partition}:ecs:${Stack.of(this).region}:${Stack.of(this).account}:service/${cluster.clusterName}/`,
        ),
      },
      `[${stackName}] a deployment failed and is rolled back: ${EventField.fromPath('$.detail.reason')} (${EventField.fromPath('$.time')}).`,
    );
  }
}
