import * as v from 'valibot';
import { yourName } from '../recovery/intervention.ts';
import type { Remedy } from '../recovery/policy.ts';
import type { Ignored, Trigger } from '../recovery/trigger.ts';
import type { ConnectorSettings, FunctionSettings } from '../settings/connectorSettings.ts';
import type { AlarmChange } from './alarmChange.ts';
import { cleanReason, cleanText } from '../tell/cleanText.ts';
import { connectorFaults, readCommand, shownValue } from '../store/commands.ts';
import type { Ordered } from '../store/commands.ts';
import { faultsOf, keysOf } from '../tell/faults.ts';
import { readSnsAlarm } from './snsAlarm.ts';

/** What an input asks for. */
export type Asked =
  | {
      readonly kind: 'look';
      readonly triggers: readonly Trigger[];
      readonly ignored: readonly Ignored[];
      /** How many invocations in a row ran out of time over it, each handing it on to the next. */
      readonly handedOn?: number;
    }
  | { readonly kind: 'sweep' }
  | { readonly kind: 'check' }
  /** A person's word, on one connector or on the whole stack. */
  | Exclude<Ordered, { kind: 'rejected' }>
  /** A person's input that cannot be carried out: every fault, and what was expected. */
  | { readonly kind: 'rejected'; readonly faults: readonly string[] };

/** What triage knows of the function itself. */
export interface Home {
  readonly settings: FunctionSettings;
  /** The function's own ARN: events of other accounts and Regions are not ours. */
  readonly functionArn: string;
  /** ISO 8601, for what carries no time of its own. */
  readonly now: string;
}

const handOver = v.object({ connector: v.string(), why: v.string(), handedOn: v.optional(v.number()) });
const scheduled = v.object({ connector: v.string() });

const eventBridgeAlarm = v.object({
  account: v.string(),
  region: v.string(),
  time: v.optional(v.string()),
  detail: v.object({
    alarmName: v.string(),
    muteDetail: v.optional(v.unknown()),
    state: v.object({ value: v.string(), reason: v.optional(v.string()), timestamp: v.optional(v.string()) }),
    configuration: v.optional(
      v.object({ alarmRule: v.optional(v.unknown()), metrics: v.optional(v.array(v.unknown())) }),
    ),
  }),
});

/**
 * Turns any input of the function into what it asks for. Pure; never throws: an unknown shape is Ignored with its reason, a
 * person's mistake is rejected with every fault.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
 */
export function triage(input: unknown, home: Home): Asked {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return ignoredOnly(`an input that is not a JSON object (${Array.isArray(input) ? 'a list' : typeof input})`);
  }
  const event = input as Readonly<Record<string, unknown>>;
  if (typeof event['detail-type'] === 'string') return asked(fromEventBridge(event['detail-type'], event, home));
  if (Array.isArray(event['Records'])) return fromSns(event['Records'], home);
  switch (event['source']) {
    case 'connector-recovery.sweep':
      return { kind: 'sweep' };
    case 'connector-recovery.check':
      return { kind: 'check' };
    case 'connector-recovery.schedule':
      return asked(fromSchedule(event, home));
    case 'connector-recovery.look':
      return fromHandOver(event, home);
    default:
      if ('do' in event) return readCommand(event, home.settings);
      return 'connector' in event
        ? fromPerson(event, home)
        : ignoredOnly(`an input of a shape that is not known${keysOf(event)}`);
  }
}

function fromEventBridge(detailType: string, event: Readonly<Record<string, unknown>>, home: Home): Trigger | Ignored {
  if (detailType === 'CloudWatch Alarm Contributor State Change') {
    return ignored(
      'a contributor of a Metrics Insights alarm changed; this stack has one alarm for each connector and signal',
    );
  }
  if (detailType !== 'CloudWatch Alarm State Change') {
    return ignored(`an event of type "${cleanText(detailType, 80)}"; expected "CloudWatch Alarm State Change"`);
  }
  const read = v.safeParse(eventBridgeAlarm, event);
  if (!read.success) return ignored(`an alarm event of another shape: ${faultsOf(read.issues).join('; ')}`);
  const { account, region, time, detail } = read.output;
  return fromAlarm(
    {
      alarm: detail.alarmName,
      account,
      region,
      state: detail.state.value,
      at: detail.state.timestamp ?? time,
      reason: detail.state.reason ?? '',
      composite: detail.configuration?.alarmRule !== undefined || (detail.configuration?.metrics ?? []).length === 0,
      muted: detail.muteDetail !== undefined && detail.muteDetail !== null,
    },
    home,
  );
}

function fromSns(records: readonly unknown[], home: Home): Asked {
  const read = records.map((record) => {
    const change = readSnsAlarm(record);
    return change.kind === 'ignored' ? change : fromAlarm(change.alarm, home);
  });
  const triggers = read.filter((one) => one.kind !== 'ignored');
  // Two records about one connector are one reason to look.
  const first = triggers.filter(
    (one, index) => triggers.findIndex((other) => other.connector === one.connector) === index,
  );
  return { kind: 'look', triggers: first, ignored: read.filter((one) => one.kind === 'ignored') };
}

