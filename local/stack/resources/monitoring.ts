import {
  list,
  optionalNumber,
  optionalText,
  physicalName,
  text,
  type Resource,
  type ResourceType,
} from '../resource.ts';

const logGroup: ResourceType = {
  uses: ['LogGroupName', 'RetentionInDays'],
  ignores: ['KmsKeyId', 'LogGroupClass', 'Tags'],
  async deploy(resource, { logs, region, accountId }) {
    const name = optionalText(resource, 'LogGroupName') ?? physicalName(resource, 512);
    await logs.call('CreateLogGroup', { logGroupName: name });
    const retentionInDays = optionalNumber(resource, 'RetentionInDays');
    if (retentionInDays !== undefined) await logs.call('PutRetentionPolicy', { logGroupName: name, retentionInDays });
    return { ref: name, attributes: { Arn: `arn:aws:logs:${region}:${accountId}:log-group:${name}:*` } };
  },
};

const metricFilter: ResourceType = {
  uses: ['LogGroupName', 'FilterName', 'FilterPattern', 'MetricTransformations'],
  async deploy(resource, { logs }) {
    const filterName = optionalText(resource, 'FilterName') ?? physicalName(resource, 512);
    await logs.call('PutMetricFilter', {
      logGroupName: text(resource, 'LogGroupName'),
      filterName,
      filterPattern: text(resource, 'FilterPattern'),
      metricTransformations: list(resource, 'MetricTransformations').map((each) => ({
        metricName: each['MetricName'],
        metricNamespace: each['MetricNamespace'],
        metricValue: each['MetricValue'],
        ...(each['DefaultValue'] === undefined ? {} : { defaultValue: Number(each['DefaultValue']) }),
        ...(each['Unit'] === undefined ? {} : { unit: each['Unit'] }),
        ...(each['Dimensions'] === undefined ? {} : { dimensions: keyed(each['Dimensions']) }),
      })),
    });
    return { ref: filterName, attributes: {} };
  },
};

/** CloudFormation lists a metric filter's dimensions, the API maps them. */
function keyed(dimensions: unknown): Readonly<Record<string, string>> {
  const pairs = dimensions as readonly { readonly Key: string; readonly Value: string }[];
  return Object.fromEntries(pairs.map(({ Key, Value }) => [Key, Value]));
}

/** An alarm's properties bear the names of the API's. */
function alarm(operation: 'PutMetricAlarm' | 'PutCompositeAlarm', uses: readonly string[]): ResourceType {
  return {
    uses,
    ignores: ['Tags'],
    async deploy(resource: Resource, { monitoring, region, accountId }) {
      const name = optionalText(resource, 'AlarmName') ?? physicalName(resource, 255);
      const { Tags: _tags, ...properties } = resource.properties;
      await monitoring.call(operation, { ...properties, AlarmName: name });
      return { ref: name, attributes: { Arn: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}` } };
    },
  };
}

const everyAlarm = [
  'ActionsEnabled',
  'AlarmActions',
  'AlarmDescription',
  'AlarmName',
  'InsufficientDataActions',
  'OKActions',
];

export const monitoring: Readonly<Record<string, ResourceType>> = {
  'AWS::Logs::LogGroup': logGroup,
  'AWS::Logs::MetricFilter': metricFilter,
  'AWS::CloudWatch::Alarm': alarm('PutMetricAlarm', [
    ...everyAlarm,
    'ComparisonOperator',
    'DatapointsToAlarm',
    'Dimensions',
    'EvaluateLowSampleCountPercentile',
    'EvaluationPeriods',
    'ExtendedStatistic',
    'MetricName',
    'Metrics',
    'Namespace',
    'Period',
    'Statistic',
    'Threshold',
    'TreatMissingData',
    'Unit',
  ]),
  'AWS::CloudWatch::CompositeAlarm': alarm('PutCompositeAlarm', [...everyAlarm, 'AlarmRule']),
};
