/** What CloudWatch keeps of a period: enough for Sum, Average, Minimum, Maximum and SampleCount. */
export interface Aggregate {
  readonly sum: number;
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
}

export type Statistic = 'Sum' | 'Average' | 'Minimum' | 'Maximum' | 'SampleCount';

/** A metric is its namespace, its name and exactly its dimensions: one more or less is another metric. */
export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

const minuteMs = 60_000;
/** Minutes kept of a metric, as CloudWatch keeps them: 15 days. */
const minutesKept = 15 * 24 * 60;

/**
 * Metrics in minutes, which is the granularity in which CloudWatch keeps standard-resolution metrics, for 15 days.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/publishingMetrics.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
export class MetricStore {
  readonly #metrics = new Map<string, { readonly id: MetricId; readonly minutes: Map<number, Aggregate> }>();

  add(id: MetricId, atMs: number, values: Aggregate): void {
    const key = keyOf(id);
    const metric = this.#metrics.get(key) ?? { id, minutes: new Map<number, Aggregate>() };
    this.#metrics.set(key, metric);
    const minute = Math.floor(atMs / minuteMs) * minuteMs;
    metric.minutes.set(minute, merged(metric.minutes.get(minute), values));
    if (metric.minutes.size > minutesKept * 1.1) {
      for (const each of metric.minutes.keys()) if (each < minute - minutesKept * minuteMs) metric.minutes.delete(each);
    }
  }

  /** The values of each period that has any, from the first moment on (whole minutes) up to the second, which is excluded; oldest first. */
  periods(
    id: MetricId,
    fromMs: number,
    toMs: number,
    periodMs: number,
  ): { readonly startMs: number; readonly values: Aggregate }[] {
    const minutes = this.#metrics.get(keyOf(id))?.minutes;
    const found = [];
    if (!minutes) return [];
    if (periodMs === minuteMs && minutes.size * minuteMs < toMs - fromMs) {
      const inside = [...minutes].filter(([startMs]) => startMs >= fromMs && startMs < toMs);
      return inside.toSorted(([a], [b]) => a - b).map(([startMs, values]) => ({ startMs, values }));
    }
    for (let startMs = fromMs; startMs < toMs; startMs += periodMs) {
      const values = within(minutes, startMs, startMs + periodMs);
      if (values) found.push({ startMs, values });
    }
    return found;
  }

  /** The values between the two moments (whole minutes, the end excluded); `undefined` when nothing was published. */
  between(id: MetricId, fromMs: number, toMs: number): Aggregate | undefined {
    const minutes = this.#metrics.get(keyOf(id))?.minutes;
    return minutes && within(minutes, fromMs, toMs);
  }

  ids(): MetricId[] {
    return [...this.#metrics.values()].map(({ id }) => id);
  }
}

export function statistic(values: Aggregate, name: Statistic): number {
  switch (name) {
    case 'Sum':
      return values.sum;
    case 'Average':
      return values.sum / values.count;
    case 'Minimum':
      return values.minimum;
    case 'Maximum':
      return values.maximum;
    case 'SampleCount':
      return values.count;
  }
}

export function isStatistic(name: string | undefined): name is Statistic {
  return ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'].includes(name ?? '');
}

function within(minutes: ReadonlyMap<number, Aggregate>, fromMs: number, toMs: number): Aggregate | undefined {
  let found: Aggregate | undefined;
  for (let minute = fromMs; minute < toMs; minute += minuteMs) {
    const values = minutes.get(minute);
    if (values) found = merged(found, values);
  }
  return found;
}

function merged(a: Aggregate | undefined, b: Aggregate): Aggregate {
  if (!a) return b;
  return {
    sum: a.sum + b.sum,
    count: a.count + b.count,
    minimum: Math.min(a.minimum, b.minimum),
    maximum: Math.max(a.maximum, b.maximum),
  };
}

function keyOf(id: MetricId): string {
  const dimensions = Object.entries(id.dimensions).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([id.namespace, id.name, dimensions]);
}
