import { policyDefaults } from '../../settings/defaults.ts';
import { commitLine } from '../../settings/logLines.ts';
import type { VirtualWorld } from './virtualWorld.ts';

/** How often the control plane is asked. The moment that is found is the last one before, so that no overhead is understated. */
const everyMs = 200;
/**
 * How often CloudWatch and its logs are asked, reckoned from what was published last: a metric is readable when it is published, a line
 * whole seconds later (`deliveryDelayMs`), so the moment is met exactly.
 */
const afterPublishedMs = 500;
const minuteMs = 60_000;

/** Three beats of a database that beats every 48 s. */
const provedAfterMs = 3 * 48_000;

interface Point {
  readonly Timestamp?: Date;
  readonly Average?: number;
  readonly Minimum?: number;
  readonly Maximum?: number;
}

/** Asks the services themselves, past the product, when something could first be known. */
export class Witness {
  readonly #world: VirtualWorld;
  readonly #connector: string;
  readonly #connectVersion: string;
  #woken: () => void = () => undefined;

  constructor(world: VirtualWorld, connector: string, connectVersion: string) {
    this.#world = world;
    this.#connector = connector;
    this.#connectVersion = connectVersion;
  }

  /** When the control plane no longer knew that ARN. */
  gone(arn: string): Promise<number> {
    return this.#first(async () => {
      try {
        await this.#world.aws.connect.call('DescribeConnector', { connectorArn: arn });
        return false;
      } catch {
        return true;
      }
    });
  }

  /** When an operation on a connector ended, as the control plane says it. */
  async ended(operationArn: string): Promise<number> {
    let endedAtMs = 0;
    await this.#first(async () => {
      const { endTime } = await this.#world.aws.connect.call('DescribeConnectorOperation', {
        connectorOperationArn: operationArn,
      });
      if (endTime instanceof Date) endedAtMs = endTime.getTime();
      return endTime !== undefined;
    });
    return endedAtMs;
  }

  /**
   * When the first proof of data that is newer than `sinceMs` could be read: a committed offset's line from CloudWatch Logs, or a whole minute's
   * poll rate above zero from CloudWatch.
   */
  async dataReadable(sinceMs: number): Promise<number> {
    const { clock } = this.#world;
    // oxlint-disable-next-line no-await-in-loop -- one question after the other is the point
    while (!(await this.#committed(sinceMs)) && !(await this.#polled(sinceMs))) {
      const published = new Promise<void>((resolve) => {
        this.#woken = resolve;
      });
      // oxlint-disable-next-line no-await-in-loop -- as above
      await Promise.race([published, clock.sleep(afterPublishedMs)]);
    }
    return clock.now();
  }

  /**
   * When the death of a connector that went silent after `sinceMs` could first be proved from CloudWatch and its logs: its database is unheard for
   * three beats, its poll rate is 0, and no sign of life is younger than two flushes (docs/evidence.md).
   */
  deathReadable(sinceMs: number, serverName: string): Promise<number> {
    return this.#first(async () => (await this.#unheard(sinceMs, serverName)) && (await this.#lifeless()));
  }

  /** Something was published: what could not be read before may be readable now. */
  published(): void {
    this.#woken();
  }

  async #committed(sinceMs: number): Promise<boolean> {
    const text = commitLine('mysql', this.#connectVersion)?.terms[0];
    const { events } = await this.#world.aws.logs.call('FilterLogEvents', {
      logGroupName: '/msk-connect/shop',
      startTime: sinceMs,
      filterPattern: `"${text ?? ''}"`,
    });
    return Array.isArray(events) && events.length > 0;
  }

  async #polled(sinceMs: number): Promise<boolean> {
    const rates = await this.#minutes(
      { Namespace: 'AWS/KafkaConnect', MetricName: 'SourceRecordPollRate' },
      { ConnectorName: this.#connector },
      'Average',
      Math.ceil(sinceMs / minuteMs) * minuteMs,
    );
    return rates.some(({ value }) => value > 0);
  }

  async #unheard(sinceMs: number, serverName: string): Promise<boolean> {
    const newest = async (statistic: 'Minimum' | 'Maximum') => {
      const clock = await this.#minutes(
        { Namespace: 'MSK_Connect', MetricName: 'MilliSecondsSinceLastEvent' },
        { DBServerName: serverName, type: 'streaming' },
        statistic,
        Math.floor(sinceMs / minuteMs) * minuteMs,
      );
      return clock.at(-1)?.value ?? 0;
    };
    // Above a minute, the smallest value of a minute says that no event came within it, and the greatest is the newest.
    return (await newest('Minimum')) > minuteMs && (await newest('Maximum')) > provedAfterMs;
  }

  async #lifeless(): Promise<boolean> {
    const nowMs = this.#world.clock.now();
    const livelyMs = policyDefaults.evidence.livelySeconds * 1000;
    if (await this.#committed(nowMs - livelyMs)) return false;
    const rates = await this.#minutes(
      { Namespace: 'AWS/KafkaConnect', MetricName: 'SourceRecordPollRate' },
      { ConnectorName: this.#connector },
      'Average',
      Math.floor((nowMs - livelyMs - minuteMs) / minuteMs) * minuteMs,
    );
    const alive = rates.findLast(({ value }) => value > 0);
    return rates.at(-1)?.value === 0 && (alive === undefined || nowMs - (alive.fromMs + minuteMs) > livelyMs);
  }

  /** The values of each minute from then on, the oldest first. */
  async #minutes(
    metric: { readonly Namespace: string; readonly MetricName: string },
    dimensions: Readonly<Record<string, string>>,
    statistic: 'Average' | 'Minimum' | 'Maximum',
    startMs: number,
  ): Promise<{ readonly fromMs: number; readonly value: number }[]> {
    const nowMs = this.#world.clock.now();
    if (startMs >= nowMs) return [];
    const { Datapoints } = await this.#world.aws.cloudwatch.call('GetMetricStatistics', {
      ...metric,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      StartTime: new Date(startMs),
      EndTime: new Date(nowMs),
      Period: 60,
      Statistics: [statistic],
    });
    const points = Array.isArray(Datapoints) ? (Datapoints as readonly Point[]) : [];
    return points
      .map((point) => ({ fromMs: point.Timestamp?.getTime() ?? 0, value: point[statistic] ?? 0 }))
      .toSorted((a, b) => a.fromMs - b.fromMs);
  }

  /** The last moment before that at which it was found true. */
  async #first(isTrue: () => Promise<boolean>): Promise<number> {
    const { clock } = this.#world;
    let before = clock.now();
    // oxlint-disable-next-line no-await-in-loop -- one question after the other is the point
    while (!(await isTrue())) {
      before = clock.now();
      // oxlint-disable-next-line no-await-in-loop -- as above
      await clock.sleep(everyMs);
    }
    return before;
  }
}
