import { randomUUID } from 'node:crypto';
import type {
  DescribeAlarmsCommandInput,
  PutMetricAlarmCommandInput,
  SetAlarmStateCommandInput,
} from '@aws-sdk/client-cloudwatch';
import type { LocalClock } from '../clock.ts';
import type { LocalAccount } from './account.ts';
import { type AlarmSettings, readAlarm, type StateOfAlarm } from './alarm.ts';
import { alarmEvent, alarmMessage, type BusEvent } from './alarmEvent.ts';
import { type Datapoint, judge, stateReason, stateReasonData } from './alarmReason.ts';
import { AwsError } from './awsError.ts';
import { type MetricStore, statistic } from './metricStore.ts';
import { evaluationRange } from './missingData.ts';

interface Alarm {
  settings: AlarmSettings;
  state: StateOfAlarm;
  putAtMs: number;
  actionsEnabled: boolean;
}

export interface AlarmsOptions {
  readonly clock: Pick<LocalClock, 'now'>;
  readonly account: LocalAccount;
  /** Takes each state change as EventBridge would get it. */
  readonly emit: (event: BusEvent) => void;
  /** Publishes to a topic, for alarm actions: `LocalSns.publish`. */
  readonly publish: (topicArn: string, subject: string, message: string) => void;
}

const minuteMs = 60_000;

/** The alarms: what they watch, how they stand, and whom a change reaches. */
export class Alarms {
  readonly #alarms = new Map<string, Alarm>();
  readonly #metrics: MetricStore;
  readonly #options: AlarmsOptions;
  readonly #mutedBy: (alarm: string) => readonly string[];

  /** @param mutedBy the rules that mute an alarm now */
  constructor(metrics: MetricStore, options: AlarmsOptions, mutedBy: (alarm: string) => readonly string[] = () => []) {
    this.#mutedBy = mutedBy;
    this.#metrics = metrics;
    this.#options = options;
  }

  /** Makes an alarm, or changes one, which keeps its state. @throws AwsError ValidationError */
  put(input: PutMetricAlarmCommandInput): void {
    const settings = readAlarm(input, this.#options.account, randomUUID);
    const now = this.#options.clock.now();
    const state: StateOfAlarm = this.#alarms.get(settings.name)?.state ?? {
      value: 'INSUFFICIENT_DATA',
      reason: 'Unchecked: Initial alarm creation',
      reasonData: undefined,
      atMs: now,
    };
    this.#alarms.set(settings.name, { settings, state, putAtMs: now, actionsEnabled: settings.actionsEnabled });
  }

  delete(names: readonly string[]): void {
    for (const name of names) this.#alarms.delete(name);
  }

  enableActions(names: readonly string[], enabled: boolean): void {
    for (const name of names) {
      const alarm = this.#alarms.get(name);
      if (alarm) alarm.actionsEnabled = enabled;
    }
  }

