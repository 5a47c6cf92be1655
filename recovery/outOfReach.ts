/**
 * What drivers and clients write when what they talk to cannot be reached, or was lost. Whole words, so that nothing hangs on how a log
 * service cuts them. Read in the code that writes them:
 * - the JDK: `java.net.ConnectException: Connection refused` and `: Connection timed out`, NoRouteToHostException, UnknownHostException,
 *   SocketTimeoutException `Connect timed out` (lower case before Java 17) and `Read timed out`;
 * - mysql-binlog-connector-java, BinaryLogClient.java: "Failed to connect to MySQL on <host>:<port>. Please make sure it's up and running.";
 * - pgjdbc, ConnectionFactoryImpl.java: "Connection to <host>:<port> refused. Check that the hostname and port are correct..." and
 *   "The connection attempt failed.";
 * - MariaDB Connector/J: "Socket fail to connect to <host>";
 * - MySQL and MariaDB, error 1053: "Server shutdown in progress"; PostgreSQL: "the database system is shutting down" (or starting up) and
 *   "terminating connection due to administrator command";
 * - Kafka, NetworkClient.java: "Connection to node <n> (<host>) could not be established. Broker (later: Node) may not be available."
 *
 * "Error during binlog processing" is not among them: Debezium writes it for events that it cannot read as well.
 */
const unreachable = [
  'java.net.ConnectException',
  'Connection refused',
  'java.net.NoRouteToHostException',
  'java.net.UnknownHostException',
  'Connect timed out',
  'connect timed out',
  'Read timed out',
  'Failed to connect to MySQL',
  'Check that the hostname and port are correct',
  'The connection attempt failed',
  'Socket fail to connect',
  'could not be established',
  'Server shutdown in progress',
  'the database system is',
  'terminating connection due to administrator command',
] as const;

/**
 * Somebody tries again: the binlog client, by java.util.logging, hence without a connector's name ("Keepalive: Trying to restore lost
 * connection to <host>:<port>"), and Debezium's BaseSourceTask.java ("Going to restart connector after <n> sec. after a retriable exception").
 */
const trying = ['Trying to restore lost connection', 'Going to restart connector after'] as const;

/** MySQL Connector/J says it of a server that does not answer and of a connection that was cut. */
const ambiguous = 'Communications link failure';

/**
 * A connection that stood was cut, which says nothing of whether a new one could be made: the commonest death of Debezium 1.9's task
 * (measured: a reset). `Connection timed out` as a SocketException is the kernel's end of one that was half open.
 */
const cut = ['Connection reset', 'Broken pipe', 'java.net.SocketException'] as const;

/** The source itself ended the connection, which a server does that is stopped, killed or failed over [inferred]: it may be back in minutes. */
const closed = ['java.io.EOFException', 'Connection was killed'] as const;

/** Every text that bears on whether the source can be reached. */
export const reachTexts: readonly string[] = [...unreachable, ...trying, ambiguous, ...cut, ...closed];

/** What a line, or a reason, says of the source: out of reach, perhaps so, that a connection was cut or closed by it, or nothing. */
export function reachSaid(text: string): 'out of reach' | 'perhaps' | 'cut' | 'closed' | undefined {
  const holds = (one: string) => text.includes(one);
  if (unreachable.some(holds) || trying.some(holds)) return 'out of reach';
  if (closed.some(holds)) return 'closed';
  if (cut.some(holds)) return 'cut';
  return holds(ambiguous) ? 'perhaps' : undefined;
}
