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
    const nowMs = this.#world.clock.now();
    const startMs = Math.ceil(sinceMs / minuteMs) * minuteMs;
    if (startMs >= nowMs) return false;
    const { Datapoints } = await this.#world.aws.cloudwatch.call('GetMetricStatistics', {
      Namespace: 'AWS/KafkaConnect',
      MetricName: 'SourceRecordPollRate',
      Dimensions: [{ Name: 'ConnectorName', Value: this.#connector }],
      StartTime: new Date(startMs),
      EndTime: new Date(nowMs),
      Period: 60,
      Statistics: ['Average'],
    });
    return Array.isArray(Datapoints) && Datapoints.some((point: { Average?: number }) => (point.Average ?? 0) > 0);
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
