import { reachSaid } from './outOfReach.ts';
import { excerpt } from './trace.ts';
import type { Incurable } from './verdict.ts';

/** A text by which a trace says that no restart cures what a task died of. */
interface Cause {
  readonly what: Incurable['what'];
  readonly said: RegExp;
  /** It is said of what passes, too: only where it is said again after a restart does it stand. */
  readonly ifAgain?: true;
}

/**
 * Read in the code that writes them:
 * - credentials: MySQL and MariaDB, error 1045 "Access denied for user 'x'@'y' (using password: YES)"; PostgreSQL, auth.c "password authentication
 *   failed for user" and "no pg_hba.conf entry for host"; SQL Server, error 18456 "Login failed for user"; Oracle, ORA-01017; Kafka,
 *   AuthenticationException and its children SaslAuthenticationException and SslAuthenticationException, of which their own documentation says
 *   that they are fatal; Confluent's schema registry, error codes 401 and 403;
 * - authorization: Kafka, TopicAuthorizationException "Not authorized to access topics: [x]", GroupAuthorizationException "Not authorized to access
 *   group: x", ClusterAuthorizationException, TransactionalIdAuthorizationException; MySQL, error 1227 "Access denied; you need (at least one of)
 *   the x privilege(s)"; PostgreSQL, "permission denied for" and "must be superuser or replication role";
 * - unknown topic: KafkaProducer.java, "Topic x not present in metadata after 60000 ms.", of a topic that does not exist and that nobody may
 *   create, but of a broker that is away as well; InvalidTopicException. UnknownTopicOrPartitionException is retriable, as of a topic that was
 *   created a moment ago, so it is none;
 * - schema: Confluent's schema registry, "Schema being registered is incompatible with an earlier schema" (409), "Subject 'x' not found." (40401),
 *   "Schema x not found" (40403); Debezium, "Encountered change event for table x whose schema isn't known to this connector" and "The db
 *   history topic or its content is fully or partially missing";
 * - serialization: Kafka, SerializationException and RecordDeserializationException; Connect, DataException and its children
 *   SchemaBuilderException and SchemaProjectorException;
 * - record too large: RecordTooLargeException;
 * - plugin: Connect's Plugins.java, "Failed to find any class that implements Connector and which name matches x", and classes that are missing;
 * - configuration: ConfigException, but for a name that could not be resolved; Debezium, "The connector configuration is not valid".
 */
const causes: readonly Cause[] = [
  {
    what: 'credentials',
    said: /Access denied for user|password authentication failed for user|no pg_hba\.conf entry|Login failed for user|ORA-01017|AuthenticationException\b|RestClientException: (?:Unauthorized|Forbidden)|error code: 40[13]\b/,
  },
  {
    what: 'authorization',
    said: /(?:Topic|Group|Cluster|TransactionalId)AuthorizationException\b|Access denied; you need|permission denied for|must be superuser or replication role/,
  },
  { what: 'unknown-topic', said: /Topic \S+ not present in metadata after/, ifAgain: true },
  { what: 'unknown-topic', said: /\bInvalidTopicException\b/ },
  {
    what: 'schema',
    said: /is incompatible with an earlier schema|Subject '[^']*' not found|Schema \S+ not found|error code: 4040[1-3]\b|schema isn.t known to this connector|history topic or its content is fully or partially missing/,
  },
  { what: 'record-too-large', said: /\bRecordTooLargeException\b/ },
  {
    what: 'serialization',
    said: /\b(?:Record)?(?:S|Des)erializationException\b|org\.apache\.kafka\.connect\.errors\.(?:DataException|SchemaBuilderException|SchemaProjectorException)\b/,
  },
  {
    what: 'plugin',
    said: /Failed to find any class that implements|java\.lang\.(?:NoClassDefFoundError|ClassNotFoundException)\b/,
  },
  { what: 'configuration', said: /\bConfigException\b|[Cc]onnector configuration is not valid/ },
];

/**
 * What passes by itself, whatever it was wrapped in: Kafka's retriable errors, Connect's own, a server that is overloaded, a name that could not be
 * resolved. A schema registry that was away is told as a SerializationException.
 */
const passing =
  /errors\.(?:\w*Retriable\w*|TimeoutException|DisconnectException|NetworkException|InvalidMetadataException|UnknownTopicOrPartitionException|NotLeader\w*|LeaderNotAvailableException|\w*Coordinator\w*|NotEnoughReplicas\w*|ThrottlingQuotaExceededException)\b|error code: 50\d|No resolvable bootstrap urls/;

/** Whether this trace tells of what no restart cures; `isAgain`: it was restarted and says so again. `undefined`: nothing says so. */
export function incurable(
  trace: string | undefined,
  isAgain = false,
): { readonly what: Incurable['what']; readonly trace: string } | undefined {
  if (trace === undefined) return undefined;
  const found = causes.find(({ said, ifAgain }) => said.test(trace) && (ifAgain !== true || isAgain));
  if (found === undefined) return undefined;
  const root = rootOf(trace);
  const passes = passing.test(root) || reachSaid(root) !== undefined;
  return passes && found.ifAgain !== true ? undefined : { what: found.what, trace: excerpt(trace) };
}

/** What it all began with: the last "Caused by", or else the first line. */
function rootOf(trace: string): string {
  const lines = trace.split(/\r?\n/);
  return lines.findLast((line) => line.startsWith('Caused by:')) ?? lines[0] ?? '';
}
