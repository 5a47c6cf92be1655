import { list, optionalNumber, optionalText, physicalName, text, type ResourceType } from '../resource.ts';

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

/** Its properties bear the names of the API's. */
const alarm: ResourceType = {
  uses: [
    'ActionsEnabled',
    'AlarmActions',
    'AlarmDescription',
    'AlarmName',
    'ComparisonOperator',
    'DatapointsToAlarm',
    'Dimensions',
    'EvaluationPeriods',
    'ExtendedStatistic',
    'InsufficientDataActions',
    'MetricName',
    'Metrics',
    'Namespace',
    'OKActions',
    'Period',
    'Statistic',
    'Threshold',
    'TreatMissingData',
    'Unit',
  ],
  ignores: ['Tags'],
  async deploy(resource, { monitoring: service, region, accountId }) {
    const name = optionalText(resource, 'AlarmName') ?? physicalName(resource, 255);
    const { Tags: _tags, ...properties } = resource.properties;
    await service.call('PutMetricAlarm', { ...properties, AlarmName: name });
    return { ref: name, attributes: { Arn: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}` } };
  },
};

export const monitoring: Readonly<Record<string, ResourceType>> = {
  'AWS::Logs::LogGroup': logGroup,
  'AWS::Logs::MetricFilter': metricFilter,
  'AWS::CloudWatch::Alarm': alarm,
};
