import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { FilterPattern, LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmName, commitsMetricName, ownNamespace } from '../settings/alarmNames.ts';
import type { ConnectorSettings } from '../settings/connectorSettings.ts';
import { commitLine, connectorTag, filterPattern } from '../settings/logLines.ts';
import { signalAlarm, signalMetric } from './signalAlarms.ts';

export interface ConnectorAlarmsProps {
  /** What every alarm's name begins with. */
  readonly stackName: string;
  readonly connector: ConnectorSettings;
  /** Where the alarms that only notify go. */
  readonly topic: ITopic;
}

/** The alarms of one connector, and the metric filter that counts its offset commits. */
export class ConnectorAlarms extends Construct {
  constructor(scope: Construct, id: string, props: ConnectorAlarmsProps) {
    super(scope, id);
    const { stackName, connector, topic } = props;
    for (const { signal, does, threshold, periodSeconds, periods } of connector.signals) {
      const { comparison, missing, says } = signalAlarm(connector, signal);
      const alarm = new Alarm(this, signal, {
        alarmName: alarmName(stackName, connector.name, signal),
        alarmDescription: `${connector.name}: ${says}`,
        metric: signalMetric(stackName, connector, signal, periodSeconds),
        comparisonOperator: comparison,
        threshold,
        evaluationPeriods: periods,
        treatMissingData: missing,
      });
      // What makes the function look goes through EventBridge, and people hear of it what the function found.
      if (does === 'notify') alarm.addAlarmAction(new SnsAction(topic));
      if (signal === 'offset-commits') countCommits(this, stackName, connector);
    }
  }
}

function countCommits(scope: Construct, stackName: string, connector: ConnectorSettings): void {
  const line = commitLine(connector.kind, connector.connectVersion);
  if (line === undefined || connector.logGroup === undefined) return;
  new MetricFilter(scope, 'Commits', {
    logGroup: LogGroup.fromLogGroupName(scope, 'LogGroup', connector.logGroup),
    filterPattern: FilterPattern.literal(filterPattern([connectorTag(connector.name), ...line.terms], line.not)),
    metricNamespace: ownNamespace(stackName),
    metricName: commitsMetricName(connector.name),
    metricValue: '1',
    // A reported zero: lines arrived, and none was a commit. That says more than a missing value.
    defaultValue: 0,
  });
}
