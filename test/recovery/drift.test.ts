import { describe, expect, it } from 'vitest';
import type { CreateRequest } from '../../recovery/connector.ts';
import { drift } from '../../recovery/drift.ts';
import { request } from './examples.ts';

const cluster = (subnets: string[], bootstrapServers = 'b-1.example.com:9098,b-2.example.com:9098') => ({
  kafkaCluster: { apacheKafkaCluster: { bootstrapServers, vpc: { subnets, securityGroups: ['sg-1'] } } },
});
const logs = (enabled: boolean) => ({ logDelivery: { workerLogDelivery: { s3: { enabled } } } });

describe('where the saved config differs from the live one', () => {
  const rows: readonly { what: string; saved?: object; live?: object; fields: string[] }[] = [
    { what: 'nothing', fields: [] },
    {
      what: 'a value',
      live: request({ 'database.password': 'new' }),
      saved: request({ 'database.password': 'old' }),
      fields: ['connectorConfiguration.database.password'],
    },
    {
      what: 'a key more and a key less',
      live: request({ b: '1' }),
      saved: request({ a: '1' }),
      fields: ['connectorConfiguration.a', 'connectorConfiguration.b'],
    },
    { what: 'the order of subnets', live: cluster(['subnet-2', 'subnet-1']), fields: [] },
    {
      what: 'a subnet',
      live: cluster(['subnet-1', 'subnet-3']),
      fields: ['kafkaCluster.apacheKafkaCluster.vpc.subnets'],
    },
    {
      what: 'the brokers',
      live: cluster(['subnet-1', 'subnet-2'], 'other:9098'),
      fields: ['kafkaCluster.apacheKafkaCluster.bootstrapServers'],
    },
    { what: 'tags and description', live: { tags: { a: 'b' }, connectorDescription: 'x' }, fields: [] },
    { what: 'an absent network type and IPV4', live: { networkType: 'IPV4' }, fields: [] },
    { what: 'DUAL', live: { networkType: 'DUAL' }, fields: ['networkType'] },
    { what: 'log delivery that is switched off', live: logs(false), fields: [] },
    { what: 'log delivery that is switched on', live: logs(true), fields: ['logDelivery'] },
    {
      what: 'the capacity',
      live: { capacity: { provisionedCapacity: { mcuCount: 2, workerCount: 1 } } },
      fields: ['capacity.provisionedCapacity.mcuCount'],
    },
    {
      what: 'the plugin’s revision',
      live: {
        plugins: [
          {
            customPlugin: {
              customPluginArn: 'arn:aws:kafkaconnect:eu-west-1:111122223333:custom-plugin/p/1',
              revision: 2,
            },
          },
        ],
      },
      fields: ['plugins'],
    },
    {
      what: 'the order of keys in a plugin',
      live: {
        plugins: [
          {
            customPlugin: {
              revision: 1,
              customPluginArn: 'arn:aws:kafkaconnect:eu-west-1:111122223333:custom-plugin/p/1',
            },
          },
        ],
      },
      fields: [],
    },
    {
      what: 'the worker configuration',
      live: { workerConfiguration: { workerConfigurationArn: 'w', revision: 1 } },
      fields: ['workerConfiguration'],
    },
    { what: 'an empty value', saved: request({ a: '' }), fields: ['connectorConfiguration.a'] },
  ];
  it.each(rows)('$what', ({ saved, live, fields }) => {
    const made = (changes: object | undefined): CreateRequest => ({ ...request(), ...changes });
    expect(drift(made(saved), made(live))).toEqual(fields);
    expect(drift(made(live), made(saved))).toEqual(fields);
  });
});
