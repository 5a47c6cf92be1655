import type { SimulatedConnectCluster } from '../../../local/selfManaged/simulatedConnectCluster.ts';

/** What one watchdog has to be able to look after. */
export const connectorCount = 500;
export const taskCount = 10;
export const workerCount = 3;

/** Every other one a source and a sink, each of which has as many tasks as it may. */
export function addConnectors(cluster: SimulatedConnectCluster, count = connectorCount): void {
  for (let index = 0; index < count; index += 1) {
    const name = `orders-${String(index + 1).padStart(3, '0')}`;
    const tasks = { 'tasks.max': String(taskCount) };
    // SQL Server's is the one of Debezium's connectors that has several tasks, one for each database.
    if (index % 2 === 0)
      cluster.addConnector(name, {
        'connector.class': 'io.debezium.connector.sqlserver.SqlServerConnector',
        'database.hostname': `${name}.db.example`,
        'database.names': Array.from({ length: taskCount }, (_, task) => `shop${task}`).join(','),
        'topic.prefix': name,
        ...tasks,
      });
    else
      cluster.addConnector(name, {
        'connector.class': 'io.confluent.connect.jdbc.JdbcSinkConnector',
        topics: name,
        ...tasks,
      });
  }
}
