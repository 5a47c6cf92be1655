import { ListAlarmMuteRulesCommand } from '@aws-sdk/client-cloudwatch';
import type { AlarmMuteRuleSummary, CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { Recorder } from '../recovery/ports.ts';
import { portError } from '../tell/awsErrors.ts';
import { callsAtOnce, inBatches } from '../store/inBatches.ts';

/**
 * Without the alarms that a person mutes now: no reason to look, as their events are none. Asks only where anything is muted at all; without an
 * answer all of them count, for a look harms nobody.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListAlarmMuteRules.html
 */
export async function withoutMuted(
  alarms: readonly string[],
  cloudWatch: CloudWatchClient,
  recorder: Recorder,
): Promise<readonly string[]> {
  if (alarms.length === 0) return alarms;
  try {
    if ((await activeRules(cloudWatch)).length === 0) return alarms;
    const rules = await inBatches(alarms, callsAtOnce, (alarm) => activeRules(cloudWatch, alarm));
    const loud = alarms.filter((_, index) => rules[index]?.length === 0);
    if (loud.length < alarms.length) {
      recorder.note('sweep.muted', { alarms: alarms.filter((alarm) => !loud.includes(alarm)) });
    }
    return loud;
  } catch (error) {
    recorder.note('sweep.mutes-unread', { reason: portError('ListAlarmMuteRules', error).message });
    return alarms;
  }
}

/** Rules that mute an alarm now; without one, any. The first page says whether there are some. */
async function activeRules(cloudWatch: CloudWatchClient, alarm?: string): Promise<readonly AlarmMuteRuleSummary[]> {
  const answer = await cloudWatch.send(
    new ListAlarmMuteRulesCommand({ Statuses: ['ACTIVE'], ...(alarm === undefined ? {} : { AlarmName: alarm }) }),
  );
  return answer.AlarmMuteRuleSummaries ?? [];
}
