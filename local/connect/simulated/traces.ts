/** What stands below the line of an error: abridged to the frames that tell the cases apart. */
export const connectionReset: readonly string[] = [
  'org.apache.kafka.connect.errors.ConnectException: An exception occurred in the change event producer. This connector will be stopped.',
  '\tat io.debezium.pipeline.ErrorHandler.setProducerThrowable(ErrorHandler.java:50)',
  '\tat java.base/java.lang.Thread.run(Thread.java:829)',
  'Caused by: java.net.SocketException: Connection reset',
  '\tat java.base/java.net.SocketInputStream.read(SocketInputStream.java:186)',
  '\t... 5 more',
];

export const cannotConnect: readonly string[] = [
  'org.apache.kafka.connect.errors.ConnectException: Error reading MySQL variables: Communications link failure',
  '\tat io.debezium.connector.mysql.MySqlConnectorTask.start(MySqlConnectorTask.java:78)',
  '\tat org.apache.kafka.connect.runtime.WorkerTask.run(WorkerTask.java:257)',
  'Caused by: com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure',
  'Caused by: java.net.ConnectException: Connection timed out (Connection timed out)',
];

export const cannotConnectToPostgres: readonly string[] = [
  'io.debezium.DebeziumException: Error while connecting to the database',
  '\tat io.debezium.connector.postgresql.PostgresConnectorTask.start(PostgresConnectorTask.java:102)',
  'Caused by: org.postgresql.util.PSQLException: The connection attempt failed.',
  'Caused by: java.net.SocketTimeoutException: Connect timed out',
];

export const alreadyFlushing: readonly string[] = [
  'org.apache.kafka.connect.errors.ConnectException: OffsetStorageWriter is already flushing',
  '\tat org.apache.kafka.connect.storage.OffsetStorageWriter.beginFlush(OffsetStorageWriter.java:112)',
  '\tat org.apache.kafka.connect.runtime.WorkerSourceTask.commitOffsets(WorkerSourceTask.java:489)',
];

export const anyException: readonly string[] = [
  'org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded in error handler',
  '\tat org.apache.kafka.connect.runtime.errors.RetryWithToleranceOperator.execAndHandleError(RetryWithToleranceOperator.java:220)',
  '\tat java.base/java.lang.Thread.run(Thread.java:829)',
  'Caused by: org.apache.kafka.connect.errors.DataException: Failed to convert a record',
];

/** What a broker that was away for two minutes leaves behind: `delivery.timeout.ms` is over. A restart cures it. */
export const producerTimedOut: readonly string[] = [
  'org.apache.kafka.connect.errors.ConnectException: Unrecoverable exception from producer send callback',
  '\tat org.apache.kafka.connect.runtime.WorkerSourceTask.maybeThrowProducerSendException(WorkerSourceTask.java:284)',
  '\tat java.base/java.lang.Thread.run(Thread.java:829)',
  'Caused by: org.apache.kafka.common.errors.TimeoutException: Expiring 1 record(s) for shop.orders-0:120000 ms has passed since batch creation',
];
