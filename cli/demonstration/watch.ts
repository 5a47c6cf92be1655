import type { DescribeAlarmsCommandOutput } from '@aws-sdk/client-cloudwatch';
import type { FilterLogEventsCommandOutput } from '@aws-sdk/client-cloudwatch-logs';
import type { DeliveredMessage } from '../../local/aws/sns.ts';
import type { AnsweredCall } from '../../local/aws/calls.ts';
import type { Part, Stage } from './stage.ts';
import type { Milestones, Moment } from './story.ts';

/** What the function writes about its work, as far as a spectator needs it. */
interface Line {
  readonly time: string;
  readonly event: string;
  readonly connector?: string;
  readonly reason?: string;
  readonly verdict?: string;
  readonly outcome?: string;
  readonly trigger?: { readonly kind: string; readonly signal?: string; readonly why?: string };
}

/** How one connector fared, for the closing table and the exit code. */
export interface Fate {
  readonly milestones: Milestones;
  /** Outcomes that the function finished with, since the connector fell silent. */
  readonly outcomes: readonly string[];
  /** Verdicts behind them. */
  readonly verdicts: readonly string[];
  /** What was done to it, as far as it was accepted: RestartConnector, DeleteConnector, CreateConnector. */
  readonly acts: readonly string[];
  /** Its state as MSK Connect shows it. */
  readonly state: string;
  readonly doing: string;
  readonly alarms: readonly string[];
}

interface MutableFate {
  milestones: { -readonly [Key in keyof Milestones]: Milestones[Key] };
  outcomes: string[];
  verdicts: string[];
  acts: string[];
  state: string;
  doing: string;
  alarms: string[];
  arrivedBefore: number;
}

/** A log line of the function is readable a few seconds after it was written. */
const longestDelayMs = 10_000;

const acts = new Set(['RestartConnector', 'DeleteConnector', 'CreateConnector']);

/** Watches a world from outside as a spectator would, and tells what happens, in order. */
export class Watch {
  readonly #world: Stage;
  readonly #show: (moment: Moment) => void;
  /** Heard by different ways of different delay, and so kept for a moment to be told in the order of their time. */
  #untold: Moment[] = [];
  readonly #fates = new Map<string, MutableFate>();
  readonly #alarms = new Map<string, string>();
  readonly #lines = new Set<string>();
  #mails = 0;

