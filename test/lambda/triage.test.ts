import { describe, expect, it } from 'vitest';
import { triage } from '../../lambda/triage.ts';
import { settings } from './settings.ts';

const home = {
  settings,
  functionArn: 'arn:aws:lambda:ap-northeast-2:111122223333:function:shop-recovery',
  now: '2026-11-21T05:00:00.000Z',
};

/** The shape of CloudWatch's event, as its documentation shows it. */
function alarmEvent(change: Record<string, unknown> = {}, detail: Record<string, unknown> = {}) {
  return {
    version: '0',
    id: '2dde0eb1-528b-d2d5-9ca6-6d590caf2329',
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: '111122223333',
    time: '2026-11-21T04:58:40Z',
    region: 'ap-northeast-2',
    resources: ['arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:shop/orders-cdc/event-clock'],
    detail: {
      alarmName: 'shop/orders-cdc/event-clock',
      configuration: {
        metrics: [
          {
            id: 'm1',
            metricStat: {
              metric: { namespace: 'MSK_Connect', name: 'MilliSecondsSinceLastEvent', dimensions: {} },
              period: 60,
              stat: 'Minimum',
            },
            returnData: true,
          },
        ],
      },
      previousState: { value: 'OK', timestamp: '2026-11-21T03:00:00.000+0000' },
      state: {
        value: 'ALARM',
        reason: 'Threshold Crossed: 3 datapoints were greater than the threshold (150000.0).',
        reasonData: '{}',
        timestamp: '2026-11-21T04:58:40.123+0000',
      },
      ...detail,
    },
    ...change,
  };
}

function snsRecord(message: unknown) {
  return {
    EventVersion: '1.0',
    EventSource: 'aws:sns',
    EventSubscriptionArn: 'arn:aws:sns:ap-northeast-2:111122223333:alarms:1',
    Sns: {
      Type: 'Notification',
      Subject: 'ALARM',
      Message: typeof message === 'string' ? message : JSON.stringify(message),
    },
  };
}

/** The classic alarm action's message. */
function snsAlarm(change: Record<string, unknown> = {}) {
  return {
    AlarmName: 'shop/orders-cdc/event-clock',
    AlarmDescription: null,
    AWSAccountId: '111122223333',
    NewStateValue: 'ALARM',
    NewStateReason: 'Threshold Crossed',
    StateChangeTime: '2026-11-21T04:58:40.123+0000',
    Region: 'Asia Pacific (Seoul)',
    AlarmArn: 'arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:shop/orders-cdc/event-clock',
    OldStateValue: 'OK',
    Trigger: { MetricName: 'MilliSecondsSinceLastEvent', Namespace: 'MSK_Connect' },
    ...change,
  };
}

/** The reason for which an input is ignored; fails when it is not. */
function reasonOf(input: unknown): string | undefined {
  const asked = triage(input, home);
  expect(asked).toMatchObject({ kind: 'look', triggers: [] });
  return asked.kind === 'look' ? asked.ignored[0]?.reason : undefined;
}

