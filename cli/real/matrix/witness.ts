import type { DescribeAlarmsCommandOutput } from '@aws-sdk/client-cloudwatch';
import type { FilterLogEventsCommandOutput } from '@aws-sdk/client-cloudwatch-logs';
import type { AnsweredCall } from '../../../local/aws/calls.ts';
import type { DeliveredMessage } from '../../../local/aws/sns.ts';
import type { RealWorld } from '../realWorld.ts';

interface At {
  readonly atMs: number;
}

/** What the function writes about its work, as far as a record needs it. */
interface Line {
  readonly time?: string;
  readonly event?: string;
  readonly connector?: string;
  readonly reason?: string;
  readonly verdict?: string;
  readonly outcome?: string;
}

const operations = new Set(['RestartConnector', 'DeleteConnector', 'CreateConnector']);

/** Keeps what a world shows, with its times; says nothing of what it means. */
export class Witness {
  readonly alarms: (At & { readonly signal: string; readonly state: string })[] = [];
  /** Signals whose alarm makes the function look. */
  readonly looking = new Set<string>();
  readonly decisions: (At & { readonly decision: string; readonly verdict?: string; readonly reason: string })[] = [];
  readonly outcomes: (At & { readonly outcome: string; readonly reason: string })[] = [];
  readonly acts: (At & { readonly operation: string; readonly answer: string; readonly by: 'product' | 'person' })[] =
    [];
  readonly states: (At & { readonly state: string })[] = [];
  /** Set while a person calls MSK Connect by hand. */
  byHand = false;
  readonly #states = new Map<string, string>();
  readonly #lines = new Set<string>();
  readonly #connector: string;
  readonly #say: (text: string) => void;
  #state: string | undefined;

  /** @param say is told of what is new, as it is seen */
  constructor(connector: string, say: (text: string) => void) {
    this.#connector = connector;
    this.#say = say;
  }

  /** To be told of each call that reaches the account. */
  called(call: AnsweredCall): void {
    if (call.service !== 'kafkaconnect' || !operations.has(call.operation)) return;
    const { connectorArn, connectorName: named } = call.input;
    const name = typeof connectorArn === 'string' ? connectorArn.split('/')[1] : named;
    if (name !== this.#connector) return;
    const answer = call.error === undefined ? 'accepted' : `refused: ${call.error.code}`;
    this.acts.push({
      atMs: call.atMs,
      operation: call.operation,
      answer,
      by: this.byHand ? 'person' : 'product',
    });
    this.#say(`${call.operation} ${answer}`);
  }

  /** Looks at everything that changed since the last time. */
  async poll(world: RealWorld): Promise<void> {
    await this.#pollAlarms(world);
    await this.#pollLog(world);
    await this.#pollState(world);
  }

  mails(world: RealWorld): readonly DeliveredMessage[] {
    return world.aws.sns.inbox();
  }

  async #pollAlarms(world: RealWorld): Promise<void> {
    const { MetricAlarms } = (await world.aws.cloudwatch.call('DescribeAlarms', {
      AlarmNamePrefix: `${world.stackName}/${this.#connector}/`,
    })) as Partial<DescribeAlarmsCommandOutput>;
    for (const { AlarmName = '', StateValue = '', StateUpdatedTimestamp, AlarmActions } of MetricAlarms ?? []) {
      const signal = AlarmName.split('/')[2] ?? AlarmName;
      if ((AlarmActions?.length ?? 0) === 0) this.looking.add(signal);
      if (this.#states.get(AlarmName) === StateValue) continue;
      this.#states.set(AlarmName, StateValue);
      this.#say(`alarm ${signal}: ${StateValue}`);
      this.alarms.push({ atMs: StateUpdatedTimestamp?.getTime() ?? world.clock.now(), signal, state: StateValue });
    }
  }

  async #pollLog(world: RealWorld): Promise<void> {
    const { events } = (await world.aws.logs.call('FilterLogEvents', {
      logGroupName: world.functionLogGroup,
      startTime: world.clock.now() - 120_000,
    })) as Partial<FilterLogEventsCommandOutput>;
    for (const { eventId, message, timestamp } of events ?? []) {
      if (eventId === undefined || this.#lines.has(eventId)) continue;
      this.#lines.add(eventId);
      const line = lineOf(message ?? '');
      if (line?.connector !== this.#connector || line.event === undefined) continue;
      const atMs = timestamp ?? Date.parse(line.time ?? '');
      if (line.event === 'finished') {
        this.#say(`ended: ${line.outcome ?? ''}. ${line.reason ?? ''}`);
        this.outcomes.push({ atMs, outcome: line.outcome ?? '', reason: line.reason ?? '' });
      } else if (line.event.startsWith('decided.')) {
        this.#say(`${line.event}, verdict ${line.verdict ?? 'none'}: ${line.reason ?? ''}`);
        this.decisions.push({
          atMs,
          decision: line.event.slice('decided.'.length),
          reason: line.reason ?? '',
          ...(line.verdict === undefined ? {} : { verdict: line.verdict }),
        });
      }
    }
  }

  async #pollState(world: RealWorld): Promise<void> {
    const { connectors } = (await world.aws.connect.call('ListConnectors', {})) as {
      connectors: readonly { connectorName: string; connectorState: string }[];
    };
    const state = connectors.find(({ connectorName }) => connectorName === this.#connector)?.connectorState ?? 'gone';
    if (state === this.#state) return;
    this.#state = state;
    this.states.push({ atMs: world.clock.now(), state });
  }
}

function lineOf(message: string): Line | undefined {
  try {
    return JSON.parse(message) as Line;
  } catch {
    return undefined;
  }
}
