import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCreateRequest, parseCreateRequest } from '../../recovery/createRequest.ts';
import { request } from './examples.ts';

function faultsOf(value: unknown): string[] {
  const read = checkCreateRequest(value, 'orders-cdc');
  return read.kind === 'valid' ? [] : read.faults;
}

const autoScaling = { maxWorkerCount: 2, mcuCount: 1, minWorkerCount: 1 };
const provisionedCapacity = { mcuCount: 1, workerCount: 1 };

describe('a saved config is a create request for that connector', () => {
  it('is given back as it was read', () => {
    expect(parseCreateRequest(JSON.stringify(request()), 'orders-cdc')).toEqual({ kind: 'valid', request: request() });
  });

  it.each([
    {
      what: 'every optional field',
      value: {
        ...request(),
        capacity: { autoScaling },
        networkType: 'DUAL',
        tags: { team: 'a' },
        connectorDescription: 'x',
        logDelivery: { workerLogDelivery: { cloudWatchLogs: { enabled: true, logGroup: 'g' } } },
        workerConfiguration: {
          workerConfigurationArn: 'arn:aws:kafkaconnect:eu-west-1:1:worker-configuration/w/1',
          revision: 1,
        },
      },
    },
    { what: 'another partition', value: { ...request(), serviceExecutionRoleArn: 'arn:aws-cn:iam::1:role/r' } },
  ])('may have $what', ({ value }) => {
    expect(faultsOf(value)).toEqual([]);
  });

  it.each([
    { what: 'an unknown field', value: { ...request(), connectorArn: 'arn' }, fault: 'connectorArn: an unknown field' },
    {
      what: 'an unknown field deep inside',
      value: { ...request(), capacity: { provisionedCapacity: { ...provisionedCapacity, x: 1 } } },
      fault: 'capacity.provisionedCapacity.x: an unknown field',
    },
    {
      what: 'both capacities',
      value: { ...request(), capacity: { autoScaling, provisionedCapacity } },
      fault: 'capacity: expected exactly one of',
    },
    { what: 'neither capacity', value: { ...request(), capacity: {} }, fault: 'capacity: expected exactly one of' },
    {
      what: 'another name',
      value: { ...request(), connectorName: 'orders-cdc-2' },
      fault: 'connectorName: expected "orders-cdc", found "orders-cdc-2"',
    },
    {
      what: 'a name of 129 characters',
      value: { ...request(), connectorName: 'a'.repeat(129) },
      fault: 'connectorName',
    },
    {
      what: 'an aws: tag',
      value: { ...request(), tags: { 'aws:cloudformation:stack-name': 's' } },
      fault: 'does not begin with aws:',
    },
    {
      what: 'an AWS: tag in capitals',
      value: { ...request(), tags: { 'AWS:x': 's' } },
      fault: 'does not begin with aws:',
    },
    {
      what: 'a number in the configuration',
      value: { ...request(), connectorConfiguration: { 'connector.class': 'x', 'tasks.max': 1 } },
      fault: 'connectorConfiguration.tasks.max: expected string',
    },
    {
      what: 'no connector.class',
      value: { ...request(), connectorConfiguration: {} },
      fault: 'connectorConfiguration: expected a connector.class',
    },
    { what: 'no plugin', value: { ...request(), plugins: [] }, fault: 'plugins' },
    {
      what: 'a role that is none',
      value: { ...request(), serviceExecutionRoleArn: 'connect-execution' },
      fault: 'serviceExecutionRoleArn: expected an ARN of iam',
    },
    {
      what: 'half a worker',
      value: { ...request(), capacity: { provisionedCapacity: { mcuCount: 1, workerCount: 0.5 } } },
      fault: 'capacity.provisionedCapacity.workerCount',
    },
    { what: 'a list', value: [], fault: 'connectorName' },
    { what: 'nothing', value: null, fault: 'the object' },
  ])('may not have $what', ({ value, fault }) => {
    expect(faultsOf(value).join('\n')).toContain(fault);
  });

  it('says every fault at once', () => {
    expect(
      faultsOf({ ...request(), capacity: {}, plugins: [], x: 1, connectorName: 'other' }).length,
    ).toBeGreaterThanOrEqual(4);
  });

  it.each(['', '{', 'yes', '{"connectorName": }'])('is not JSON: %s', (text) => {
    expect(parseCreateRequest(text, 'orders-cdc')).toEqual({ kind: 'invalid', faults: ['The object is not JSON.'] });
  });

  it('never repeats a secret, wherever it was put by mistake', () => {
    const secret = 'hunter2-SECRET';
    const misplaced = fc.constantFrom<unknown>(
      `password=${secret}`,
      { ...request(), connectorConfiguration: `database.password=${secret}` },
      { ...request(), connectorConfiguration: [secret] },
      { ...request(), connectorConfiguration: { 'connector.class': 'x', 'database.password': [secret] } },
      { ...request(), connectorConfiguration: { 'connector.class': 'x', 'database.password': { value: secret } } },
      { ...request(), capacity: secret },
      { ...request(), plugins: [secret] },
      { ...request(), tags: secret },
      { ...request(), kafkaClusterClientAuthentication: { authenticationType: secret } },
      { ...request(), serviceExecutionRoleArn: secret },
      { ...request(), kafkaCluster: { apacheKafkaCluster: secret } },
      { ...request(), extra: secret },
    );
    fc.assert(
      fc.property(misplaced, (value) => {
        const read = parseCreateRequest(JSON.stringify(value), 'orders-cdc');
        expect(read.kind).toBe('invalid');
        expect(JSON.stringify(read)).not.toContain(secret);
      }),
      { numRuns: 60 },
    );
  });
});
