import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionSettings } from '../settings/connectorSettings.ts';
import { environment } from '../settings/environment.ts';
import { bundleFunction } from './bundle.ts';

export interface RecoveryFunctionProps {
  /** Bundled with the code. */
  readonly settings: FunctionSettings;
  /** For saved configs, journals and backups. */
  readonly bucket: IBucket;
  /** Where people are told. */
  readonly topic: ITopic;
  /**
   * A folder with `index.mjs` and `settings.json`, made before.
   * @default bundled now, from `lambda/handler.ts` and `settings`
   */
  readonly bundle?: string;
}

/** What an event that nobody could serve is worth after this time: the sweep has long looked by itself. */
export const oldestEvent = Duration.minutes(10);

/** The function, its log and the queue for events that it could not serve. Its permissions come from `FunctionPolicies`. */
export class RecoveryFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly role: Role;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: RecoveryFunctionProps) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this.deadLetters).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is the dead-letter queue itself; an alarm tells people of every message in it.',
    });
    // The journals, which stay, are the record of what was done; the log is for finding out why.
    const logGroup = new LogGroup(this, 'Log', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    const bundle = props.bundle ?? mkdtempSync(join(tmpdir(), 'connector-recovery-'));
    if (props.bundle === undefined) bundleFunction(bundle, props.settings);
    this.lambda = new LambdaFunction(this, 'Function', {
      description: 'Looks at connectors that may be dead, recovers them, and tells people',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(bundle),
      memorySize: 512,
      // The longest there is: a recreation is polled to its end where it fits, and the sweep continues it where it does not.
      timeout: Duration.minutes(15),
      role: this.role,
      logGroup,
      environment: {
        [environment.bucket]: props.bucket.bucketName,
        [environment.topicArn]: props.topic.topicArn,
      },
      deadLetterQueue: this.deadLetters,
      maxEventAge: oldestEvent,
      retryAttempts: 2,
    });
    // It was copied into the cloud assembly when the function was made.
    if (props.bundle === undefined) rmSync(bundle, { recursive: true, force: true });
  }
}
