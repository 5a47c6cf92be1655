import { messageQueue } from '../../functions/messageQueue.ts';
import { list, optionalText, physicalName, text, type ResourceType } from '../resource.ts';

const topic: ResourceType = {
  uses: ['TopicName', 'DisplayName', 'KmsMasterKeyId', 'Subscription'],
  ignores: ['Tags', 'TracingConfig', 'SignatureVersion'],
  async deploy(resource, { sns }) {
    const name = optionalText(resource, 'TopicName') ?? physicalName(resource, 256);
    const attributes = Object.fromEntries(
      ['DisplayName', 'KmsMasterKeyId']
        .map((attribute) => [attribute, optionalText(resource, attribute)] as const)
        .filter(([, value]) => value !== undefined),
    );
    const { TopicArn } = await sns.call('CreateTopic', { Name: name, Attributes: attributes });
    const arn = String(TopicArn);
    for (const { Protocol, Endpoint } of list(resource, 'Subscription')) {
      await sns.call('Subscribe', { TopicArn: arn, Protocol, Endpoint });
    }
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
  },
};

const subscription: ResourceType = {
  uses: ['TopicArn', 'Protocol', 'Endpoint'],
  async deploy(resource, { sns }) {
    const { SubscriptionArn } = await sns.call('Subscribe', {
      TopicArn: text(resource, 'TopicArn'),
      Protocol: text(resource, 'Protocol'),
      Endpoint: text(resource, 'Endpoint'),
      ReturnSubscriptionArn: true,
    });
    return { ref: String(SubscriptionArn), attributes: {} };
  },
};

const topicPolicy: ResourceType = {
  uses: ['Topics', 'PolicyDocument'],
  async deploy(resource, { sns, kept }) {
    const { type, logicalId, properties } = resource;
    for (const arn of list(resource, 'Topics').map(String)) {
      await sns.call('SetTopicAttributes', {
        TopicArn: arn,
        AttributeName: 'Policy',
        AttributeValue: JSON.stringify(properties['PolicyDocument']),
      });
      kept.push({ type, logicalId, arn, properties });
    }
    return { ref: physicalName(resource, 128), attributes: {} };
  },
};

const queue: ResourceType = {
  uses: ['QueueName'],
  ignores: ['KmsMasterKeyId', 'MessageRetentionPeriod', 'SqsManagedSseEnabled', 'Tags', 'VisibilityTimeout'],
  deploy(resource, { queues, region, accountId }) {
    const name = optionalText(resource, 'QueueName') ?? physicalName(resource, 80);
    const arn = `arn:aws:sqs:${region}:${accountId}:${name}`;
    queues.set(arn, messageQueue(name, arn));
    const url = `https://sqs.${region}.amazonaws.com/${accountId}/${name}`;
    return { ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
  },
};

const queuePolicy: ResourceType = {
  uses: ['Queues', 'PolicyDocument'],
  deploy(resource, { kept }) {
    const { type, logicalId, properties } = resource;
    kept.push({ type, logicalId, properties });
    return { ref: physicalName(resource, 128), attributes: {} };
  },
};

export const messaging: Readonly<Record<string, ResourceType>> = {
  'AWS::SNS::Topic': topic,
  'AWS::SNS::Subscription': subscription,
  'AWS::SNS::TopicPolicy': topicPolicy,
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueuePolicy': queuePolicy,
};
