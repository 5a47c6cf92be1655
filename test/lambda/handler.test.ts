import { PutObjectCommand } from '@aws-sdk/client-s3';
import { PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { CreateTopicCommand } from '@aws-sdk/client-sns';
import { afterEach, describe, expect, it } from 'vitest';
import { invoke, type InvocationContext } from '../../lambda/handler.ts';
import { bucketObjects } from '../../store/objects.ts';
import { AwsError } from '../../local/aws/awsError.ts';
import type { LocalService } from '../../local/aws/service.ts';
import { scripted, startServices, type TestServices } from './services.ts';
import { settings } from './settings.ts';

let services: TestServices;
afterEach(() => services.close());

const context: InvocationContext = {
  awsRequestId: 'request-1',
  invokedFunctionArn: 'arn:aws:lambda:ap-northeast-2:111122223333:function:shop-recovery:live',
  getRemainingTimeInMillis: () => 60_000,
};

const handedOver: unknown[] = [];

function lambda(): LocalService {
  handedOver.splice(0);
  return scripted('lambda', {
    Invoke: ({ FunctionName, InvocationType, Payload }) => {
      handedOver.push({
        FunctionName,
        InvocationType,
        ...(JSON.parse(Buffer.from(Payload as Uint8Array).toString()) as object),
      });
      return { StatusCode: 202 };
    },
  });
}

async function start(kafkaConnect: LocalService, invoked: LocalService = lambda()) {
  services = await startServices([kafkaConnect, invoked]);
  return {
    settings,
    clients: services.clients,
    bucket: 'shop',
    topicArn: 'arn:aws:sns:ap-northeast-2:111122223333:people',
  };
}

const all = scripted('kafkaconnect', {
  ListConnectors: () => ({
    connectors: [
      { connectorName: 'orders-cdc', connectorState: 'RUNNING' },
      { connectorName: 'orders-cdc-old', connectorState: 'FAILED' },
      { connectorName: 'orders', connectorState: 'FAILED' },
    ],
  }),
});

describe('the daily check', () => {
  it('answers who is ready, who is not and why, and whether people were told', async () => {
    const process = await start(scripted('kafkaconnect', { ListConnectors: () => ({ connectors: [] }) }));
    await services.clients.sns.send(new CreateTopicCommand({ Name: 'people' }));
    const nobody =
      'blocks: absent: there is no connector of that name in this account and Region, and no saved config that could be created';
    expect(await invoke(process, { source: 'connector-recovery.check' }, context)).toEqual({
      kind: 'checked',
      ready: [],
      notReady: {
        'orders-cdc': [`${nobody} (s3://shop/connectors/orders-cdc.json)`],
        'orders-cdc-old': [`${nobody} (s3://shop/connectors/orders-cdc-old.json)`],
        'orders-to-search': [`${nobody} (s3://shop/connectors/orders-to-search.json)`],
        '(every connector)': ['blocks: sweep-unseen: the sweep has never been seen'],
      },
      unread: [],
      told: true,
    });
    expect(services.sns.inbox().map(({ subject }) => subject)).toEqual([
      '[connector-recovery] readiness: 4 new findings on 3 connectors',
    ]);
  });

  it('of an account that does not answer says so, tells nobody, and fails nothing', async () => {
    const throttled = new AwsError('TooManyRequestsException', 429, 'slow down');
    const silent = scripted('kafkaconnect', {
      ListConnectors: () => {
        throw throttled;
      },
    });
    const process = await start(silent);
    await bucketObjects(services.clients.s3, 'shop').write(
      'sweep.json',
      JSON.stringify({ at: new Date().toISOString() }),
    );
    expect(await invoke(process, { source: 'connector-recovery.check' }, context)).toEqual({
      kind: 'checked',
      ready: [],
      notReady: {},
      unread: ['orders-cdc', 'orders-cdc-old', 'orders-to-search'],
      told: false,
    });
    expect(services.sns.inbox()).toEqual([]);
  });
});

describe('the sweep', () => {
  const itself = {
    FunctionName: 'arn:aws:lambda:ap-northeast-2:111122223333:function:shop-recovery',
    InvocationType: 'Event',
    source: 'connector-recovery.look',
  };

  it('gives each connector that needs a look an invocation of its own, and writes down that it ran', async () => {
    const process = await start(all);
    const { s3, cloudWatch } = services.clients;
    await s3.send(new PutObjectCommand({ Bucket: 'shop', Key: 'connectors/orders-cdc-old.json', Body: '{}' }));
    await s3.send(new PutObjectCommand({ Bucket: 'shop', Key: 'connectors/orders-to-search.json', Body: '{}' }));
    await s3.send(new PutObjectCommand({ Bucket: 'shop', Key: 'journals/orders-to-search.json', Body: 'broken' }));
    const AlarmName = 'shop/orders-cdc/event-clock';
    await cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: 'a',
        MetricName: 'b',
        Statistic: 'Minimum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );
    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'test' }));

    await invoke(process, { source: 'connector-recovery.sweep' }, context);

    expect(handedOver).toEqual([
      {
        ...itself,
        connector: 'orders-cdc',
        why: 'alarm shop/orders-cdc/event-clock is still in ALARM; its configuration is not saved yet',
      },
      { ...itself, connector: 'orders-cdc-old', why: 'the connector is FAILED' },
      {
        ...itself,
        connector: 'orders-to-search',
        why: 'the journal is 6 characters that are not JSON; the connector does not exist',
      },
    ]);
    const record = await bucketObjects(s3, 'shop').read('sweep.json');
    expect(record.kind === 'read' && Object.keys(JSON.parse(record.text) as object)).toEqual(['at', 'comparedAt']);
  });

  it('compares only every five minutes', async () => {
    const process = await start(all);
    const now = new Date().toISOString();
    await bucketObjects(services.clients.s3, 'shop').write('sweep.json', JSON.stringify({ at: now, comparedAt: now }));
    expect(await invoke(process, { source: 'connector-recovery.sweep' }, context)).toEqual({
      kind: 'swept',
      handedOver: [],
    });
    expect(services.calls.filter(({ operation }) => operation === 'ListConnectors')).toEqual([]);
  });

  it('fails, and does not count as run, when it could not hand over', async () => {
    const deaf = scripted('lambda', {
      Invoke: () => {
        throw new AwsError('AccessDeniedException', 403, 'no');
      },
    });
    const process = await start(all, deaf);
    await expect(invoke(process, { source: 'connector-recovery.sweep' }, context)).rejects.toThrow(
      /could not be handed over/,
    );
    expect(await bucketObjects(services.clients.s3, 'shop').read('sweep.json')).toEqual({ kind: 'missing' });
  });
});

