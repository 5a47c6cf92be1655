import { debeziumServer } from '../connect/exporter.ts';
import { kinds } from '../connect/simulated/kinds.ts';
import type { MetricsNaming } from './clusterOptions.ts';
import type { ClusterConnector } from './connector.ts';
import type { ClusterWorker } from './worker.ts';

/** One attribute of one MBean. */
interface Value {
  readonly domain: string;
  /** As the MBean's name has them, in their order. */
  readonly properties: readonly (readonly [string, string])[];
  readonly attribute: string;
  readonly value: number;
}

/**
 * What a worker's JMX agent shows. `jmx`: by the one rule of this repository's own agents. `debezium_metrics`: Debezium's values by the rule that its
 * examples have, Kafka Connect's by the agent's own naming, `-` replaced.
 * @see https://github.com/debezium/debezium-examples/blob/main/monitoring/debezium-jmx-exporter/config.yml
 * @see https://prometheus.github.io/jmx_exporter/1.0.1/http-mode/rules/
 */
export function prometheusText(
  worker: ClusterWorker,
  connectors: Iterable<ClusterConnector>,
  naming: MetricsNaming,
): string {
  const values = [...valuesOf(worker, connectors)];
  return values.map(naming === 'jmx' ? byOneRule : byName).join('');
}

function* valuesOf(worker: ClusterWorker, connectors: Iterable<ClusterConnector>): Iterable<Value> {
  let tasks = 0;
  let instances = 0;
  for (const connector of connectors) {
    if (connector.instance.worker === worker) instances += 1;
    const type = connector.sink ? 'sink-task-metrics' : 'source-task-metrics';
    const [read, sent] = connector.sink
      ? ['sink-record-read-rate', 'sink-record-send-rate']
      : ['source-record-poll-rate', 'source-record-write-rate'];
    for (const { task, running, worker: owner } of connector.tasks) {
      if (owner !== worker || running === undefined) continue;
      tasks += 1;
      // A task that failed has taken its metrics away.
      if (running.life !== 'running' && running.life !== 'starting') continue;
      const value = running.recordsPerSecond();
      const properties = [
        ['type', type],
        ['connector', connector.name],
        ['task', String(task)],
      ] as const;
      yield { domain: 'kafka.connect', properties, attribute: read, value };
      yield { domain: 'kafka.connect', properties, attribute: sent, value };
    }
    yield* debeziumValues(worker, connector);
  }
  const properties = [['type', 'connect-worker-metrics']] as const;
  yield { domain: 'kafka.connect', properties, attribute: 'task-count', value: tasks };
  yield { domain: 'kafka.connect', properties, attribute: 'connector-count', value: instances };
}

/** Of the task that owns the names on this worker, which may be a dead one. */
function* debeziumValues(worker: ClusterWorker, connector: ClusterConnector): Iterable<Value> {
  const { kind } = connector.source;
  if (!kinds[kind].debezium) return;
  const domain = `debezium.${kind === 'postgresql' ? 'postgres' : kind}`;
  const properties = [
    ['type', 'connector-metrics'],
    ['context', 'streaming'],
    ['server', debeziumServer(connector.config) || connector.name],
  ] as const;
  for (const { task } of connector.tasks) {
    const metrics = worker.metricsOwners.get(`${connector.name}/${task}`)?.debeziumMetrics() ?? {};
    for (const [attribute, value] of Object.entries(metrics)) yield { domain, properties, attribute, value };
  }
}

function byOneRule({ domain, properties, attribute, value }: Value): string {
  const names = properties.map(([name, each]) => `${name}=${each}`).join(', ');
  return `jmx{attribute="${attribute}",domain="${domain}",properties="${quoted(names)}"} ${number(value)}\n`;
}

function byName({ domain, properties, attribute, value }: Value): string {
  const get = (name: string) => properties.find(([each]) => each === name)?.[1] ?? '';
  if (domain.startsWith('debezium.')) {
    const plugin = domain.slice('debezium.'.length);
    return `debezium_metrics_${attribute}{context="${get('context')}",name="${quoted(get('server'))}",plugin="${plugin}"} ${number(value)}\n`;
  }
  const name = `kafka_connect_${get('type')}_${attribute}`.replaceAll('-', '_');
  const labels = properties.filter(([each]) => each !== 'type').map(([each, text]) => `${each}="${quoted(text)}"`);
  return `${name}${labels.length > 0 ? `{${labels.join(',')}}` : ''} ${number(value)}\n`;
}

/** @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details */
function quoted(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** As Java writes a double. */
function number(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
