import { describe, expect, test } from 'vitest';
import { diagnose } from '../../recovery/diagnose.ts';
import { incurable } from '../../recovery/incurable.ts';
import { excerpt } from '../../recovery/trace.ts';
import { ago } from './examples.ts';
import { selfLive, selfPolicy, selfSigns, stuck, task } from './selfManagedExamples.ts';

const wrapped = (cause: string) =>
  `org.apache.kafka.connect.errors.ConnectException: An exception occurred in the change event producer. This connector will be stopped.\n\tat io.debezium.pipeline.ErrorHandler.setProducerThrowable(ErrorHandler.java:67)\nCaused by: ${cause}\n\tat x.y(Z.java:1)\n\t... 5 more`;
const tolerance = (cause: string) =>
  `org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded in error handler\n\tat org.apache.kafka.connect.runtime.errors.RetryWithToleranceOperator.execAndHandleError(RetryWithToleranceOperator.java:244)\nCaused by: ${cause}`;

describe('what no restart cures is told by its trace', () => {
  test.each([
    ['credentials', wrapped("java.sql.SQLException: Access denied for user 'cdc'@'10.0.0.7' (using password: YES)")],
    ['credentials', wrapped('org.postgresql.util.PSQLException: FATAL: password authentication failed for user "cdc"')],
    ['credentials', wrapped('org.postgresql.util.PSQLException: FATAL: no pg_hba.conf entry for host "10.0.0.7"')],
    ['credentials', "com.microsoft.sqlserver.jdbc.SQLServerException: Login failed for user 'cdc'."],
    ['credentials', 'org.apache.kafka.common.errors.SaslAuthenticationException: Authentication failed'],
    ['credentials', 'org.apache.kafka.common.errors.SslAuthenticationException: SSL handshake failed'],
    [
      'credentials',
      tolerance(
        'org.apache.kafka.common.errors.SerializationException: Error retrieving Avro value schema for id 7\nCaused by: io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException: Unauthorized; error code: 401',
      ),
    ],
    [
      'authorization',
      'org.apache.kafka.common.errors.TopicAuthorizationException: Not authorized to access topics: [orders]',
    ],
    [
      'authorization',
      'org.apache.kafka.common.errors.GroupAuthorizationException: Not authorized to access group: connect-x',
    ],
    ['authorization', 'org.apache.kafka.common.errors.ClusterAuthorizationException: Cluster authorization failed.'],
    [
      'authorization',
      wrapped('java.sql.SQLException: Access denied; you need (at least one of) the REPLICATION SLAVE privilege(s)'),
    ],
    ['authorization', wrapped('org.postgresql.util.PSQLException: ERROR: permission denied for table orders')],
    ['unknown-topic', 'org.apache.kafka.common.errors.InvalidTopicException: Invalid topics: [a b]'],
    [
      'schema',
      tolerance(
        'org.apache.kafka.common.errors.SerializationException: Error registering Avro schema\nCaused by: io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException: Schema being registered is incompatible with an earlier schema for subject "orders-value"; error code: 409',
      ),
    ],
    [
      'schema',
      wrapped(
        "io.debezium.DebeziumException: Encountered change event for table shop.x whose schema isn't known to this connector",
      ),
    ],
    [
      'schema',
      'io.debezium.DebeziumException: The db history topic or its content is fully or partially missing. Please check',
    ],
    ['serialization', tolerance('org.apache.kafka.common.errors.SerializationException: Unknown magic byte!')],
    [
      'serialization',
      tolerance(
        'org.apache.kafka.connect.errors.DataException: Converting byte[] to Kafka Connect data failed due to serialization error: ',
      ),
    ],
    [
      'record-too-large',
      'org.apache.kafka.connect.errors.ConnectException: Unrecoverable exception from producer send callback\nCaused by: org.apache.kafka.common.errors.RecordTooLargeException: The message is 1200000 bytes when serialized which is larger than 1048576',
    ],
    [
      'plugin',
      'org.apache.kafka.connect.errors.ConnectException: Failed to find any class that implements Connector and which name matches io.debezium.X',
    ],
    ['plugin', 'java.lang.NoClassDefFoundError: com/example/Driver'],
    ['configuration', 'org.apache.kafka.common.config.ConfigException: Invalid value abc for configuration batch.size'],
  ])('%s: %s', (what, trace) => {
    expect(incurable(trace)?.what).toBe(what);
  });

  test.each([
    ['nothing known', wrapped('java.lang.NullPointerException')],
    ['a retriable error', 'org.apache.kafka.connect.errors.RetriableException: try again'],
    [
      'a schema registry that is away',
      tolerance(
        'org.apache.kafka.common.errors.SerializationException: Error serializing Avro message\nCaused by: java.net.ConnectException: Connection refused',
      ),
    ],
    [
      'a schema registry that is overloaded',
      tolerance(
        'org.apache.kafka.common.errors.SerializationException: Error registering Avro schema\nCaused by: io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException: Error while forwarding; error code: 50003',
      ),
    ],
    [
      'a converter that waited for a topic',
      tolerance(
        'org.apache.kafka.connect.errors.DataException: x\nCaused by: org.apache.kafka.common.errors.TimeoutException: Timed out',
      ),
    ],
    [
      'a topic that was created a moment ago',
      'org.apache.kafka.common.errors.UnknownTopicOrPartitionException: This server does not host this topic-partition.',
    ],
    [
      'a name that could not be resolved',
      'org.apache.kafka.common.config.ConfigException: No resolvable bootstrap urls given in bootstrap.servers',
    ],
    ['a source out of reach', wrapped('java.net.ConnectException: Connection refused')],
    [
      'a replication slot that is still taken',
      wrapped('org.postgresql.util.PSQLException: ERROR: replication slot "cdc" is active for PID 7'),
    ],
  ])('%s is none', (_what, trace) => {
    expect(incurable(trace)).toBeUndefined();
  });

  test('a topic that is not there is told as a broker that is away: only where it is said again after a restart does it stand', () => {
    const trace =
      'org.apache.kafka.connect.errors.ConnectException: Unrecoverable exception from producer send callback\nCaused by: org.apache.kafka.common.errors.TimeoutException: Topic shop.orders not present in metadata after 60000 ms.';
    const signs = selfSigns([task(0, { state: 'FAILED', trace, since: ago(30) })]);
    const whats = [undefined, ago(95), ago(7200)].map(
      (actedAt) => diagnose(selfLive(), signs, selfPolicy(), actedAt).incurable?.what,
    );
    expect(whats).toEqual([undefined, 'unknown-topic', undefined]);
  });
});