describe('an invocation', () => {
  async function deletionUnderWay() {
    const arn =
      'arn:aws:kafkaconnect:ap-northeast-2:111122223333:connector/orders-cdc/11111111-2222-4333-8444-555555555555-2';
    const deleting = {
      connectorName: 'orders-cdc',
      connectorArn: arn,
      connectorState: 'DELETING',
      currentVersion: 'K1',
    };
    const goingAway = scripted('kafkaconnect', {
      ListConnectors: () => ({ connectors: [deleting] }),
      DescribeConnector: () => ({ ...deleting, kafkaConnectVersion: '3.7.x', connectorConfiguration: {} }),
      ListConnectorOperations: () => ({ connectorOperations: [] }),
      ListTagsForResource: () => ({ tags: {} }),
    });
    const process = await start(goingAway);
    const at = new Date().toISOString();
    const recreateFrom = { connectorName: 'orders-cdc', kafkaConnectVersion: '3.7.x', connectorConfiguration: {} };
    const trigger = { kind: 'sweep', connector: 'orders-cdc', why: 'test' };
    const verdict = { kind: 'dead', because: 'silent', wouldChange: 'a record', evidence: [] };
    const acts = [{ kind: 'delete', intendedAt: at, arn, version: 'K1', recreateFrom, acceptedAt: at }];
    const recovery = { id: 'r1', openedAt: at, trigger, verdict, acts };
    const journals = bucketObjects(services.clients.s3, 'shop');
    const journal = { schema: 1, connector: 'orders-cdc', history: [], recovery };
    await journals.write('journals/orders-cdc.json', JSON.stringify(journal));
    return { process, journals };
  }

  const nearlyOver = { ...context, getRemainingTimeInMillis: () => 31_000 };
  const handed = { source: 'connector-recovery.look', connector: 'orders-cdc', why: 'x' };

  it('hands a recovery under way to the next one when its own time is up, and leaves it no lease to wait for', async () => {
    const { process, journals } = await deletionUnderWay();

    const answer = await invoke(process, handed, nearlyOver);

    expect(answer).toMatchObject({ looks: [{ ended: 'time-spent' }] });
    expect(handedOver).toEqual([
      {
        FunctionName: 'arn:aws:lambda:ap-northeast-2:111122223333:function:shop-recovery',
        InvocationType: 'Event',
        source: 'connector-recovery.look',
        connector: 'orders-cdc',
        why: 'the invocation before it ran out of time',
        handedOn: 1,
      },
    ]);
    const left = await journals.read('journals/orders-cdc.json');
    expect(left.kind === 'read' && 'lease' in (JSON.parse(left.text) as object)).toBe(false);
  });

  it('counts how often it was handed on, and leaves it to the sweep before Lambda takes that for a runaway loop', async () => {
    const { process, journals } = await deletionUnderWay();
    await invoke(process, { ...handed, handedOn: 11 }, nearlyOver);
    expect(handedOver).toMatchObject([{ connector: 'orders-cdc', handedOn: 12 }]);

    const answer = await invoke(process, { ...handed, handedOn: 12 }, nearlyOver);

    expect(answer).toMatchObject({
      looks: [{ ended: 'time-spent', reason: expect.stringMatching(/^the sweep goes on/) }],
    });
    expect(handedOver).toHaveLength(1);
    const left = await journals.read('journals/orders-cdc.json');
    expect(left.kind === 'read' && 'lease' in (JSON.parse(left.text) as object)).toBe(false);
  });

  it('tells a person every fault of an input', async () => {
    const process = await start(all);
    expect(await invoke(process, { connector: 'orders' }, context)).toEqual({
      kind: 'rejected',
      faults: ['connector: "orders" is not configured; expected one of orders-cdc, orders-cdc-old, orders-to-search'],
    });
  });

  it('touches nothing for an input that it ignores', async () => {
    const process = await start(all);
    expect(await invoke(process, { hello: 1 }, context)).toEqual({
      kind: 'looked',
      looks: [],
      ignored: ['an input of a shape that is not known (keys: hello)'],
    });
    expect(services.calls).toEqual([]);
  });

  it('of a dry run answers with the decision and its reason, and writes nothing', async () => {
    const gone = scripted('kafkaconnect', { ListConnectors: () => ({ connectors: [] }) });
    const process = await start(gone);
    const answer = await invoke(process, { connector: 'orders-cdc', dryRun: true }, context);
    expect(answer).toMatchObject({
      kind: 'looked',
      looks: [{ connector: 'orders-cdc', ended: 'dry-run', reason: expect.stringMatching(/./) }],
    });
    expect(services.calls.map(({ operation }) => operation)).not.toContain('PutObject');
  });

  it('that finds the lease held ends normally', async () => {
    const process = await start(all);
    const until = new Date(Date.now() + 60_000).toISOString();
    const journal = { schema: 1, connector: 'orders-cdc', history: [], lease: { holder: 'another', until } };
    await bucketObjects(services.clients.s3, 'shop').write('journals/orders-cdc.json', JSON.stringify(journal));
    expect(await invoke(process, { connector: 'orders-cdc' }, context)).toEqual({
      kind: 'looked',
      looks: [
        {
          connector: 'orders-cdc',
          ended: 'lease-held',
          reason: `another invocation is at work on it, until ${until} at least`,
        },
      ],
      ignored: [],
    });
  });
});