describe('an alarm makes the function look', () => {
  const expected = {
    kind: 'alarm',
    connector: 'orders-cdc',
    signal: 'event-clock',
    alarm: 'shop/orders-cdc/event-clock',
    since: '2026-11-21T04:58:40.123Z',
  };

  it('as an EventBridge event', () => {
    expect(triage(alarmEvent(), home)).toMatchObject({ kind: 'look', triggers: [expected], ignored: [] });
  });

  it('of metric math, which has no dimension of its own: its name says whose it is', () => {
    const stat = (namespace: string, name: string) => ({ metric: { namespace, name }, period: 60, stat: 'Maximum' });
    const metrics = [
      { id: 'expr_1', expression: 'IF(reads, 0, IF(waiting > DIFF(waiting), waiting, 0))', returnData: true },
      { id: 'waiting', expression: 'SUM([m0, m1])', returnData: false },
      { id: 'reads', metricStat: stat('AWS/KafkaConnect', 'SinkRecordReadRate'), returnData: false },
      { id: 'm0', metricStat: stat('AWS/Kafka', 'SumOffsetLag'), returnData: false },
      { id: 'm1', metricStat: stat('AWS/Kafka', 'SumOffsetLag'), returnData: false },
    ];
    const event = alarmEvent(
      {},
      { alarmName: 'shop/orders-to-search/stalled-records', configuration: { description: '', metrics } },
    );
    expect(triage(event, home)).toMatchObject({
      kind: 'look',
      triggers: [{ kind: 'alarm', connector: 'orders-to-search', signal: 'stalled-records' }],
      ignored: [],
    });
  });

  it('wrapped in an SNS message', () => {
    expect(triage({ Records: [snsRecord(snsAlarm())] }, home)).toMatchObject({ triggers: [expected], ignored: [] });
  });

  it('once for each connector when several records come together', () => {
    const old = { AlarmName: 'shop/orders-cdc-old/offset-commits' };
    const asked = triage(
      { Records: [snsRecord(snsAlarm()), snsRecord(snsAlarm()), snsRecord(snsAlarm(old)), snsRecord('hello')] },
      home,
    );
    expect(asked).toMatchObject({
      triggers: [{ connector: 'orders-cdc' }, { connector: 'orders-cdc-old' }],
      ignored: [{ reason: 'an SNS message of 5 characters that is not JSON; expected that of a CloudWatch alarm' }],
    });
  });

  it('whatever its time looks like, and with a reason that cannot steer a terminal', () => {
    const state = { value: 'ALARM', reason: `\u001b[31mred\nline${'x'.repeat(2000)}`, timestamp: 'yesterday' };
    const asked = triage(alarmEvent({}, { state }), home);
    const trigger = asked.kind === 'look' ? asked.triggers[0] : undefined;
    expect(trigger).toMatchObject({ since: '2026-11-21T05:00:00.000Z' });
    const reason = trigger?.kind === 'alarm' ? trigger.reason : '';
    expect(reason).toMatch(/^\[31mred line/);
    expect(reason).toHaveLength(500);
  });
});

describe('an alarm is ignored, with its reason', () => {
  it.each([
    [
      'of another account',
      alarmEvent({ account: '999999999999' }),
      'alarm "shop/orders-cdc/event-clock" of another account',
    ],
    ['of another Region', alarmEvent({ region: 'us-east-1' }), 'alarm "shop/orders-cdc/event-clock" of another Region'],
    ['that is not ours', alarmEvent({}, { alarmName: 'cpu-high' }), 'alarm "cpu-high" is not one of this stack\'s'],
    [
      'with a name that objects have',
      alarmEvent({}, { alarmName: 'constructor' }),
      'alarm "constructor" is not one of this stack\'s',
    ],
    [
      'that is muted',
      alarmEvent({}, { muteDetail: { mutedBy: 'rule' } }),
      'alarm "shop/orders-cdc/event-clock" is muted',
    ],
    [
      'that is composite',
      alarmEvent({}, { configuration: { alarmRule: 'ALARM(a) OR ALARM(b)' } }),
      'alarm "shop/orders-cdc/event-clock" is composite; expected one that watches a metric',
    ],
    [
      'that watches nothing',
      alarmEvent({}, { configuration: { metrics: [] } }),
      'alarm "shop/orders-cdc/event-clock" is composite; expected one that watches a metric',
    ],
    [
      'that went back to OK',
      alarmEvent({}, { state: { value: 'OK' } }),
      'alarm "shop/orders-cdc/event-clock" went to OK, not to ALARM',
    ],
    [
      'without data',
      alarmEvent({}, { state: { value: 'INSUFFICIENT_DATA' } }),
      'alarm "shop/orders-cdc/event-clock" went to INSUFFICIENT_DATA, not to ALARM',
    ],
    [
      'of a Metrics Insights contributor',
      alarmEvent({ 'detail-type': 'CloudWatch Alarm Contributor State Change' }),
      'a contributor of a Metrics Insights alarm changed; this stack has one alarm for each connector and signal',
    ],
    [
      'in another shape',
      alarmEvent({}, { state: 'ALARM', alarmName: 7 }),
      'an alarm event of another shape: detail.alarmName: expected string; detail.state: expected Object',
    ],
    [
      'of another type',
      alarmEvent({ 'detail-type': 'EC2 Instance State' }),
      'an event of type "EC2 Instance State"; expected "CloudWatch Alarm State Change"',
    ],
    [
      'by SNS, of another Region',
      { Records: [snsRecord(snsAlarm({ AlarmArn: 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:a' }))] },
      'alarm "shop/orders-cdc/event-clock" of another Region',
    ],
    [
      'by SNS, composite',
      { Records: [snsRecord(snsAlarm({ AlarmRule: 'ALARM(a)' }))] },
      'alarm "shop/orders-cdc/event-clock" is composite; expected one that watches a metric',
    ],
    [
      'from a queue',
      { Records: [{ eventSource: 'aws:sqs', body: 'secret' }] },
      'a record that is not from SNS: EventSource: missing; Sns: missing',
    ],
  ])('%s', (_title, input, reason) => {
    expect(reasonOf(input)).toBe(reason);
  });

  it('that only tells people', () => {
    expect(reasonOf(alarmEvent({}, { alarmName: 'shop/orders-to-search/lag' }))).toBe(
      'alarm "shop/orders-to-search/lag" only tells people',
    );
  });

  it('of a connector that is not configured any more', () => {
    const without = { ...settings, connectors: settings.connectors.filter(({ name }) => name !== 'orders-cdc') };
    expect(triage(alarmEvent(), { ...home, settings: without })).toMatchObject({
      ignored: [
        { reason: 'alarm "shop/orders-cdc/event-clock" belongs to connector orders-cdc, which is not configured' },
      ],
    });
  });
});

describe('other inputs', () => {
  it.each([
    ['nothing', null, 'an input that is not a JSON object (object)'],
    ['a text', 'hello', 'an input that is not a JSON object (string)'],
    ['a list', [1], 'an input that is not a JSON object (a list)'],
    ['an empty object', {}, 'an input of a shape that is not known (no keys)'],
    [
      'strange keys, whose values are not repeated',
      { password: 'geheim', a: 1 },
      'an input of a shape that is not known (keys: password, a)',
    ],
    [
      'a schedule for a connector that is gone',
      { source: 'connector-recovery.schedule', connector: 'gone' },
      'a schedule for connector "gone", which is not configured',
    ],
    [
      'a schedule for one without',
      { source: 'connector-recovery.schedule', connector: 'orders-cdc-old' },
      'a schedule for connector orders-cdc-old, which has no preventive restart',
    ],
    [
      'a hand-over of one that is gone',
      { source: 'connector-recovery.look', connector: 'gone', why: 'x' },
      'a hand-over of connector "gone", which is not configured',
    ],
    [
      "a prefix of a connector's name",
      { source: 'connector-recovery.look', connector: 'orders', why: 'x' },
      'a hand-over of connector "orders", which is not configured',
    ],
    [
      'a hand-over that counts in words',
      { source: 'connector-recovery.look', connector: 'orders-cdc', why: 'x', handedOn: 'twice' },
      'a hand-over of another shape: handedOn: expected number',
    ],
    [
      'a hand-over without a reason',
      { source: 'connector-recovery.look', connector: 'orders-cdc' },
      'a hand-over of another shape: why: missing',
    ],
  ])('%s is ignored', (_title, input, reason) => {
    expect(reasonOf(input)).toBe(reason);
  });

  it('the sweep and the daily check', () => {
    expect(triage({ source: 'connector-recovery.sweep' }, home)).toEqual({ kind: 'sweep' });
    expect(triage({ source: 'connector-recovery.check' }, home)).toEqual({ kind: 'check' });
  });

  it('the schedule, with the remedy that is configured', () => {
    expect(triage({ source: 'connector-recovery.schedule', connector: 'orders-cdc' }, home)).toMatchObject({
      triggers: [{ kind: 'schedule', connector: 'orders-cdc', remedy: 'restart' }],
    });
  });

  it("the sweep's hand-over", () => {
    expect(
      triage({ source: 'connector-recovery.look', connector: 'orders-cdc', why: 'unfinished' }, home),
    ).toMatchObject({
      triggers: [{ kind: 'sweep', connector: 'orders-cdc', why: 'unfinished' }],
    });
  });
});

describe('a person', () => {
  it('asks for a look, a remedy, a dry run', () => {
    expect(triage({ connector: 'orders-cdc', remedy: 'recreate', dryRun: true, who: 'kim' }, home)).toEqual({
      kind: 'look',
      triggers: [{ kind: 'person', connector: 'orders-cdc', who: 'kim', remedy: 'recreate', dryRun: true }],
      ignored: [],
    });
  });

  it('is told every fault at once, and what was expected', () => {
    expect(triage({ connector: 'orders', remedy: 'reboot', dryRun: 'yes', force: true }, home)).toEqual({
      kind: 'rejected',
      faults: [
        'connector: "orders" is not configured; expected one of orders-cdc, orders-cdc-old, orders-to-search',
        'remedy: "reboot"; expected restart or recreate, or none for the configured order',
        'dryRun: "yes"; expected true or false',
        'unknown (keys: force); expected connector, remedy, dryRun, who',
      ],
    });
  });

  it('says who he is where the command of a mail leaves it to him', () => {
    expect(triage({ connector: 'orders-cdc', remedy: 'recreate', who: 'your name' }, home)).toEqual({
      kind: 'rejected',
      faults: ['who: "your name"; expected who you are'],
    });
  });
});