describe('of a connector of several tasks', () => {
  const denied = wrapped("java.sql.SQLException: Access denied for user 'cdc'@'10.0.0.7'");

  test('the verdict says which died of it, and which a restart may cure', () => {
    const signs = selfSigns([task(0), task(1, { state: 'FAILED', trace: denied }), stuck(2)]);
    const verdict = diagnose(selfLive(), signs, selfPolicy({}, 'sink'), undefined);
    expect([verdict.kind, verdict.deadTasks, verdict.incurable?.what, verdict.incurable?.tasks]).toEqual([
      'partial',
      [2],
      'credentials',
      [1],
    ]);
  });

  test('the connector itself may have died of it', () => {
    const connector = selfLive({ state: 'FAILED', stateReason: denied, stateSince: ago(20) });
    const verdict = diagnose(connector, selfSigns([task(0)]), selfPolicy(), undefined);
    expect([verdict.kind, verdict.deadTasks, verdict.incurable?.tasks]).toEqual(['partial', [], []]);
  });
});

describe('of a trace people read', () => {
  test('its first line and what caused it, without the stack', () => {
    expect(excerpt(wrapped('java.lang.IllegalStateException: no'))).toBe(
      'org.apache.kafka.connect.errors.ConnectException: An exception occurred in the change event producer. This connector will be stopped. | Caused by: java.lang.IllegalStateException: no',
    );
  });

  test('no secret', () => {
    expect(excerpt('java.sql.SQLException: jdbc:mysql://db/shop?user=cdc&password=hunter22 refused')).not.toContain(
      'hunter22',
    );
  });

  test('no more than a few lines, bounded: the first, and the causes nearest to the root', () => {
    const deep = ['first', ...Array.from({ length: 20 }, (_, index) => `Caused by: cause ${index} ${'x'.repeat(500)}`)];
    const told = excerpt(deep.join('\n'));
    expect([
      told.length < 2000,
      told.startsWith('first | '),
      told.includes('cause 19'),
      told.includes('cause 3 '),
    ]).toEqual([true, true, true, false]);
  });
});
