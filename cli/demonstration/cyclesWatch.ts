import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { SpectatorOnly } from '../../local/actors/connectorMessages.ts';
import type { RowCount } from '../../local/connect/rowCount.ts';
import type { Round } from './cyclesRounds.ts';
import type { CyclesWorld, Mail } from './cyclesWorld.ts';
import { inOrder } from './inOrder.ts';
import type { Actor, Milestones, Moment } from './story.ts';

interface MutableRound extends Round {
  readonly number: number;
  readonly milestones: { -readonly [Key in keyof Milestones]: Milestones[Key] } & { readonly silentAtMs: number };
}

/** A log line of the function is readable a few seconds after it was written. */
const longestDelayMs = 10_000;

/**
 * Watches rounds as a spectator: what really happened comes from the connector's process, all else is read from the monitor by the AWS API.
 */
export class CyclesWatch {
  readonly #connector: string;
  readonly #now: () => number;
  readonly #roundOver: (round: Round) => void;
  readonly #story;
  readonly #rounds: MutableRound[] = [];
  readonly #alarms = new Map<string, string>();
  readonly #lines = new Set<string>();
  readonly #over = new Set<number>();
  #rows: RowCount | undefined;
  #clients: { readonly cloudWatch: CloudWatchClient; readonly logs: CloudWatchLogsClient } | undefined;

  constructor(options: {
    readonly connector: string;
    readonly now: () => number;
    readonly show: (moment: Moment) => void;
    /** Told once of each round that was proved. */
    readonly roundOver: (round: Round) => void;
  }) {
    this.#connector = options.connector;
    this.#now = options.now;
    this.#roundOver = options.roundOver;
    this.#story = inOrder(options.show);
  }

  get rounds(): readonly Round[] {
    return this.#rounds;
  }

  get rows(): RowCount | undefined {
    return this.#rows;
  }

  /** Since when it is silent, while it is. */
  get silentSinceMs(): number | undefined {
    const milestones = this.#rounds.at(-1)?.milestones;
    return milestones?.rowsAtMs === undefined ? milestones?.silentAtMs : undefined;
  }

  truth(truth: SpectatorOnly): void {
    switch (truth.truth) {
      case 'rows':
        this.#rows = truth.rows;
        break;
      case 'broke':
        this.#rounds.push({ number: this.#rounds.length + 1, milestones: { silentAtMs: truth.atMs } });
        this.#tell(
          truth.atMs,
          'connector',
          `round ${this.#rounds.length}: its database connection hangs half open: rows stop arriving, its state stays RUNNING`,
        );
        break;
      case 'rows-again': {
        const milestones = this.#rounds.at(-1)?.milestones;
        if (milestones) milestones.rowsAtMs ??= truth.atMs;
        this.#tell(truth.atMs, 'connector', `rows arrive again, ${truth.waited} that had waited first`);
        break;
      }
      case 'called':
        if (this.#rounds.length === 0) break;
        this.#tell(
          truth.atMs,
          'MSK Connect',
          `${truth.operation} ${truth.error === undefined ? 'accepted' : `refused: ${truth.error}`}`,
        );
        break;
      case 'state': {
        const milestones = this.#rounds.at(-1)?.milestones;
        if (milestones && truth.state === 'RUNNING') milestones.actEndedAtMs ??= truth.atMs;
        this.#tell(truth.atMs, 'MSK Connect', truth.state === 'gone' ? 'is gone' : `is ${truth.state}`);
      }
    }
  }

  mail({ atMs, to, subject }: Mail): void {
    this.#tell(atMs, 'e-mail', `to ${to.join(', ')}: ${subject}`);
  }

  /** Reads the monitor's alarms and the function's log. */
  async poll(world: CyclesWorld): Promise<void> {
    this.#clients ??= { cloudWatch: new CloudWatchClient(), logs: new CloudWatchLogsClient() };
    const { MetricAlarms = [] } = await this.#clients.cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNamePrefix: `${world.stackName}/${this.#connector}/` }),
    );
    for (const { AlarmName = '', StateValue = '', StateUpdatedTimestamp } of MetricAlarms) {
      this.#alarm(AlarmName.split('/').at(-1) ?? '', StateValue, StateUpdatedTimestamp?.getTime() ?? this.#now());
    }
    const { events = [] } = await this.#clients.logs.send(
      new FilterLogEventsCommand({
        logGroupName: world.functionLogGroup,
        startTime: Math.floor(this.#now() - 180_000),
      }),
    );
    for (const { eventId = '', message = '', timestamp = 0 } of events) {
      if (this.#lines.has(eventId)) continue;
      this.#lines.add(eventId);
      this.#heard(message, timestamp);
    }
    this.tellUntil(this.#now() - longestDelayMs);
  }

  /** Whether the monitor says that the source is heard: the alarm that will notice the failure is OK. */
  get healthy(): boolean {
    return this.#alarms.get('event-clock') === 'OK';
  }

  /** Tells what was kept back, up to that moment. */
  tellUntil(atMs: number): void {
    this.#story.tellUntil(atMs);
    for (const round of this.#rounds) {
      const { provedAtMs, rowsAtMs } = round.milestones;
      if (provedAtMs === undefined || rowsAtMs === undefined || Math.max(provedAtMs, rowsAtMs) > atMs) continue;
      if (this.#over.has(round.number)) continue;
      this.#over.add(round.number);
      this.#roundOver(round);
    }
  }

  #tell(atMs: number, actor: Actor, text: string): void {
    this.#story.add({ atMs, actor, connector: this.#connector, text });
  }

  #at(atMs: number): MutableRound | undefined {
    return this.#rounds.findLast(({ milestones }) => milestones.silentAtMs <= atMs);
  }

  #alarm(signal: string, state: string, atMs: number): void {
    const before = this.#alarms.get(signal);
    this.#alarms.set(signal, state);
    const round = this.#at(atMs);
    if (before === state || round === undefined) return;
    if (state === 'ALARM') {
      round.milestones.alarmAtMs ??= atMs;
      this.#tell(atMs, 'CloudWatch', `ALARM ${signal}`);
    } else if (before === 'ALARM') this.#tell(atMs, 'CloudWatch', `${signal} is ${state} again`);
  }

  #heard(message: string, atMs: number): void {
    const line = readLine(message);
    const milestones = this.#at(atMs)?.milestones;
    if (line === undefined || milestones === undefined || line.connector !== this.#connector) return;
    if (line.event === 'look') milestones.lookedAtMs ??= atMs;
    else if (line.event === 'finished') {
      if (line.outcome === 'recovered') milestones.provedAtMs ??= atMs;
      this.#tell(atMs, 'Lambda', `${(line.outcome ?? '').toUpperCase().replace('-', ' ')}: ${line.reason ?? ''}`);
    } else if (line.event.startsWith('decided.') && line.event !== 'decided.finish') {
      milestones.decidedAtMs ??= atMs;
      const verdict = line.verdict === undefined ? '' : `verdict ${line.verdict}; `;
      this.#tell(atMs, 'Lambda', `${verdict}decides: ${line.event.slice('decided.'.length)}. ${line.reason ?? ''}`);
    }
  }
}

interface Line {
  readonly event: string;
  readonly connector?: string;
  readonly reason?: string;
  readonly verdict?: string;
  readonly outcome?: string;
}

function readLine(message: string): Line | undefined {
  try {
    const line = JSON.parse(message) as Line;
    return typeof line.event === 'string' ? line : undefined;
  } catch {
    return undefined;
  }
}