function fromAlarm(change: AlarmChange, { settings, functionArn, now }: Home): Trigger | Ignored {
  const alarm = cleanText(change.alarm, 255);
  const [, , , region, account] = functionArn.split(':');
  if (change.account !== account) return ignored(`alarm "${alarm}" of another account`);
  if (change.region !== region) return ignored(`alarm "${alarm}" of another Region`);
  if (change.composite) return ignored(`alarm "${alarm}" is composite; expected one that watches a metric`);
  if (change.muted) return ignored(`alarm "${alarm}" is muted`);
  if (change.state !== 'ALARM') return ignored(`alarm "${alarm}" went to ${cleanText(change.state, 40)}, not to ALARM`);
  const known = Object.hasOwn(settings.alarms, change.alarm) ? settings.alarms[change.alarm] : undefined;
  if (known === undefined) return ignored(`alarm "${alarm}" is not one of this stack's`);
  if (find(settings, known.connector) === undefined) {
    return ignored(`alarm "${alarm}" belongs to connector ${known.connector}, which is not configured`);
  }
  if (known.does === 'notify') return ignored(`alarm "${alarm}" only tells people`);
  return {
    kind: 'alarm',
    connector: known.connector,
    signal: known.signal,
    alarm,
    since: instantOf(change.at) ?? now,
    reason: cleanReason(change.reason),
  };
}

function fromSchedule(event: Readonly<Record<string, unknown>>, { settings }: Home): Trigger | Ignored {
  const read = v.safeParse(scheduled, event);
  if (!read.success) return ignored(`a scheduled input of another shape: ${faultsOf(read.issues).join('; ')}`);
  const connector = find(settings, read.output.connector);
  if (connector === undefined) {
    return ignored(`a schedule for connector "${cleanText(read.output.connector, 128)}", which is not configured`);
  }
  if (connector.preventiveRestart === undefined) {
    return ignored(`a schedule for connector ${connector.name}, which has no preventive restart`);
  }
  return { kind: 'schedule', connector: connector.name, remedy: connector.preventiveRestart.remedy };
}

function fromHandOver(event: Readonly<Record<string, unknown>>, { settings }: Home): Asked {
  const read = v.safeParse(handOver, event);
  if (!read.success) return ignoredOnly(`a hand-over of another shape: ${faultsOf(read.issues).join('; ')}`);
  const connector = find(settings, read.output.connector);
  if (connector === undefined) {
    return ignoredOnly(`a hand-over of connector "${cleanText(read.output.connector, 128)}", which is not configured`);
  }
  const { why, handedOn } = read.output;
  const trigger = { kind: 'sweep', connector: connector.name, why: cleanText(why, 500) } as const;
  return { ...asked(trigger), ...(handedOn === undefined ? {} : { handedOn }) };
}

const remedies: readonly Remedy[] = ['restart', 'recreate'];

function fromPerson(event: Readonly<Record<string, unknown>>, { settings }: Home): Asked {
  const { connector: name, remedy, dryRun, who, ...others } = event;
  const faults: string[] = [];
  const connector = typeof name === 'string' ? find(settings, name) : undefined;
  faults.push(...connectorFaults(name, settings));
  const chosen = remedies.find((one) => one === remedy);
  if (remedy !== undefined && chosen === undefined) {
    faults.push(`remedy: ${shownValue(remedy)}; expected ${remedies.join(' or ')}, or none for the configured order`);
  }
  if (dryRun !== undefined && typeof dryRun !== 'boolean')
    faults.push(`dryRun: ${shownValue(dryRun)}; expected true or false`);
  if (who !== undefined && (typeof who !== 'string' || who.trim() === yourName))
    faults.push(`who: ${shownValue(who)}; expected who you are`);
  const unknown = Object.keys(others);
  if (unknown.length > 0) faults.push(`unknown${keysOf(others)}; expected connector, remedy, dryRun, who`);
  if (connector === undefined || faults.length > 0) return { kind: 'rejected', faults };
  return asked({
    kind: 'person',
    connector: connector.name,
    who: typeof who === 'string' ? cleanText(who, 80) : 'somebody',
    ...(chosen === undefined ? {} : { remedy: chosen }),
    dryRun: dryRun === true,
  });
}

function find(settings: FunctionSettings, name: string): ConnectorSettings | undefined {
  return settings.connectors.find((connector) => connector.name === name);
}

/** CloudWatch writes `2026-03-01T10:00:00.000+0000`; `undefined` for what is no moment. */
function instantOf(text: string | undefined): string | undefined {
  const milliseconds = Date.parse((text ?? '').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
}

function ignored(reason: string): Ignored {
  return { kind: 'ignored', reason };
}

function ignoredOnly(reason: string): Asked {
  return { kind: 'look', triggers: [], ignored: [ignored(reason)] };
}

function asked(result: Trigger | Ignored): Asked {
  return result.kind === 'ignored'
    ? { kind: 'look', triggers: [], ignored: [result] }
    : { kind: 'look', triggers: [result], ignored: [] };
}
