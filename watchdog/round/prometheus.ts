/** Records per second of one task, as Kafka Connect's own metrics have them. */
export interface TaskRate {
  readonly connector: string;
  readonly task: number;
  /** `source-record-poll-rate` or `sink-record-read-rate`. */
  readonly recordsIn?: number;
  /** `source-record-write-rate` or `sink-record-send-rate`. */
  readonly recordsOut?: number;
}

/** What Debezium's streaming metrics say of one source; of one task and database of it, where there are several. */
export interface DebeziumValues {
  /** `topic.prefix`, before 2.0 `database.server.name`. */
  readonly server: string;
  readonly connected?: number;
  /** -1: no event yet. */
  readonly msSinceLastEvent?: number;
}

/** One worker's JMX values; what is not there is not zero. */
export interface WorkerMetrics {
  readonly rates: readonly TaskRate[];
  readonly debezium: readonly DebeziumValues[];
}

/** Any spelling of the attributes that are read, in a metric's name or in a label. */
const wanted =
  /(?:source|sink)[_-]record[_-](?:poll|write|read|send)[_-]rate|milli_?seconds_?since_?last_?event|connected/gi;

/** The attribute that a metric's name ends with, in small letters with underscores. */
const attributes: readonly (readonly [RegExp, 'recordsIn' | 'recordsOut' | 'connected' | 'msSinceLastEvent'])[] = [
  [/(?:^|_)(?:source_record_poll|sink_record_read)_rate$/, 'recordsIn'],
  [/(?:^|_)(?:source_record_write|sink_record_send)_rate$/, 'recordsOut'],
  [/(?:^|_)milli_?seconds_?since_?last_?event$/, 'msSinceLastEvent'],
  [/(?:^|_)connected$/, 'connected'],
];

interface Line {
  /** In small letters with underscores: the metric's name, or domain and attribute where a rule keeps them in labels. */
  readonly name: string;
  /** By their names in small letters. */
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

/**
 * Reads what a worker's JMX agent publishes, whatever its rules name it: jmx_exporter's own names without a rule
 * (`debezium_mysql_connector_metrics_MilliSecondsSinceLastEvent{context="streaming",server="shop"}`,
 * `kafka_connect_source_task_metrics_source_record_poll_rate{connector="orders",task="0"}`), in capitals or small letters; those of Debezium's
 * examples (`debezium_metrics_Connected{plugin="mysql",name="shop",context="streaming"}`) and of Strimzi's; or all under one name with the MBean in
 * labels (`jmx{domain="debezium.mysql",properties="type=connector-metrics, context=streaming, server=shop",attribute="Connected"}`).
 *
 * A value that is not a number (a rate of nothing yet) is left out, and so is one that does not say whose it is.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details
 * @see https://prometheus.github.io/jmx_exporter/1.0.1/http-mode/rules/
 * @see https://github.com/debezium/debezium-examples/blob/main/monitoring/debezium-jmx-exporter/config.yml
 * @see https://github.com/strimzi/strimzi-kafka-operator/blob/main/examples/metrics/kafka-connect-metrics.yaml
 */
export function readPrometheus(text: string): WorkerMetrics {
  const rates = new Map<string, TaskRate>();
  const debezium: DebeziumValues[] = [];
  for (const line of wantedLines(text)) {
    const attribute = attributes.find(([form]) => form.test(line.name))?.[1];
    if (attribute === 'recordsIn' || attribute === 'recordsOut') {
      const rate = rateOf(line);
      const key = rate === undefined ? '' : `${rate.task} ${rate.connector}`;
      if (rate !== undefined) rates.set(key, { ...rates.get(key), ...rate, [attribute]: line.value });
    } else if (attribute !== undefined && isStreaming(line)) {
      const server = bare(line.labels.get('server') ?? line.labels.get('name') ?? '');
      if (server !== '') debezium.push({ server, [attribute]: line.value });
    }
  }
  return { rates: [...rates.values()], debezium };
}

/** A worker shows thousands of lines of which a few are wanted: the others are not even cut out. */
function* wantedLines(text: string): Generator<Line> {
  wanted.lastIndex = 0;
  let end = -1;
  for (const { index } of text.matchAll(wanted)) {
    if (index < end) continue;
    const start = text.lastIndexOf('\n', index) + 1;
    const newline = text.indexOf('\n', index);
    end = newline < 0 ? text.length : newline;
    const line = readLine(text.slice(start, end));
    if (line !== undefined) yield line;
  }
}

function readLine(line: string): Line | undefined {
  const [, name = '', labelText = '', number = ''] =
    /^([A-Za-z_:][\w:]*)\{((?:[^"}]|"(?:\\.|[^"\\])*")*)\}\s+(\S+)/.exec(line) ?? [];
  const value = Number(number);
  if (number === '' || !Number.isFinite(value)) return undefined;
  const labels = readLabels(labelText);
  const [domain, properties, attribute] = ['domain', 'properties', 'attribute'].map((label) => labels.get(label));
  if (domain === undefined || properties === undefined || attribute === undefined) {
    return { name: spelled(name), labels, value };
  }
  return { name: spelled(`${domain}_${attribute}`), labels: readProperties(properties), value };
}

function readLabels(text: string): ReadonlyMap<string, string> {
  const labels = [...text.matchAll(/(\w+)\s*=\s*"((?:\\.|[^"\\])*)"/g)];
  return new Map(
    labels.map(([, name = '', value = '']) => [
      name.toLowerCase(),
      value.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped)),
    ]),
  );
}

/** An MBean's, as jmx_exporter writes them: `type=connector-metrics, context=streaming, server=shop`. */
function readProperties(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(', ').map((property) => {
      const equals = property.indexOf('=');
      return [property.slice(0, equals).toLowerCase(), property.slice(equals + 1)];
    }),
  );
}

function spelled(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
}

function rateOf({ labels }: Line): Pick<TaskRate, 'connector' | 'task'> | undefined {
  const connector = bare(labels.get('connector') ?? '');
  const task = Number(bare(labels.get('task') ?? '') || NaN);
  return connector === '' || !Number.isInteger(task) ? undefined : { connector, task };
}

/** The snapshot's metrics have an event clock too, which stands still for good when the snapshot is over. */
function isStreaming({ name, labels }: Line): boolean {
  if (!name.startsWith('debezium')) return false;
  const context = labels.get('context');
  return context === undefined ? /_streaming_/.test(name) : bare(context) === 'streaming';
}

/** JMX writes a value with odd characters in quotes, and those that mean something there after a backslash. */
function bare(value: string): string {
  const [, quoted] = /^"(.*)"$/s.exec(value) ?? [];
  return quoted === undefined ? value : quoted.replaceAll(/\\(.)/g, '$1');
}
