/** One numeric attribute of one MBean of a worker. */
export interface JmxValue {
  /** Such as `kafka.connect`. */
  readonly domain: string;
  /** Such as `{ type: 'source-task-metrics', connector: 'orders-cdc', task: '0' }`. */
  readonly properties: Readonly<Record<string, string>>;
  /** The attribute that it is a part of, such as `HeapMemoryUsage`, of which it is `used`. */
  readonly composite?: string;
  readonly attribute: string;
  readonly value: number;
}

/** Only these are read, so that a look costs the worker a few milliseconds. */
const objectNames: readonly string[] = [
  'debezium.*:type=connector-metrics,*',
  'kafka.connect:type=connect-worker-metrics,*',
  'kafka.connect:type=connect-worker-rebalance-metrics,*',
  'kafka.connect:type=source-task-metrics,*',
  'kafka.connect:type=sink-task-metrics,*',
  'kafka.producer:type=producer-metrics,client-id=connector-*',
  'kafka.consumer:type=consumer-metrics,client-id=connector-*',
  'java.lang:type=Memory',
  'java.lang:type=OperatingSystem',
];

/**
 * The configuration of the Prometheus JMX agent: every attribute under one name, with its MBean's in a label, so that no rule hangs on the order in
 * which an MBean names its properties.
 * @see https://prometheus.github.io/jmx_exporter/1.0.1/http-mode/rules/
 */
export const jmxAgentConfiguration = `includeObjectNames:
${objectNames.map((name) => `  - '${name}'\n`).join('')}rules:
  - pattern: '^([^<]+)<([^>]*)><([^>]*)>([^:]+):'
    name: jmx
    labels:
      domain: '$1'
      properties: '$2'
      composite: '$3'
      attribute: '$4'
`;

/**
 * Asks a worker's JMX agent.
 * @throws when it does not answer within `timeoutMs`: the worker is gone or hangs.
 */
export async function readJmx(port: number, timeoutMs: number): Promise<readonly JmxValue[]> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(timeoutMs) });
  return parseJmx(await response.text());
}

/**
 * Reads the agent's answer; what is not a number there (a rate of nothing yet) is left out.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details
 */
export function parseJmx(text: string): readonly JmxValue[] {
  const values: JmxValue[] = [];
  for (const line of text.split('\n')) {
    const found = /^jmx\{(.*)\} (\S+)$/.exec(line);
    if (found === null) continue;
    const [, labelText = '', number] = found;
    const value = Number(number);
    if (!Number.isFinite(value)) continue;
    const labels = readLabels(labelText);
    values.push({
      domain: labels['domain'] ?? '',
      properties: readProperties(labels['properties'] ?? ''),
      ...(labels['composite'] !== undefined && { composite: labels['composite'] }),
      attribute: labels['attribute'] ?? '',
      value,
    });
  }
  return values;
}

function readLabels(text: string): Readonly<Record<string, string>> {
  const labels = [...text.matchAll(/(\w+)="((?:\\.|[^"\\])*)"/g)];
  return Object.fromEntries(
    labels.map(([, name = '', value = '']) => [
      name,
      value.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped)),
    ]),
  );
}

function readProperties(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split(', ').map((property) => {
      const equals = property.indexOf('=');
      return [property.slice(0, equals), property.slice(equals + 1)];
    }),
  );
}
