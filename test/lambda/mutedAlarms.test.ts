import { afterEach, describe, expect, it } from 'vitest';
import { withoutMuted } from '../../lambda/mutedAlarms.ts';
import { AwsError } from '../../local/aws/awsError.ts';
import { scripted, startServices, type TestServices } from './services.ts';

let services: TestServices;
afterEach(() => services.close());

const [clock, tasks] = ['shop/orders-cdc/event-clock', 'shop/orders-cdc/running-tasks'];
const notes: string[] = [];
const recorder = { note: (event: string) => void notes.push(event) };
const rule = (at: string, minutes: number, alarms: readonly string[]) => ({
  Name: `maintenance-at-${at}`,
  Rule: { Schedule: { Expression: `at(${at})`, Duration: `PT${minutes}M` } },
  MuteTargets: { AlarmNames: alarms },
});

describe('alarms that a person mutes', () => {
  it.each([
    { what: 'nothing is muted', rules: [], loud: [clock, tasks] },
    { what: 'one is muted now', rules: [rule('2026-11-21T04:30', 60, [clock])], loud: [tasks] },
    { what: 'all are', rules: [rule('2026-11-21T04:30', 60, [clock, tasks])], loud: [] },
    { what: 'it will be muted in an hour', rules: [rule('2026-11-21T05:50', 60, [clock])], loud: [clock, tasks] },
    { what: 'its hour is over', rules: [rule('2026-11-21T03:30', 60, [clock])], loud: [clock, tasks] },
    { what: "somebody else's is", rules: [rule('2026-11-21T04:30', 60, ['billing/cpu'])], loud: [clock, tasks] },
  ])('$what: $loud count', async ({ rules, loud }) => {
    services = await startServices();
    for (const one of rules) await services.cloudWatch.call('PutAlarmMuteRule', one);
    expect(await withoutMuted([clock, tasks], services.clients.cloudWatch, recorder)).toEqual(loud);
  });

  it('are not asked for where no alarm is on', async () => {
    services = await startServices();
    expect(await withoutMuted([], services.clients.cloudWatch, recorder)).toEqual([]);
    expect(services.calls).toEqual([]);
  });

  it('all count where nobody may know', async () => {
    const denied = scripted('monitoring', {
      ListAlarmMuteRules: () => {
        throw new AwsError('AccessDenied', 403, 'no');
      },
    });
    services = await startServices([denied]);
    expect(await withoutMuted([clock], services.clients.cloudWatch, recorder)).toEqual([clock]);
    expect(notes).toContain('sweep.mutes-unread');
  });
});
