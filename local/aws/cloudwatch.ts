import type {
  DescribeAlarmsCommandInput,
  GetMetricDataCommandInput,
  GetMetricStatisticsCommandInput,
  ListAlarmMuteRulesCommandInput,
  ListMetricsCommandInput,
  MetricDataQuery,
  MetricDatum,
  PutAlarmMuteRuleCommandInput,
  PutMetricAlarmCommandInput,
  PutMetricDataCommandInput,
  SetAlarmStateCommandInput,
} from '@aws-sdk/client-cloudwatch';
import type { LocalClock } from '../clock.ts';
import { Alarms, type AlarmsOptions } from './alarms.ts';
import { AwsError } from './awsError.ts';
import { dispatch, type Handlers } from './dispatch.ts';
import type { EmittedMetric } from './metricFilters.ts';
import { metricPage, type MetricSeries } from './metricPages.ts';
import { MuteRules } from './muteRules.ts';
import { type Aggregate, isStatistic, type MetricId, MetricStore, statistic } from './metricStore.ts';
import type { LocalService } from './service.ts';

export interface LocalCloudWatchOptions extends AlarmsOptions {
  readonly clock: LocalClock;
  /** Local time after each full minute at which alarms are evaluated: datapoints arrive late. @default 5000 */
  readonly evaluationDelayMs?: number;
}

const minuteMs = 60_000;

/** Metrics and the alarms on them, which it evaluates every minute until it is closed. */
export class LocalCloudWatch implements LocalService {
  readonly name = 'monitoring';
  readonly #metrics = new MetricStore();
  readonly #muteRules = new MuteRules();
  readonly #alarms: Alarms;
  readonly #clock: LocalClock;
  readonly #evaluationDelayMs: number;
  #cancel: () => void;

  constructor(options: LocalCloudWatchOptions) {
    this.#alarms = new Alarms(this.#metrics, options, (alarm) => this.#muteRules.active(alarm, options.clock.now()));
    this.#clock = options.clock;
    this.#evaluationDelayMs = options.evaluationDelayMs ?? 5000;
    this.#cancel = this.#evaluateNextMinute();
  }

  call(operation: string, input: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
    return dispatch(this.name, this.#handlers, operation, input);
  }

  /** One value, for those who publish from within: metric filters and data planes. */
  put({ namespace, name, dimensions, value, atMs }: EmittedMetric): void {
    this.#metrics.add({ namespace, name, dimensions }, atMs, { sum: value, count: 1, minimum: value, maximum: value });
  }

  /** Ends the evaluation of alarms. */
  close(): void {
    this.#cancel();
  }

  readonly #handlers: Handlers = {
    PutMetricData: (input: PutMetricDataCommandInput) => this.#putData(input),
    GetMetricData: (input: GetMetricDataCommandInput) => ({
      ...metricPage(
        (input.MetricDataQueries ?? [])
          .filter((query) => query.ReturnData ?? true)
          .map((query) => this.#data(query, input)),
        input.MaxDatapoints,
        input.NextToken,
      ),
      Messages: [],
    }),
    GetMetricStatistics: (input: GetMetricStatisticsCommandInput) => this.#statistics(input),
    ListMetrics: (input: ListMetricsCommandInput) => ({
      Metrics: this.#metrics
        .ids()
        .filter(
          ({ namespace, name, dimensions }) =>
            namespace === (input.Namespace ?? namespace) &&
            name === (input.MetricName ?? name) &&
            (input.Dimensions ?? []).every(
              ({ Name, Value }) =>
                Name && dimensions[Name] !== undefined && dimensions[Name] === (Value ?? dimensions[Name]),
            ),
        )
        .map(({ namespace, name, dimensions }) => ({
          Namespace: namespace,
          MetricName: name,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        })),
    }),
    PutMetricAlarm: (input: PutMetricAlarmCommandInput) => {
      this.#alarms.put(input);
      return {};
    },
    PutAlarmMuteRule: (input: PutAlarmMuteRuleCommandInput) => {
      this.#muteRules.put(input);
      return {};
    },
    ListAlarmMuteRules: (input: ListAlarmMuteRulesCommandInput) => this.#muteRules.list(input, this.#clock.now()),
    DescribeAlarms: (input: DescribeAlarmsCommandInput) => this.#alarms.describe(input),
    SetAlarmState: (input: SetAlarmStateCommandInput) => {
      this.#alarms.setState(input);
      return {};
    },
    DeleteAlarms: (input: { readonly AlarmNames?: string[] }) => {
      this.#alarms.delete(input.AlarmNames ?? []);
      return {};
    },
    EnableAlarmActions: (input: { readonly AlarmNames?: string[] }) => {
      this.#alarms.enableActions(input.AlarmNames ?? [], true);
      return {};
    },
    DisableAlarmActions: (input: { readonly AlarmNames?: string[] }) => {
      this.#alarms.enableActions(input.AlarmNames ?? [], false);
      return {};
    },
  };

  #evaluateNextMinute(): () => void {
    const now = this.#clock.now();
    const minute = Math.floor((now - this.#evaluationDelayMs) / minuteMs) + 1;
    return this.#clock.at(minute * minuteMs + this.#evaluationDelayMs, () => {
      this.#cancel = this.#evaluateNextMinute();
      this.#alarms.evaluate();
    });
  }

