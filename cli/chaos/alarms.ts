import type { FunctionSettings } from '../../settings/connectorSettings.ts';
import type { Account } from './account.ts';
import type { Life } from './life.ts';

/** From a failure until an alarm's datapoints say so. */
const noticedMs = 150_000;

/** Sets each connector's alarms as its metrics would have set them by now; nobody evaluates them minute by minute. */
export async function setAlarms(
  { cloudwatch }: Account,
  settings: FunctionSettings,
  lives: ReadonlyMap<string, Life>,
  now: number,
): Promise<void> {
  const described = await cloudwatch.call('DescribeAlarms', { AlarmTypes: ['MetricAlarm'], MaxRecords: 100 });
  const alarms = described['MetricAlarms'] as readonly { readonly AlarmName: string; readonly StateValue: string }[];
  for (const { AlarmName, StateValue } of alarms) {
    const life = lives.get(settings.alarms[AlarmName]?.connector ?? '');
    const span = life?.spans.at(-1);
    if (life === undefined || span === undefined) continue;
    const isSilent = !['flowing', 'idle', 'none'].includes(span.mode) && now - span.fromMs > noticedMs;
    // The dead task's values stay, and with them the alarm on them (measured).
    const shouldBe = isSilent || span.orphanedSinceMs !== undefined ? 'ALARM' : 'OK';
    if (span.mode === 'none' || shouldBe === StateValue) continue;
    // oxlint-disable-next-line no-await-in-loop -- in the order of their names
    await cloudwatch.call('SetAlarmState', { AlarmName, StateValue: shouldBe, StateReason: 'as its metrics are' });
  }
}
