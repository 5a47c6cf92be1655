import type { DebeziumValues, TaskRate } from '../round/prometheus.ts';
import type { ConnectorSeen, MetricsSeen } from '../round/seen.ts';
import type { Instant } from '../../recovery/time.ts';

/** All that the JMX agents showed in a round, by whom it is of. */
export interface MetricsIndex {
  /** Whose agents are asked, whether or not they answered. */
  readonly workers: ReadonlySet<string>;
  /** Those of them that states have named so: what their agents show of a task elsewhere was left behind. */
  readonly known: ReadonlySet<string>;
  /** `connector task` to what each agent showed of it. */
  readonly rates: ReadonlyMap<string, readonly Found<TaskRate>[]>;
  /** Debezium's server name to what each agent showed of it. */
  readonly debezium: ReadonlyMap<string, readonly Found<DebeziumValues>[]>;
  readonly kind: 'read' | 'not-watched' | 'unreadable' | 'not-asked';
  /** Of the first that could not be read. */
  readonly reason?: string;
}

interface Found<T> {
  readonly worker?: string;
  readonly at: Instant;
  readonly value: T;
}

/** @param known workers with an agent that the states of tasks have named by the same name */
export function indexMetrics(metrics: readonly MetricsSeen[], known: ReadonlySet<string>): MetricsIndex {
  const rates = new Map<string, Found<TaskRate>[]>();
  const debezium = new Map<string, Found<DebeziumValues>[]>();
  for (const { worker, values } of metrics) {
    if (values.kind !== 'read') continue;
    const from = { ...(worker === undefined ? {} : { worker }), at: values.at };
    for (const value of values.value.rates) put(rates, `${value.connector} ${value.task}`, { ...from, value });
    for (const value of values.value.debezium) put(debezium, value.server, { ...from, value });
  }
  const kinds = metrics.map(({ values }) => values.kind);
  const kind = (['read', 'unreadable', 'not-asked'] as const).find((one) => kinds.includes(one)) ?? 'not-watched';
  const failed = metrics.map(({ values }) => values).find((values) => values.kind === 'unreadable');
  const workers = new Set(metrics.flatMap(({ worker }) => (worker === undefined ? [] : [worker])));
  return { workers, known, rates, debezium, kind, ...(failed === undefined ? {} : { reason: failed.reason }) };
}

function put<T>(all: Map<string, T[]>, key: string, value: T): void {
  const known = all.get(key);
  if (known === undefined) all.set(key, [value]);
  else known.push(value);
}

/**
 * What one task moves, by the agent of its worker, where it is known which that is. `undefined`: nobody showed it, which is not zero. A task that
 * was left behind somewhere may still be shown there, beside the one that took its place: of several the liveliest counts.
 */
export function rateOf(index: MetricsIndex, connector: string, task: ConnectorSeen['tasks'][number]): RateReading {
  const found = ofItsWorkers(index, index.rates.get(`${connector} ${task.id}`) ?? [], [task.worker]);
  return {
    at: found[0]?.at,
    recordsIn: greatest(found.map(({ value }) => value.recordsIn)),
    recordsOut: greatest(found.map(({ value }) => value.recordsOut)),
  };
}

export interface RateReading {
  readonly at: Instant | undefined;
  readonly recordsIn: number | undefined;
  readonly recordsOut: number | undefined;
}

/** What Debezium shows of a source: `Connected` where any task is, and the newest event that any of them heard. */
export function debeziumOf(
  index: MetricsIndex,
  { configuration, tasks }: Pick<ConnectorSeen, 'configuration' | 'tasks'>,
): {
  readonly at: Instant | undefined;
  readonly connected: number | undefined;
  readonly msSinceLastEvent: number | undefined;
} {
  const server = configuration['topic.prefix'] ?? configuration['database.server.name'] ?? '';
  const workers = tasks.map(({ worker }) => worker);
  const found = ofItsWorkers(index, index.debezium.get(server) ?? [], workers);
  const clocks = found.map(({ value }) => value.msSinceLastEvent).filter((ms) => ms !== undefined);
  const heard = clocks.filter((ms) => ms >= 0);
  return {
    at: found[0]?.at,
    connected: greatest(found.map(({ value }) => value.connected)),
    msSinceLastEvent: heard.length > 0 ? Math.min(...heard) : clocks[0],
  };
}

/** Those of these workers, where any of them has an agent that is asked; else those that are not known to be of another. */
function ofItsWorkers<T>(
  index: MetricsIndex,
  found: readonly Found<T>[],
  workers: readonly string[],
): readonly Found<T>[] {
  if (workers.some((worker) => index.workers.has(worker)))
    return found.filter(({ worker }) => worker !== undefined && workers.includes(worker));
  return found.filter(({ worker }) => worker === undefined || !index.known.has(worker));
}

function greatest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
