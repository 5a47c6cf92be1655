import { describe, expect, it } from 'vitest';
import { eventBridge } from '../../../local/events/eventBridge.ts';
import { scheduler, type ScheduleInput } from '../../../local/events/scheduler.ts';
import { TargetError } from '../../../local/events/targets.ts';
import { VirtualClock } from '../../../local/virtualClock.ts';

const account = { region: 'eu-central-1', accountId: '123456789012' };
const start = Date.parse('2026-03-28T00:00:00Z');

/** Both services before one recorder of deliveries; `failing` says what a delivery meets. */
function services(failing: () => TargetError | undefined = () => undefined) {
  const clock = new VirtualClock(start);
  const delivered: { arn: string; payload: unknown; atSeconds: number; role?: string | undefined }[] = [];
  const buried: { arn: string; attributes: Readonly<Record<string, string>>; body: string }[] = [];
  const metrics: string[] = [];
  let tries = 0;
  const world = {
    clock,
    account,
    telemetry: { log: () => undefined, metric: (_namespace: string, name: string) => void metrics.push(name) },
    deliver: async (arn: string, payload: string, caller: { readonly roleArn?: string }) => {
      tries += 1;
      const error = failing();
      if (error !== undefined) throw error;
      delivered.push({
        arn,
        payload: JSON.parse(payload),
        atSeconds: (clock.now() - start) / 1000,
        role: caller.roleArn,
      });
    },
    bury: async (
      arn: string,
      message: { readonly body: string; readonly attributes: Readonly<Record<string, string>> },
    ) => void buried.push({ arn, ...message }),
  };
  return {
    clock,
    delivered,
    buried,
    metrics,
    tries: () => tries,
    events: eventBridge(world),
    schedules: scheduler(world),
  };
}

const rule = { name: 'shop', arn: 'arn:rule/shop', state: 'ENABLED' } as const;
const entry = { Source: 'shop', DetailType: 'Order', Detail: '{"n":1}' };

