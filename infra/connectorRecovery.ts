import { CfnOutput } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmPrefix, functionSettings } from '../settings/alarmNames.ts';
import type { ConnectorSettings, Settings } from '../settings/connectorSettings.ts';
import { checkSettings } from '../settings/read.ts';
import type { ConnectorsFile } from '../settings/schema.ts';
import { ConnectorAlarms } from './connectorAlarms.ts';
import { FunctionAlarms } from './functionAlarms.ts';
import { FunctionPolicies } from './functionPolicies.ts';
import { Notifications } from './notifications.ts';
import { oldestEvent, RecoveryFunction } from './recoveryFunction.ts';
import { SavedConfigs } from './savedConfigs.ts';
import { Schedules } from './schedules.ts';

export interface ConnectorRecoveryProps {
  /** What `readSettings` gives, or the content of `connectors.json` as an object, which is checked and completed here. */
  readonly settings: Settings | ConnectorsFile;
  /**
   * The connectors, by name, whose alarms are made in this stack. The alarms of the others are the caller's, by `ConnectorAlarms`
   * in another stack; the function serves all of them.
   * @default all
   */
  readonly alarmsOf?: readonly string[];
  /**
   * A folder with the function's bundle, made before by `bundleFunction`.
   * @default bundled now
   */
  readonly bundle?: string;
}

/**
 * Everything that has to exist in the account for silent connectors to be noticed and recovered. For a CDK app of your own:
 * `new ConnectorRecovery(stack, 'Recovery', { settings })`.
 * @throws SettingsError when `settings` is not in order
 */
export class ConnectorRecovery extends Construct {
  readonly settings: Settings;
  readonly function: RecoveryFunction;
  readonly bucket: IBucket;
  readonly topic: ITopic;
  /** What an operator needs, by name. */
  readonly outputs: Readonly<Record<string, CfnOutput>>;

  constructor(scope: Construct, id: string, props: ConnectorRecoveryProps) {
    super(scope, id);
    const settings = isComplete(props.settings) ? props.settings : checkSettings(props.settings, 'settings');
    const { stackName, connectors } = settings;
    this.settings = settings;
    const notifications = new Notifications(this, 'Notifications', { notify: settings.notify });
    const topic = notifications.topic;
    this.topic = topic;
    const savedConfigs = new SavedConfigs(this, 'SavedConfigs', { operators: settings.operators });
    const { bucket } = savedConfigs;
    this.bucket = bucket;
    const recovery = new RecoveryFunction(this, 'Recovery', {
      settings: functionSettings(settings),
      bucket,
      topic,
      ...(props.bundle !== undefined && { bundle: props.bundle }),
    });
    this.function = recovery;
    const { lambda, role, deadLetters } = recovery;
    savedConfigs.letUse(role);
    const policies = new FunctionPolicies(this, 'Permissions', {
      role,
      targets: {
        connectors,
        bucketArn: bucket.bucketArn,
        bucketLogicalId: savedConfigs.logicalId,
        topicArn: topic.topicArn,
        ...(notifications.key && { topicKeyArn: notifications.key.keyArn }),
        functionArn: lambda.functionArn,
      },
    });
    new FunctionAlarms(this, 'FunctionAlarms', { stackName, lambda, deadLetters, topic });
    callOnAlarms(this, stackName, recovery);
    // The first sweep comes within a minute of its making, and must find the permissions in place.
    new Schedules(this, 'Schedules', { target: lambda, connectors }).node.addDependency(policies);
    for (const connector of connectors.filter(({ name }) => props.alarmsOf?.includes(name) ?? true)) {
      new ConnectorAlarms(this, alarmsId(connector), { stackName, connector, topic });
    }
    this.outputs = outputsOf(this);
  }
}

/** The construct id of a connector's alarms, the same in whichever stack they lie. */
export function alarmsId(connector: ConnectorSettings): string {
  return `Alarms-${connector.name}`;
}

/** One rule for all alarms of all connectors: a rule each would overflow the function's resource policy of 20 KB. */
function callOnAlarms(scope: Construct, stackName: string, { lambda, deadLetters }: RecoveryFunction): void {
  new Rule(scope, 'OnAlarm', {
    description: 'Calls the recovery function when one of its alarms goes off',
    eventPattern: {
      source: ['aws.cloudwatch'],
      detailType: ['CloudWatch Alarm State Change'],
      detail: { alarmName: [{ prefix: alarmPrefix(stackName) }], state: { value: ['ALARM'] } },
    },
    targets: [new LambdaTarget(lambda, { maxEventAge: oldestEvent, deadLetterQueue: deadLetters })],
  });
}

function outputsOf(recovery: ConnectorRecovery): Record<string, CfnOutput> {
  const name = recovery.function.lambda.functionName;
  const invoke = (payload: string) =>
    `aws lambda invoke --function-name ${name} --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '${payload}' /dev/stdout`;
  const outputs = {
    FunctionName: [name, 'The recovery function'],
    BucketName: [recovery.bucket.bucketName, 'Saved configs, journals and backups'],
    TopicArn: [recovery.topic.topicArn, 'Where people are told'],
    LookCommand: [
      invoke('{"connector":"NAME","dryRun":true}'),
      'Says what would be done for a connector, and does nothing',
    ],
    CheckCommand: [
      invoke('{"source":"connector-recovery.check"}'),
      'Says of each connector whether a restart or a recreation would help, and touches none; the daily check by hand',
    ],
    RecoverCommand: [invoke('{"connector":"NAME"}'), 'Looks at a connector and recovers it if it needs it'],
    HoldCommand: [
      invoke('{"do":"hold","who":"your name"}'),
      'Keeps every connector of the stack from restarts and deletions until it is released',
    ],
    ReleaseCommand: [invoke('{"do":"release","who":"your name"}'), 'Ends the hold over the stack'],
  } as const;
  return Object.fromEntries(
    Object.entries(outputs).map(([id, [value, description]]) => [
      id,
      new CfnOutput(recovery, id, { value, description }),
    ]),
  );
}

function isComplete(settings: Settings | ConnectorsFile): settings is Settings {
  return settings.connectors.every((connector) => 'policy' in connector);
}
