import * as v from 'valibot';
import type { Ignored } from '../recovery/trigger.ts';
import { faultsOf } from '../tell/faults.ts';
import type { AlarmChange } from './alarmChange.ts';

const record = v.object({
  EventSource: v.literal('aws:sns'),
  Sns: v.object({ Message: v.string() }),
});

const message = v.object({
  AlarmName: v.string(),
  AlarmArn: v.string(),
  AWSAccountId: v.string(),
  NewStateValue: v.string(),
  NewStateReason: v.optional(v.string()),
  StateChangeTime: v.optional(v.string()),
  /** Composite alarms carry it in place of `Trigger`. */
  AlarmRule: v.optional(v.unknown()),
  Trigger: v.optional(v.unknown()),
});

/**
 * An alarm in the classic envelope: a record of Lambda's SNS event whose message is CloudWatch's JSON.
 *
 * The Region is taken from the alarm's ARN, for the message names it in words ("US East (N. Virginia)").
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
 */
export function readSnsAlarm(input: unknown): { readonly kind: 'alarm'; readonly alarm: AlarmChange } | Ignored {
  const envelope = v.safeParse(record, input);
  if (!envelope.success) return ignored(`a record that is not from SNS: ${faultsOf(envelope.issues).join('; ')}`);
  const text = envelope.output.Sns.Message;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return ignored(`an SNS message of ${text.length} characters that is not JSON; expected that of a CloudWatch alarm`);
  }
  const read = v.safeParse(message, json);
  if (!read.success) {
    return ignored(`an SNS message that is not a CloudWatch alarm's: ${faultsOf(read.issues).join('; ')}`);
  }
  const alarm = read.output;
  return {
    kind: 'alarm',
    alarm: {
      alarm: alarm.AlarmName,
      account: alarm.AWSAccountId,
      region: alarm.AlarmArn.split(':')[3] ?? '',
      state: alarm.NewStateValue,
      at: alarm.StateChangeTime,
      reason: alarm.NewStateReason ?? '',
      composite: alarm.AlarmRule !== undefined || alarm.Trigger === undefined,
      muted: false,
    },
  };
}

function ignored(reason: string): Ignored {
  return { kind: 'ignored', reason };
}
