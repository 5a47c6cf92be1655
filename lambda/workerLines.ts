import type { LiveConnector } from '../recovery/connector.ts';
import type { Lines, LogSigns } from '../recovery/signs.ts';
import type { ConnectorSettings } from '../settings/connectorSettings.ts';
import { commitLine, connectorTag } from '../settings/logLines.ts';

/**
 * Lines that say that somebody tries to reach the source, or Kafka, and cannot. Read in the code that writes them:
 * - BinaryLogClient.java of osheroff/mysql-binlog-connector-java, by java.util.logging, hence without a connector's name:
 *   "Keepalive: Trying to restore lost connection to <host>:<port>";
 * - MySQL Connector/J: "Communications link failure"; the JDK's ConnectException: "Connection refused";
 * - pgjdbc, ConnectionFactoryImpl.java: "Connection to <host>:<port> refused. Check that the hostname and port are correct..." and
 *   "The connection attempt failed.";
 * - Debezium, BaseSourceTask.java: "Going to restart connector after <n> sec. after a retriable exception";
 * - Kafka, NetworkClient.java: "Connection to node <n> (<host>) could not be established. Broker (later: Node) may not be available."
 *
 * "Error during binlog processing" is not among them: Debezium writes it for events that it cannot read as well.
 */
const reconnectTexts = [
  'Trying to restore lost connection',
  'Communications link failure',
  'Connection refused',
  'Check that the hostname and port are correct',
  'The connection attempt failed',
  'Going to restart connector after',
  'could not be established',
];

/** WorkerTask.java of apache/kafka, 2.7.1 and 3.7.1, at ERROR. */
const taskFailureText = 'Task threw an uncaught and unrecoverable exception';

/** Debezium's Metrics.java, at ERROR, after it waited in vain for the names of a dead task (measured). */
const orphanedText = 'Failed to register metrics MBean';

interface LogLine {
  readonly message?: string | undefined;
  readonly timestamp?: number | undefined;
}

/** A CloudWatch Logs filter pattern that any line of interest matches; `?` terms are OR-ed. */
export function linePattern(settings: ConnectorSettings): string {
  const commit = commitLine(settings.kind, settings.connectVersion)?.terms[0];
  const texts = [...(commit === undefined ? [] : [commit]), ...reconnectTexts, taskFailureText, orphanedText];
  return texts.map((text) => `?"${text}"`).join(' ');
}

/** Sorts lines by what they say of this connector; those of another never count. Pure. */
export function readLines(
  events: readonly LogLine[],
  settings: ConnectorSettings,
  connector: LiveConnector,
  shared: boolean,
): Omit<Extract<LogSigns, { kind: 'read' }>, 'kind' | 'complete' | 'newestLineAt'> {
  const commit = commitLine(settings.kind, settings.connectVersion);
  const own = events.filter(({ message = '' }) => message.includes(connectorTag(connector.name)));
  const host = hostOf(connector);
  // Stack traces and java.util.logging carry no connector's name; a host does as well as one.
  const nameless = events.filter(
    ({ message = '' }) =>
      !/\[[^\]|]+\|[^\]]+\]/.test(message) && (!shared || (host !== undefined && message.includes(host))),
  );
  return {
    ...(commit === undefined
      ? {}
      : {
          commits: count(
            own,
            (message) =>
              commit.terms.every((term) => message.includes(term)) &&
              !commit.not.some((term) => message.includes(term)),
          ),
        }),
    reconnects: count([...own, ...nameless], (message) => reconnectTexts.some((text) => message.includes(text))),
    taskFailures: count(own, (message) => message.includes(taskFailureText)),
    metricsOrphaned: count(own, (message) => message.includes(orphanedText)),
  };
}

/** The source's host, if the configuration says it in plain text. */
function hostOf(connector: LiveConnector): string | undefined {
  const host = connector.request.connectorConfiguration['database.hostname'];
  return host === undefined || host.length < 4 || host.includes('${') ? undefined : host;
}

function count(lines: readonly LogLine[], matches: (message: string) => boolean): Lines {
  const times = lines.filter(({ message = '' }) => matches(message)).map(({ timestamp = 0 }) => timestamp);
  if (times.length === 0) return { count: 0 };
  return { count: times.length, lastAt: new Date(Math.max(...times)).toISOString() };
}