describe('EventBridge', () => {
  it('gives a matching event to every target of the rule, as the target wants it', async () => {
    const { events, clock, delivered } = services();
    events.putRule({ ...rule, eventPattern: { source: ['shop'], detail: { n: [{ numeric: ['>', 0] }] } } });
    events.putTargets('shop', [
      { Id: '1', Arn: 'arn:one', InputTransformer: { InputPathsMap: { n: '$.detail.n' }, InputTemplate: '{"n":<n>}' } },
      { Id: '2', Arn: 'arn:two', Input: '{"fixed":true}', RoleArn: 'arn:role' },
    ]);
    const answer = await events.call('PutEvents', { Entries: [entry, { ...entry, Detail: '{"n":0}' }] });
    await clock.advanceBy(0);
    expect(answer['FailedEntryCount']).toBe(0);
    expect(delivered).toEqual([
      { arn: 'arn:one', payload: { n: 1 }, atSeconds: 0, role: undefined },
      { arn: 'arn:two', payload: { fixed: true }, atSeconds: 0, role: 'arn:role' },
    ]);
  });

  it('puts the envelope around what is put', async () => {
    const { events } = services();
    await events.call('PutEvents', { Entries: [{ ...entry, Resources: ['arn:x'] }] });
    expect(events.seen).toEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'Order',
        source: 'shop',
        account: '123456789012',
        time: '2026-03-28T00:00:00Z',
        region: 'eu-central-1',
        resources: ['arn:x'],
        detail: { n: 1 },
      },
    ]);
  });

  it.each([
    ['no detail', { Source: 'shop', DetailType: 'Order' }, 'InvalidArgument'],
    ['detail that is no JSON', { ...entry, Detail: '{' }, 'MalformedDetail'],
    ["a source of AWS's own", { ...entry, Source: 'aws.cloudwatch' }, 'NotAuthorizedForSourceException'],
    ['another bus', { ...entry, EventBusName: 'mine' }, 'InvalidArgument'],
  ])('refuses an entry with %s, and takes the one beside it', async (_name, bad, code) => {
    const { events } = services();
    const answer = await events.call('PutEvents', { Entries: [bad, entry] });
    expect(answer).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: code }, { EventId: expect.any(String) }],
    });
    expect(events.seen).toHaveLength(1);
  });

  it('does nothing for a disabled rule, and refuses a broken one', async () => {
    const { events, clock, delivered } = services();
    events.putRule({ ...rule, state: 'DISABLED', eventPattern: { source: ['shop'] } });
    events.putTargets('shop', [{ Id: '1', Arn: 'arn:one' }]);
    await events.call('PutEvents', { Entries: [entry] });
    await clock.advanceBy(1000);
    expect(delivered).toEqual([]);
    expect(() => events.putRule({ ...rule, eventPattern: { source: 'shop' } })).toThrow(
      expect.objectContaining({ code: 'InvalidEventPatternException' }),
    );
    expect(() => events.putRule(rule)).toThrow(expect.objectContaining({ code: 'ValidationException' }));
    expect(() => events.putTargets('nobody', [])).toThrow(
      expect.objectContaining({ code: 'ResourceNotFoundException' }),
    );
  });

  it('runs a rule by its schedule, the first time one rate after its making', async () => {
    const { events, clock, delivered } = services();
    events.putRule({ ...rule, scheduleExpression: 'rate(5 minutes)' });
    events.putTargets('shop', [{ Id: '1', Arn: 'arn:one', InputPath: '$.detail-type' }]);
    await clock.advanceBy(11 * 60_000);
    expect(delivered.map(({ atSeconds, payload }) => [atSeconds, payload])).toEqual([
      [300, 'Scheduled Event'],
      [600, 'Scheduled Event'],
    ]);
  });

  it('does not try again where a permission is missing, and sends the event to the dead letters', async () => {
    const { events, clock, buried, tries, metrics } = services(() => new TargetError('NO_PERMISSIONS', 'no', false));
    events.putRule({ ...rule, eventPattern: { source: ['shop'] } });
    events.putTargets('shop', [{ Id: '1', Arn: 'arn:one', DeadLetterConfig: { Arn: 'arn:queue' } }]);
    await events.call('PutEvents', { Entries: [entry] });
    await clock.advanceBy(3_600_000);
    expect(tries()).toBe(1);
    expect(buried).toMatchObject([
      {
        arn: 'arn:queue',
        attributes: { RULE_ARN: 'arn:rule/shop', TARGET_ARN: 'arn:one', ERROR_CODE: 'NO_PERMISSIONS' },
      },
    ]);
    expect(metrics).toContain('FailedInvocations');
  });

  it('tries again as often as the retry policy says', async () => {
    const { events, clock, tries } = services(() => new TargetError('THROTTLED', 'later', true));
    events.putRule({ ...rule, eventPattern: { source: ['shop'] } });
    events.putTargets('shop', [{ Id: '1', Arn: 'arn:one', RetryPolicy: { MaximumRetryAttempts: 2 } }]);
    await events.call('PutEvents', { Entries: [entry] });
    await clock.advanceBy(3_600_000);
    expect(tries()).toBe(3);
  });
});

