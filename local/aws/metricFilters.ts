import type { MetricFilter, MetricTransformation, PutMetricFilterCommandInput } from '@aws-sdk/client-cloudwatch-logs';
import type { LocalClock } from '../clock.ts';
import { AwsError } from './awsError.ts';
import { filterPattern } from './filterPattern.ts';
import type { LogEvent } from './logEvents.ts';

/** A value for CloudWatch. */
export interface EmittedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  readonly atMs: number;
}

export interface MetricFiltersOptions {
  readonly clock: Pick<LocalClock, 'now'>;
  /** From a line's arrival to its value in CloudWatch. */
  readonly delayMs: number;
  readonly emit: (metric: EmittedMetric) => void;
  /** Calls back once at that moment. */
  readonly timer: (whenMs: number, callback: () => void) => void;
}

interface ActiveFilter {
  readonly described: MetricFilter;
  readonly matches: (message: string) => boolean;
  /** Minutes (start, in ms) in which a line came: whether one of them matched. */
  readonly minutes: Map<number, boolean>;
}

const minuteMs = 60_000;

/**
 * The metric filters of one log group: they see only lines that arrive after they were put.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html
 */
export class MetricFilters {
  readonly #filters = new Map<string, ActiveFilter>();
  readonly #options: MetricFiltersOptions;

  constructor(options: MetricFiltersOptions) {
    this.#options = options;
  }

  /** @throws AwsError InvalidParameterException */
  put(input: PutMetricFilterCommandInput): void {
    const transformations = input.metricTransformations ?? [];
    if (transformations.length !== 1) throw invalid('exactly one metric transformation is expected');
    for (const each of transformations) checkTransformation(each);
    this.#filters.set(input.filterName ?? '', {
      described: {
        filterName: input.filterName,
        filterPattern: input.filterPattern,
        metricTransformations: transformations,
        logGroupName: input.logGroupName,
        creationTime: this.#options.clock.now(),
      },
      matches: filterPattern(input.filterPattern ?? ''),
      minutes: new Map(),
    });
  }

  /** Whether there was one. */
  delete(filterName: string): boolean {
    return this.#filters.delete(filterName);
  }

  described(): MetricFilter[] {
    return [...this.#filters.values()].map((filter) => filter.described);
  }

  see(event: LogEvent): void {
    for (const filter of this.#filters.values()) {
      const matched = filter.matches(event.message);
      this.#noteMinute(filter, event, matched);
      if (!matched) continue;
      for (const each of filter.described.metricTransformations ?? []) {
        const metric = emitted(each, Number(each.metricValue), event.timestamp);
        this.#options.timer(event.ingestedAt + this.#options.delayMs, () => this.#options.emit(metric));
      }
    }
  }

  /** The default is for a minute in which lines came and none matched; a minute without lines gets no value at all. */
  #noteMinute(filter: ActiveFilter, event: LogEvent, matched: boolean): void {
    const minute = Math.floor(event.timestamp / minuteMs) * minuteMs;
    const before = filter.minutes.get(minute);
    filter.minutes.set(minute, matched || before === true);
    if (before !== undefined) return;
    const due = Math.max(minute + minuteMs, event.ingestedAt) + this.#options.delayMs;
    this.#options.timer(due, () => {
      const any = filter.minutes.get(minute);
      filter.minutes.delete(minute);
      if (any) return;
      for (const each of filter.described.metricTransformations ?? []) {
        if (each.defaultValue !== undefined) this.#options.emit(emitted(each, each.defaultValue, minute));
      }
    });
  }
}

function emitted(transformation: MetricTransformation, value: number, atMs: number): EmittedMetric {
  const { metricNamespace = '', metricName = '', dimensions = {} } = transformation;
  return { namespace: metricNamespace, name: metricName, dimensions, value, atMs };
}

function checkTransformation(transformation: MetricTransformation): void {
  if (!transformation.metricNamespace || !transformation.metricName) throw invalid('metricNamespace and metricName');
  if (Object.keys(transformation.dimensions ?? {}).length > 0) {
    // Dimensions are read out of JSON or column patterns, which are not local business; with a default they are refused by AWS as well.
    throw invalid('the local metric filters have no dimensions');
  }
  if (!Number.isFinite(Number(transformation.metricValue))) {
    throw invalid('metricValue: the local metric filters take a number only');
  }
}

function invalid(what: string): AwsError {
  return new AwsError('InvalidParameterException', 400, `Invalid metric filter: ${what}`);
}