  /** @throws AwsError ResourceNotFound */
  setState(input: SetAlarmStateCommandInput): void {
    const alarm = this.#alarms.get(input.AlarmName ?? '');
    if (!alarm) throw new AwsError('ResourceNotFound', 404, `Unknown alarm: ${input.AlarmName}`);
    this.#change(alarm, {
      value: input.StateValue ?? 'OK',
      reason: input.StateReason ?? '',
      reasonData: input.StateReasonData,
      atMs: this.#options.clock.now(),
    });
  }

  /** One page, by name. */
  describe(input: DescribeAlarmsCommandInput): object {
    const types = input.AlarmTypes ?? ['MetricAlarm'];
    const found = [...this.#alarms.values()]
      .filter(({ settings, state }) => {
        const named = input.AlarmNames?.includes(settings.name) ?? true;
        const prefixed = settings.name.startsWith(input.AlarmNamePrefix ?? '');
        const acting =
          !input.ActionPrefix || actionsOf(settings).some((arn) => arn.startsWith(input.ActionPrefix ?? ''));
        return named && prefixed && acting && (input.StateValue ?? state.value) === state.value;
      })
      .filter(() => types.includes('MetricAlarm'))
      .toSorted((a, b) => (a.settings.name < b.settings.name ? -1 : 1));
    // The token is the name after which the page begins.
    const start = found.findIndex(({ settings }) => settings.name > (input.NextToken ?? ''));
    const page = start < 0 ? [] : found.slice(start, start + Math.min(input.MaxRecords ?? 50, 100));
    const more = page.length > 0 && page.at(-1) !== found.at(-1);
    return {
      MetricAlarms: page.map(described),
      CompositeAlarms: [],
      ...(more ? { NextToken: page.at(-1)?.settings.name } : {}),
    };
  }

  /**
   * Looks at every alarm once, by the datapoints up to the last full minute: periods longer than a minute slide minute by minute.
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
   */
  evaluate(): void {
    const now = this.#options.clock.now();
    for (const alarm of this.#alarms.values()) {
      const datapoints = this.#datapoints(alarm.settings, Math.floor(now / minuteMs) * minuteMs);
      const { state, filled } = judge(alarm.settings, datapoints);
      if (state === 'retain' || state === alarm.state.value) continue;
      this.#change(alarm, {
        value: state,
        reason: stateReason(alarm.settings, state, datapoints, filled),
        reasonData: stateReasonData(alarm.settings, datapoints, now),
        atMs: now,
      });
    }
  }

  #datapoints(settings: AlarmSettings, endMs: number): Datapoint[] {
    const periodMs = settings.periodSeconds * 1000;
    const starts = Array.from(
      { length: evaluationRange(settings.evaluationPeriods) },
      (_, age) => endMs - (age + 1) * periodMs,
    );
    const read = settings.series.map(({ id, metric, statistic: name }) => {
      const found = starts.map((startMs) => this.#metrics.between(metric, startMs, startMs + periodMs));
      return { id, found, values: found.map((values) => (values ? statistic(values, name) : undefined)) };
    });
    const compared = settings.math?.reckon(new Map(read.map(({ id, values }) => [id, values]))) ?? read[0]?.values;
    return starts.map((startMs, age) => ({
      startMs,
      value: compared?.[age],
      sampleCount: settings.math ? undefined : read[0]?.found[age]?.count,
    }));
  }

  #change(alarm: Alarm, state: StateOfAlarm): void {
    const { settings, state: previous } = alarm;
    alarm.state = state;
    if (state.value === previous.value) return;
    // Muted or not, the event goes out.
    const mutedBy = this.#mutedBy(settings.name);
    this.#options.emit(alarmEvent(settings, state, previous, this.#options.account, randomUUID(), mutedBy));
    if (!alarm.actionsEnabled || mutedBy.length > 0) return;
    const actions = {
      ALARM: settings.alarmActions,
      OK: settings.okActions,
      INSUFFICIENT_DATA: settings.insufficientDataActions,
    }[state.value];
    const { subject, message } = alarmMessage(settings, state, previous, this.#options.account, alarm.putAtMs);
    for (const arn of actions) {
      if (arn.includes(':sns:')) this.#publish(arn, subject, message);
    }
  }

  /** An action that fails does not hold up the alarm: on AWS it only shows in the alarm's history. */
  #publish(arn: string, subject: string, message: string): void {
    try {
      this.#options.publish(arn, subject, message);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
    }
  }
}

function described(alarm: Alarm): object {
  const { settings, state } = alarm;
  const { Tags: _tags, ...put } = settings.put;
  return {
    ...put,
    AlarmArn: settings.arn,
    ActionsEnabled: alarm.actionsEnabled,
    AlarmActions: settings.alarmActions,
    OKActions: settings.okActions,
    InsufficientDataActions: settings.insufficientDataActions,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.putAtMs),
    StateValue: state.value,
    StateReason: state.reason,
    StateReasonData: state.reasonData,
    StateUpdatedTimestamp: new Date(state.atMs),
    StateTransitionedTimestamp: new Date(state.atMs),
  };
}

function actionsOf(settings: AlarmSettings): readonly string[] {
  return [...settings.alarmActions, ...settings.okActions, ...settings.insufficientDataActions];
}
