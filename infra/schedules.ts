import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { ConnectorSettings } from '../settings/connectorSettings.ts';
import type { ScheduledInput } from '../settings/environment.ts';

export interface SchedulesProps {
  /** The function that is called. */
  readonly target: IFunction;
  readonly connectors: readonly ConnectorSettings[];
}

/** Once a day, in the working hours of Asia and of Europe: whoever is told has the day to do something about it. In UTC. */
const checkAt = 'cron(0 6 * * ? *)';

/** What calls the function by the clock: the sweep, every minute, the check of readiness, every day, and each connector's preventive restart. */
export class Schedules extends Construct {
  constructor(scope: Construct, id: string, props: SchedulesProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [props.target.functionArn] }),
    );
    const target = (input: ScheduledInput, maximumEventAgeInSeconds: number, maximumRetryAttempts: number) => ({
      arn: props.target.functionArn,
      roleArn: role.roleArn,
      input: JSON.stringify(input),
      retryPolicy: { maximumEventAgeInSeconds, maximumRetryAttempts },
    });
    const sweep = new CfnSchedule(this, 'Sweep', {
      description: 'Continues unfinished recoveries and looks at what sends no event',
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      // The next one comes in a minute, so a late one is not worth a retry.
      target: target({ source: 'connector-recovery.sweep' }, 60, 0),
    });
    sweep.node.addDependency(role);
    const check = new CfnSchedule(this, 'Check', {
      description: 'Tells people by day what would keep a recovery from succeeding at night',
      scheduleExpression: checkAt,
      flexibleTimeWindow: { mode: 'OFF' },
      // An hour late it says the same; a day late the next one does.
      target: target({ source: 'connector-recovery.check' }, 3600, 3),
    });
    check.node.addDependency(role);
    for (const { name, preventiveRestart } of props.connectors) {
      if (preventiveRestart === undefined) continue;
      const schedule = new CfnSchedule(this, `Preventive-${name}`, {
        description: `Preventive ${preventiveRestart.remedy} of ${name}`,
        scheduleExpression: preventiveRestart.schedule,
        scheduleExpressionTimezone: preventiveRestart.timeZone,
        state: preventiveRestart.enabled ? 'ENABLED' : 'DISABLED',
        flexibleTimeWindow: { mode: 'OFF' },
        // Without a maximum age a restart meant for 02:00 could run at noon.
        target: target({ source: 'connector-recovery.schedule', connector: name }, 600, 3),
      });
      schedule.node.addDependency(role);
    }
  }
}