  #putData(input: PutMetricDataCommandInput): object {
    if (!input.Namespace) throw invalid('Namespace');
    for (const datum of input.MetricData ?? []) {
      const dimensions = dimensionsOf(datum.Dimensions);
      const id = { namespace: input.Namespace, name: datum.MetricName ?? '', dimensions };
      const atMs = datum.Timestamp?.getTime() ?? this.#clock.now();
      for (const values of valuesOf(datum)) this.#metrics.add(id, atMs, values);
    }
    return {};
  }

  /** Datapoints stand at the start of their period, and periods are aligned to the epoch. */
  #data(query: MetricDataQuery, input: GetMetricDataCommandInput): MetricSeries {
    const stat = query.MetricStat;
    const name = stat?.Stat;
    if (!stat?.Metric?.Namespace || !stat.Metric.MetricName || !stat.Period) {
      throw invalid('MetricDataQueries: MetricStat is expected; the local CloudWatch has no metric math');
    }
    if (!isStatistic(name)) throw invalid(`statistic '${name}'`);
    const id = {
      namespace: stat.Metric.Namespace,
      name: stat.Metric.MetricName,
      dimensions: dimensionsOf(stat.Metric.Dimensions),
    };
    const found = this.#periods(id, input.StartTime, input.EndTime, stat.Period);
    const ordered = input.ScanBy === 'TimestampAscending' ? found : found.toReversed();
    return {
      Id: query.Id,
      Label: query.Label ?? stat.Metric.MetricName,
      Timestamps: ordered.map(({ startMs }) => new Date(startMs)),
      Values: ordered.map(({ values }) => statistic(values, name)),
    };
  }

  #statistics(input: GetMetricStatisticsCommandInput): object {
    const id = {
      namespace: input.Namespace ?? '',
      name: input.MetricName ?? '',
      dimensions: dimensionsOf(input.Dimensions),
    };
    const found = this.#periods(id, input.StartTime, input.EndTime, input.Period ?? 60);
    const wanted = (input.Statistics ?? []).filter((each) => isStatistic(each));
    return {
      Label: input.MetricName,
      Datapoints: found.map(({ startMs, values }) => ({
        Timestamp: new Date(startMs),
        ...Object.fromEntries(wanted.map((each) => [each, statistic(values, each)])),
      })),
    };
  }

  /** Oldest first; the start is taken down to its period [inferred], the end is excluded. */
  #periods(
    id: MetricId,
    start: Date | undefined,
    end: Date | undefined,
    periodSeconds: number,
  ): { readonly startMs: number; readonly values: Aggregate }[] {
    const periodMs = periodSeconds * 1000;
    if (!start || !end || start >= end) throw invalid('StartTime must be before EndTime');
    if (periodMs % minuteMs !== 0) throw invalid('Period: a multiple of 60 is expected');
    const fromMs = Math.floor(start.getTime() / periodMs) * periodMs;
    return this.#metrics.periods(id, fromMs, end.getTime(), periodMs);
  }
}

function dimensionsOf(
  dimensions: readonly { readonly Name?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): Record<string, string> {
  return Object.fromEntries((dimensions ?? []).map(({ Name, Value }) => [Name ?? '', Value ?? '']));
}

/** A datum carries one value, values with their counts, or a set of statistics. */
function valuesOf(datum: MetricDatum): Aggregate[] {
  const set = datum.StatisticValues;
  if (set) {
    const { SampleCount: count = 0, Sum: sum = 0, Minimum: minimum = 0, Maximum: maximum = 0 } = set;
    return [{ count, sum, minimum, maximum }];
  }
  const values = datum.Values ?? (datum.Value === undefined ? [] : [datum.Value]);
  return values.map((value, index) => {
    const count = datum.Counts?.[index] ?? 1;
    return { count, sum: value * count, minimum: value, maximum: value };
  });
}

function invalid(what: string): AwsError {
  return new AwsError('InvalidParameterValueException', 400, `Invalid parameter: ${what}`);
}
