import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Settings } from '../settings/connectorSettings.ts';

export interface NotificationsProps {
  /** Who is told. An existing topic's own policy, and its key's, must let cloudwatch.amazonaws.com publish: they are not ours to change. */
  readonly notify: Settings['notify'];
}

/** The topic that people are told through, by the function and by the alarms that do not pass through it. */
export class Notifications extends Construct {
  readonly topic: ITopic;
  /** Absent: the topic is an existing one without a customer-managed key. */
  readonly key?: IKey;

  constructor(scope: Construct, id: string, props: NotificationsProps) {
    super(scope, id);
    const { emails, topic: existing } = props.notify;
    if (existing) {
      this.topic = Topic.fromTopicArn(this, 'Topic', existing.arn);
      if (existing.keyArn) this.key = Key.fromKeyArn(this, 'Key', existing.keyArn);
    } else {
      const key = newKey(this);
      this.key = key;
      this.topic = newTopic(this, key);
    }
    for (const email of emails) this.topic.addSubscription(new EmailSubscription(email));
  }
}

/** Alarms cannot publish to a topic under the AWS-managed key: https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns */
function newKey(scope: Construct): Key {
  const key = new Key(scope, 'Key', {
    description: 'Encrypts what connector-recovery tells people',
    enableKeyRotation: true,
    // It encrypts messages on their way, nothing that would have to be read later.
    removalPolicy: RemovalPolicy.DESTROY,
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsEncrypt',
      principals: [alarms],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: ofThisAccount(scope),
    }),
  );
  return key;
}

function newTopic(scope: Construct, key: IKey): Topic {
  const topic = new Topic(scope, 'Topic', { masterKey: key, enforceSSL: true, displayName: 'Connector recovery' });
  // A policy of our own replaces the topic's default one, so alarms need a statement.
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsPublish',
      principals: [alarms],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: ofThisAccount(scope),
    }),
  );
  return topic;
}

const alarms = new ServicePrincipal('cloudwatch.amazonaws.com');

function ofThisAccount(scope: Construct): Record<string, Record<string, string>> {
  return { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } };
}
