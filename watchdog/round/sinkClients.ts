/** The consumer group of a sink. @see https://github.com/apache/kafka/blob/3.7/connect/runtime/src/main/java/org/apache/kafka/connect/runtime/Worker.java — `baseConsumerConfigs` */
export function groupOf(connector: string, configuration: Readonly<Record<string, string>>): string {
  return configuration['consumer.override.group.id'] ?? `connect-${connector}`;
}

/** The number of the task whose consumer has that client id; `undefined`: it is no consumer of that connector, or one with an id of its own. */
export function taskOf(client: string, connector: string): number | undefined {
  const start = `connector-consumer-${connector}-`;
  const task = client.startsWith(start) ? client.slice(start.length) : '';
  return /^\d+$/.test(task) ? Number(task) : undefined;
}
