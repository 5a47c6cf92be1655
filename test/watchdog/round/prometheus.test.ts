import { describe, expect, test } from 'vitest';
import { readPrometheus } from '../../../watchdog/round/prometheus.ts';

const mySql = (lines: string) =>
  `# HELP jmx_exporter_build_info A metric\n# TYPE x gauge\n${lines}\njvm_threads_current 42.0\n`;

describe('whatever the rules of the JMX agent name it', () => {
  test.each([
    {
      rules: 'none: the names that jmx_exporter makes itself',
      text: `debezium_mysql_connector_metrics_Connected{context="streaming",server="shop",} 1.0
debezium_mysql_connector_metrics_MilliSecondsSinceLastEvent{context="streaming",server="shop",} 4711.0
kafka_connect_source_task_metrics_source_record_poll_rate{connector="orders",task="0",} 2.5
kafka_connect_source_task_metrics_source_record_write_rate{connector="orders",task="0",} 2.25`,
    },
    {
      rules: 'none, in small letters',
      text: `debezium_mysql_connector_metrics_connected{context="streaming",server="shop"} 1.0
debezium_mysql_connector_metrics_millisecondssincelastevent{context="streaming",server="shop"} 4711.0
kafka_connect_source_task_metrics_source_record_poll_rate{connector="orders",task="0"} 2.5
kafka_connect_source_task_metrics_source_record_write_rate{connector="orders",task="0"} 2.25`,
    },
    {
      rules: 'none, attributes in snake case',
      text: `debezium_mysql_connector_metrics_connected{context="streaming",server="shop"} 1.0
debezium_mysql_connector_metrics_milli_seconds_since_last_event{context="streaming",server="shop"} 4711.0
kafka_connect_source_task_metrics_source_record_poll_rate{connector="orders",task="0"} 2.5
kafka_connect_source_task_metrics_source_record_write_rate{connector="orders",task="0"} 2.25`,
    },
    {
      rules: "those of Debezium's examples, and Strimzi's",
      text: `debezium_metrics_Connected{context="streaming",name="shop",plugin="mysql",} 1.0
debezium_metrics_MilliSecondsSinceLastEvent{context="streaming",name="shop",plugin="mysql",} 4711.0
kafka_connect_source_task_source_record_poll_rate{connector="orders",task="0",} 2.5
kafka_connect_source_task_source_record_write_rate{connector="orders",task="0",} 2.25`,
    },
    {
      rules: "this repository's: the MBean in labels",
      text: `jmx{attribute="Connected",domain="debezium.mysql",properties="type=connector-metrics, context=streaming, server=shop"} 1.0
jmx{attribute="MilliSecondsSinceLastEvent",domain="debezium.mysql",properties="type=connector-metrics, context=streaming, server=shop"} 4711.0
jmx{attribute="source-record-poll-rate",domain="kafka.connect",properties="type=source-task-metrics, connector=orders, task=0"} 2.5
jmx{attribute="source-record-write-rate",domain="kafka.connect",properties="type=source-task-metrics, connector=orders, task=0"} 2.25`,
    },
  ])('$rules', ({ text }) => {
    const { rates, debezium } = readPrometheus(mySql(text));

    expect(rates).toEqual([{ connector: 'orders', task: 0, recordsIn: 2.5, recordsOut: 2.25 }]);
    expect(debezium).toEqual([
      { server: 'shop', connected: 1 },
      { server: 'shop', msSinceLastEvent: 4711 },
    ]);
  });

  test('a sink shows what it reads and what it sends', () => {
    const { rates } = readPrometheus(
      `kafka_connect_sink_task_metrics_sink_record_read_rate{connector="es",task="3"} 7.5
kafka_connect_sink_task_metrics_sink_record_send_rate{connector="es",task="3"} 7.0`,
    );

    expect(rates).toEqual([{ connector: 'es', task: 3, recordsIn: 7.5, recordsOut: 7 }]);
  });
});

describe('what is not there is not zero', () => {
  test.each([
    {
      what: 'a rate of nothing yet',
      line: 'kafka_connect_source_task_metrics_source_record_poll_rate{connector="a",task="0"} NaN',
    },
    {
      what: 'an endless one',
      line: 'kafka_connect_source_task_metrics_source_record_poll_rate{connector="a",task="0"} +Inf',
    },
    { what: 'of nobody', line: 'kafka_connect_source_task_metrics_source_record_poll_rate{task="0"} 1.0' },
    { what: 'of no task', line: 'kafka_connect_source_task_metrics_source_record_poll_rate{connector="a"} 1.0' },
    { what: 'without labels', line: 'kafka_connect_source_task_metrics_source_record_poll_rate 1.0' },
    { what: 'cut short', line: 'kafka_connect_source_task_metrics_source_record_poll_rate{connector="a",ta' },
    {
      what: "the snapshot's event clock, which stands still for good",
      line: 'debezium_mysql_connector_metrics_MilliSecondsSinceLastEvent{context="snapshot",server="shop"} 99.0',
    },
    {
      what: 'an event clock that does not say whether it is the stream or the snapshot',
      line: 'debezium_metrics_MilliSecondsSinceLastEvent{name="shop",plugin="mysql"} 99.0',
    },
    { what: "somebody else's Connected", line: 'zookeeper_session_connected{context="streaming",server="shop"} 1.0' },
    { what: 'a comment', line: '# HELP debezium_metrics_Connected{context="streaming",name="shop"} 1.0' },
    { what: 'no metrics at all', line: '<html>It works!</html>' },
    { what: 'nothing', line: '' },
  ])('$what', ({ line }) => {
    expect(readPrometheus(line)).toEqual({ rates: [], debezium: [] });
  });
});

test('names with quotes, commas and backslashes are read as they are', () => {
  const { rates, debezium } = readPrometheus(
    String.raw`kafka_connect_source_task_metrics_source_record_poll_rate{connector="\"a,b:c\"",task="0"} 1.0
debezium_mysql_connector_metrics_Connected{context="streaming",server="a\\b}"} 0.0`,
  );

  expect(rates).toEqual([{ connector: 'a,b:c', task: 0, recordsIn: 1 }]);
  expect(debezium).toEqual([{ server: 'a\\b}', connected: 0 }]);
});

test('before the first event the clock is -1', () => {
  expect(
    readPrometheus(
      'debezium_postgres_connector_metrics_MilliSecondsSinceLastEvent{context="streaming",server="u"} -1.0',
    ),
  ).toMatchObject({ debezium: [{ server: 'u', msSinceLastEvent: -1 }] });
});

test('of tens of thousands of lines the few are found in a moment', () => {
  const others = Array.from(
    { length: 50_000 },
    (_, index) =>
      `kafka_producer_producer_topic_metrics_byte_rate{client_id="connector-producer-${index}",topic="t"} 1.0`,
  );
  const tasks = Array.from(
    { length: 1000 },
    (_, task) => `kafka_connect_source_task_metrics_source_record_poll_rate{connector="c",task="${task}"} 1.5`,
  );
  const text = [...others, ...tasks].join('\n');
  const begun = performance.now();

  const { rates } = readPrometheus(text);

  expect(rates).toHaveLength(1000);
  // 60 ms on an idle machine; ten times that is a fault of the way it is read.
  expect(performance.now() - begun).toBeLessThan(1500);
});
