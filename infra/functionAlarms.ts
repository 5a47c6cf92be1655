import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface FunctionAlarmsProps {
  /** What every alarm's name begins with, followed by a hyphen: the rule that calls the function matches a slash. */
  readonly stackName: string;
  readonly lambda: IFunction;
  readonly deadLetters: IQueue;
  /** People are told by the alarm itself: what watches the function cannot pass through it. */
  readonly topic: ITopic;
}

interface Watch {
  readonly name: string;
  readonly says: string;
  readonly metric: IMetric;
  readonly comparison: ComparisonOperator;
  readonly periods: number;
  readonly missing: TreatMissingData;
  /** Missing data is what it waits for: people hear when its state becomes INSUFFICIENT_DATA too. */
  readonly tellsWhenMissing?: boolean;
}

/** Who watches the watcher: errors, throttles, dead letters, and silence. */
export class FunctionAlarms extends Construct {
  constructor(scope: Construct, id: string, props: FunctionAlarmsProps) {
    super(scope, id);
    const { lambda, deadLetters, topic, stackName } = props;
    const minute = { period: Duration.minutes(1), statistic: 'Sum' };
    const any = {
      comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      periods: 1,
      missing: TreatMissingData.NOT_BREACHING,
    };
    const watches: readonly Watch[] = [
      { name: 'errors', says: 'it failed; its log says why', metric: lambda.metricErrors(minute), ...any },
      { name: 'throttles', says: 'Lambda refused to run it', metric: lambda.metricThrottles(minute), ...any },
      {
        name: 'dead-letters',
        says: 'an event could not be served; it lies in the dead-letter queue',
        metric: deadLetters.metricApproximateNumberOfMessagesVisible({
          period: Duration.minutes(1),
          statistic: 'Maximum',
        }),
        ...any,
      },
      {
        name: 'silence',
        says: 'the sweep does not call it: nothing is watched and nothing unfinished is continued',
        metric: lambda.metricInvocations(minute),
        comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
        // The sweep comes every minute; one may be late.
        periods: 3,
        // Without invocations there is no datapoint at all. Were that breaching, every first deployment would begin with a false alarm.
        missing: TreatMissingData.MISSING,
        tellsWhenMissing: true,
      },
    ];
    for (const { name, says, metric, comparison, periods, missing, tellsWhenMissing } of watches) {
      const alarm = new Alarm(this, name, {
        alarmName: `${stackName}-function-${name}`,
        alarmDescription: `The recovery function: ${says}`,
        metric,
        comparisonOperator: comparison,
        threshold: 1,
        evaluationPeriods: periods,
        treatMissingData: missing,
      });
      alarm.addAlarmAction(new SnsAction(topic));
      if (tellsWhenMissing === true) alarm.addInsufficientDataAction(new SnsAction(topic));
    }
  }
}
