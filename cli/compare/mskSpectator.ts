import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { hearEngine } from './engineLine.ts';
import type { SideWatch } from './sideWatch.ts';

/** So far back the function's log is read: longer than it takes a line to be readable. */
const readBackMs = 180_000;

export interface MskSpectatorParts {
  readonly connector: string;
  readonly stackName: string;
  readonly functionLogGroup: string;
  readonly now: () => number;
  readonly watch: SideWatch;
}

/** Hears of monitor and recovery of the MSK Connect world as a person would: by the AWS API. */
export class MskSpectator {
  readonly #given: MskSpectatorParts;
  readonly #cloudWatch = new CloudWatchClient();
  readonly #logs = new CloudWatchLogsClient();
  readonly #alarms = new Map<string, string>();
  readonly #lines = new Set<string>();
  #saved = false;

  constructor(given: MskSpectatorParts) {
    this.#given = given;
  }

  /** Whether every alarm of the connector is OK, and its configuration is saved. */
  get healthy(): boolean {
    return this.#saved && this.#alarms.size > 0 && [...this.#alarms.values()].every((state) => state === 'OK');
  }

  get waitsFor(): string {
    const late = [...this.#alarms].flatMap(([signal, state]) => (state === 'OK' ? [] : [`${signal} is ${state}`]));
    if (late.length > 0) return `waiting for its alarms to have data: ${late.join(', ')}`;
    return this.#saved ? 'healthy' : 'waiting for the first sweep to save its configuration';
  }

  async poll(): Promise<void> {
    await this.#pollAlarms();
    await this.#pollLog();
  }

  async #pollAlarms(): Promise<void> {
    const { connector, stackName, now, watch } = this.#given;
    const { MetricAlarms = [] } = await this.#cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNamePrefix: `${stackName}/${connector}/` }),
    );
    for (const { AlarmName = '', StateValue = '', StateUpdatedTimestamp } of MetricAlarms) {
      const signal = AlarmName.split('/').at(-1) ?? '';
      const before = this.#alarms.get(signal);
      this.#alarms.set(signal, StateValue);
      if (before === StateValue || watch.marks === undefined) continue;
      const atMs = StateUpdatedTimestamp?.getTime() ?? now();
      if (StateValue === 'ALARM') watch.detected(atMs, `ALARM ${signal}`);
      else if (before === 'ALARM') watch.tell(atMs, 'monitor', `${signal} is ${StateValue} again`);
    }
  }

  async #pollLog(): Promise<void> {
    const { connector, functionLogGroup, now, watch } = this.#given;
    const { events = [] } = await this.#logs.send(
      new FilterLogEventsCommand({ logGroupName: functionLogGroup, startTime: Math.floor(now() - readBackMs) }),
    );
    for (const { eventId = '', message = '', timestamp = 0 } of events) {
      if (this.#lines.has(eventId)) continue;
      this.#lines.add(eventId);
      if (message.includes('"outcome":"captured"')) this.#saved = true;
      hearEngine(watch, message, (named) => named === connector, timestamp);
    }
  }
}
