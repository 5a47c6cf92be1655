import type { ListAlarmMuteRulesCommandInput, PutAlarmMuteRuleCommandInput } from '@aws-sdk/client-cloudwatch';
import { AwsError } from './awsError.ts';

interface MuteRule {
  readonly name: string;
  readonly alarms: readonly string[];
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * Rules by which people mute alarms. An alarm goes on watching and changing its state, and its event goes out with `muteDetail`; only its actions
 * stay away. Once only (`at(yyyy-MM-ddThh:mm)`, in UTC) for a number of minutes or hours; recurring rules are refused.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutAlarmMuteRule.html
 */
export class MuteRules {
  readonly #rules = new Map<string, MuteRule>();

  /** @throws AwsError ValidationError */
  put(input: PutAlarmMuteRuleCommandInput): void {
    const { Name: name = '', Rule, MuteTargets } = input;
    const { Expression = '', Duration = '' } = Rule?.Schedule ?? {};
    const at = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d)\)$/.exec(Expression)?.[1];
    const [, hours = '0', minutes = '0'] = /^PT(?:(\d+)H)?(?:(\d+)M)?$/.exec(Duration) ?? [];
    const lastsMs = (Number(hours) * 60 + Number(minutes)) * 60_000;
    if (name === '' || at === undefined || lastsMs === 0) {
      throw new AwsError(
        'ValidationError',
        400,
        `A rule of this kind is not understood here: ${Expression}, ${Duration}`,
      );
    }
    const fromMs = Date.parse(`${at}:00.000Z`);
    this.#rules.set(name, { name, alarms: MuteTargets?.AlarmNames ?? [], fromMs, untilMs: fromMs + lastsMs });
  }

  list({ AlarmName, Statuses }: ListAlarmMuteRulesCommandInput, nowMs: number): object {
    const found = [...this.#rules.values()].filter(
      (rule) =>
        (AlarmName === undefined || rule.alarms.includes(AlarmName)) &&
        (Statuses === undefined || Statuses.includes(statusOf(rule, nowMs))),
    );
    return {
      AlarmMuteRuleSummaries: found.map((rule) => ({
        AlarmMuteRuleArn: `arn:aws:cloudwatch:us-east-1:111122223333:alarm-mute-rule:${rule.name}`,
        Status: statusOf(rule, nowMs),
        MuteType: 'ONE_TIME',
      })),
    };
  }

  /** The rules that mute an alarm now, by name. */
  active(alarm: string, nowMs: number): readonly string[] {
    return [...this.#rules.values()]
      .filter((rule) => rule.alarms.includes(alarm) && statusOf(rule, nowMs) === 'ACTIVE')
      .map(({ name }) => name);
  }
}

function statusOf({ fromMs, untilMs }: MuteRule, nowMs: number): 'SCHEDULED' | 'ACTIVE' | 'EXPIRED' {
  if (nowMs < fromMs) return 'SCHEDULED';
  return nowMs < untilMs ? 'ACTIVE' : 'EXPIRED';
}