describe('EventBridge Scheduler', () => {
  const schedule = (over: Partial<ScheduleInput>): ScheduleInput => ({
    Name: 'restart',
    ScheduleExpression: 'cron(30 2 * * ? *)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: 'arn:fn', RoleArn: 'arn:role', Input: '{"connector":"shop"}' },
    ...over,
  });

  it('calls its target with its input, in its time zone', async () => {
    const { schedules, clock, delivered } = services();
    schedules.createSchedule(schedule({ ScheduleExpressionTimezone: 'Europe/Berlin' }));
    await clock.advanceBy(36 * 3_600_000);
    // On the 29th the clocks skip half past two.
    expect(delivered).toEqual([{ arn: 'arn:fn', payload: { connector: 'shop' }, atSeconds: 5400, role: 'arn:role' }]);
  });

  it('begins a rate at once', async () => {
    const { schedules, clock, delivered } = services();
    schedules.createSchedule(schedule({ ScheduleExpression: 'rate(1 minute)' }));
    await clock.advanceBy(120_000);
    expect(delivered.map(({ atSeconds }) => atSeconds)).toEqual([0, 60, 120]);
  });

  it('leaves a disabled schedule alone, and shows it', async () => {
    const { schedules, clock, delivered } = services();
    schedules.createSchedule(schedule({ State: 'DISABLED', ScheduleExpression: 'rate(1 minute)' }));
    await clock.advanceBy(600_000);
    expect(delivered).toEqual([]);
    expect(await schedules.call('GetSchedule', { Name: 'restart' })).toMatchObject({
      Arn: 'arn:aws:scheduler:eu-central-1:123456789012:schedule/default/restart',
      State: 'DISABLED',
      ScheduleExpressionTimezone: 'UTC',
      CreationDate: new Date('2026-03-28T00:00:00Z'),
    });
  });

  it('lists by group and by the beginning of the name', async () => {
    const { schedules } = services();
    expect(schedules.createGroup('recovery')).toBe(
      'arn:aws:scheduler:eu-central-1:123456789012:schedule-group/recovery',
    );
    schedules.createSchedule(schedule({ GroupName: 'recovery', State: 'DISABLED' }));
    schedules.createSchedule(schedule({ Name: 'sweep', State: 'DISABLED' }));
    const names = async (input: Readonly<Record<string, unknown>>) =>
      ((await schedules.call('ListSchedules', input))['Schedules'] as { Name: string }[]).map(({ Name }) => Name);
    expect(await names({})).toEqual(['restart', 'sweep']);
    expect(await names({ GroupName: 'recovery' })).toEqual(['restart']);
    expect(await names({ NamePrefix: 'sw' })).toEqual(['sweep']);
  });

  it('stops trying at the maximum age of the event, and buries it', async () => {
    const { schedules, clock, tries, buried } = services(() => new TargetError('THROTTLED', 'later', true));
    schedules.createSchedule(
      schedule({
        ScheduleExpression: 'at(2026-03-28T01:00:00)',
        Target: {
          Arn: 'arn:fn',
          RoleArn: 'arn:role',
          RetryPolicy: { MaximumEventAgeInSeconds: 60 },
          DeadLetterConfig: { Arn: 'arn:queue' },
        },
      }),
    );
    await clock.advanceBy(24 * 3_600_000);
    // After 0, 1, 3, 7, 15 and 31 s; the next one, after 63 s, would be too old.
    expect(tries()).toBe(6);
    expect(buried).toMatchObject([{ arn: 'arn:queue', attributes: { ERROR_CODE: 'THROTTLED' } }]);
  });

  it.each([
    ['an expression that is none', { ScheduleExpression: 'daily' }, 'ValidationException'],
    ['a flexible time window', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } } as const, 'ValidationException'],
    ['a group that is not there', { GroupName: 'nobody' }, 'ResourceNotFoundException'],
  ])('refuses %s', async (_name, over, code) => {
    const { schedules } = services();
    await expect(schedules.call('CreateSchedule', { ...schedule(over) })).rejects.toMatchObject({ code });
  });

  it('refuses a name that is taken, and does not know what it does not know', async () => {
    const { schedules } = services();
    schedules.createSchedule(schedule({}));
    expect(() => schedules.createSchedule(schedule({}))).toThrow(
      expect.objectContaining({ code: 'ConflictException' }),
    );
    await expect(schedules.call('GetSchedule', { Name: 'x' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
    await expect(schedules.call('UpdateSchedule', {})).rejects.toMatchObject({ code: 'UnknownOperationException' });
  });
});