  constructor(world: Stage, cast: readonly Pick<Part, 'name'>[], show: (moment: Moment) => void) {
    this.#world = world;
    this.#show = show;
    for (const { name } of cast) {
      this.#fates.set(name, {
        milestones: {},
        outcomes: [],
        verdicts: [],
        acts: [],
        state: 'RUNNING',
        doing: 'healthy',
        alarms: [],
        arrivedBefore: 0,
      });
    }
  }

  fate(name: string): Fate {
    return this.#of(name);
  }

  mails(): readonly DeliveredMessage[] {
    return this.#world.aws.sns.inbox();
  }

  /** From now on the connector's silence counts. */
  silent(name: string, text: string): void {
    const fate = this.#of(name);
    const atMs = this.#world.clock.now();
    fate.milestones.silentAtMs = atMs;
    fate.doing = 'silent';
    this.#tell({ atMs, actor: 'connector', connector: name, text });
  }

  /** A call of the product: acts on connectors are told. */
  called(call: AnsweredCall): void {
    if (call.service !== 'kafkaconnect' || !acts.has(call.operation)) return;
    const arn = call.input['connectorArn'];
    const name = typeof arn === 'string' ? arn.split('/')[1] : call.input['connectorName'];
    const fate = typeof name === 'string' ? this.#fates.get(name) : undefined;
    if (fate === undefined || typeof name !== 'string' || fate.milestones.silentAtMs === undefined) return;
    if (call.error === undefined) fate.acts.push(call.operation);
    const answer = call.error === undefined ? 'accepted' : `refused: ${call.error.code}`;
    this.#tell({ atMs: call.atMs, actor: 'MSK Connect', connector: name, text: `${call.operation} ${answer}` });
  }

  /** Looks at everything that changed since the last time. */
  async poll(): Promise<void> {
    await this.#pollAlarms();
    await this.#pollLog();
    await this.#pollStates();
    await this.#pollRows();
    this.#pollMails();
    this.tellUntil(this.#world.clock.now() - longestDelayMs);
  }

  /** Tells what was kept back, up to that moment. */
  tellUntil(atMs: number): void {
    const due = this.#untold.filter((moment) => moment.atMs <= atMs).toSorted((a, b) => a.atMs - b.atMs);
    this.#untold = this.#untold.filter((moment) => moment.atMs > atMs);
    for (const moment of due) this.#show(moment);
  }

  #tell(moment: Moment): void {
    this.#untold.push(moment);
  }

  #of(name: string): MutableFate {
    const fate = this.#fates.get(name);
    if (fate === undefined) throw new Error(`${name} is not in the cast.`);
    return fate;
  }

  async #pollAlarms(): Promise<void> {
    const { MetricAlarms } = (await this.#world.aws.cloudwatch.call('DescribeAlarms', {
      AlarmNamePrefix: `${this.#world.stackName}/`,
    })) as Partial<DescribeAlarmsCommandOutput>;
    for (const alarm of MetricAlarms ?? []) {
      const [, name = '', signal = ''] = (alarm.AlarmName ?? '').split('/');
      const state = alarm.StateValue ?? '';
      const before = this.#alarms.get(alarm.AlarmName ?? '');
      this.#alarms.set(alarm.AlarmName ?? '', state);
      const fate = this.#fates.get(name);
      if (fate?.milestones.silentAtMs === undefined || before === state) continue;
      const atMs = alarm.StateUpdatedTimestamp?.getTime() ?? this.#world.clock.now();
      if (state === 'ALARM') {
        fate.alarms.push(signal);
        fate.milestones.alarmAtMs ??= atMs;
        this.#tell({
          atMs,
          actor: 'CloudWatch',
          connector: name,
          text: `ALARM ${signal}: ${alarm.AlarmDescription ?? ''}`,
        });
      }
      if (state === 'OK' && before === 'ALARM') {
        this.#tell({ atMs, actor: 'CloudWatch', connector: name, text: `${signal} is OK again` });
      }
    }
  }

  async #pollLog(): Promise<void> {
    const { events } = (await this.#world.aws.logs.call('FilterLogEvents', {
      logGroupName: this.#world.functionLogGroup,
      startTime: this.#world.clock.now() - 180_000,
    })) as Partial<FilterLogEventsCommandOutput>;
    for (const { eventId, message, timestamp } of events ?? []) {
      if (eventId === undefined || this.#lines.has(eventId)) continue;
      this.#lines.add(eventId);
      const line = readLine(message ?? '');
      if (line !== undefined) this.#heard(line, timestamp ?? Date.parse(line.time));
    }
  }

  #heard(line: Line, atMs: number): void {
    const fate = line.connector === undefined ? undefined : this.#fates.get(line.connector);
    if (fate === undefined || line.connector === undefined) return;
    const tell = (text: string) =>
      this.#tell({
        atMs,
        actor: 'Lambda',
        ...(line.connector === undefined ? {} : { connector: line.connector }),
        text,
      });
    if (fate.milestones.silentAtMs === undefined || atMs < fate.milestones.silentAtMs) {
      if (line.outcome === 'captured') tell(`captured: ${line.reason ?? ''}`);
      return;
    }
    switch (line.event) {
      case 'look':
        fate.milestones.lookedAtMs ??= atMs;
        fate.doing = 'the Lambda looks at it';
        break;
      case 'lease.held':
        tell('one more alarm for the same failure: an invocation is at work on it already, so this one ends');
        break;
      case 'waiting':
        // What it waits for; the rest of the sentence is for the log.
        [fate.doing = 'waiting'] = (line.reason ?? 'waiting').split(/[:;] /, 1);
        break;
      case 'finished': {
        const outcome = line.outcome ?? '';
        fate.outcomes.push(outcome);
        fate.doing = outcome;
        if (outcome === 'recovered') fate.milestones.provedAtMs ??= atMs;
        // The sweep comes back to an alarm that stays on; that it finds the same again is no news.
        if (fate.outcomes.filter((each) => each === outcome).length === 1) {
          tell(`${outcome.toUpperCase().replace('-', ' ')}: ${line.reason ?? ''}`);
        }
        break;
      }
      default:
        if (!line.event.startsWith('decided.')) break;
        if (line.verdict !== undefined) fate.verdicts.push(line.verdict);
        if (line.event === 'decided.finish') break;
        fate.milestones.decidedAtMs ??= atMs;
        tell(
          `${line.verdict === undefined ? '' : `verdict ${line.verdict}; `}decides: ${line.event.slice('decided.'.length)}. ${line.reason ?? ''}`,
        );
    }
  }

  async #pollStates(): Promise<void> {
    const { connectors } = (await this.#world.aws.connect.call('ListConnectors', {})) as {
      connectors: readonly { connectorName: string; connectorState: string }[];
    };
    const atMs = this.#world.clock.now();
    for (const [name, fate] of this.#fates) {
      const state = connectors.find(({ connectorName }) => connectorName === name)?.connectorState ?? 'gone';
      if (state === fate.state) continue;
      this.#tell({ atMs, actor: 'MSK Connect', connector: name, text: state === 'gone' ? 'is gone' : `is ${state}` });
      if (state === 'RUNNING') fate.milestones.actEndedAtMs ??= atMs;
      fate.state = state;
    }
  }

  async #pollRows(): Promise<void> {
    const atMs = this.#world.clock.now();
    for (const [name, fate] of this.#fates) {
      const { silentAtMs, decidedAtMs, actEndedAtMs, rowsAtMs } = fate.milestones;
      if (silentAtMs === undefined || rowsAtMs !== undefined) continue;
      const { arrived } = await this.#world.rows(name);
      // What was on its way when the connection hung still arrives, and is no sign that it flows again.
      if (decidedAtMs === undefined) fate.arrivedBefore = arrived;
      if (actEndedAtMs === undefined || arrived <= fate.arrivedBefore) continue;
      fate.milestones.rowsAtMs = atMs;
      this.#tell({
        atMs,
        actor: 'connector',
        connector: name,
        text: `rows arrive again, ${arrived - fate.arrivedBefore} that had waited first`,
      });
    }
  }

  #pollMails(): void {
    for (const mail of this.mails().slice(this.#mails)) {
      const connector = [...this.#fates.keys()].find((name) => mail.subject?.includes(` ${name}:`));
      this.#tell({
        atMs: mail.atMs,
        actor: 'e-mail',
        ...(connector === undefined ? {} : { connector }),
        text: `to ${mail.to.join(', ')}: ${mail.subject ?? ''}`,
      });
    }
    this.#mails = this.mails().length;
  }
}

function readLine(message: string): Line | undefined {
  try {
    return JSON.parse(message) as Line;
  } catch {
    return undefined;
  }
}
