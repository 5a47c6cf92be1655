import { valueOf } from '../configuration.ts';
import { debeziumSourceOf } from '../family.ts';
import type { Rule } from '../rule.ts';
import { atLeast, parseVersion } from '../version.ts';

/** What a restart reaches. */
export const restartReach: Rule = {
  name: 'restart-reach',
  what: 'MSK Connect 2.7.1, where a restart does not reach the tasks',
  severities: ['improve'],
  reason:
    'On Connect 2.7.1 RestartConnector restarts the connector’s instance alone; a task that hangs goes on hanging. A recreation is the one remedy',
  cure: 'a connector on 3.7.x; until then see that it can be recreated',
  needs: [],
  sources: ['https://docs.aws.amazon.com/msk/latest/developerguide/mkc-restart-connector.html'],
  judge: ({ platform, facts: { connectVersion } }) => {
    if (platform !== 'msk-connect' || connectVersion.kind === 'unknown') return [];
    const version = parseVersion(connectVersion.value);
    if (version === undefined || atLeast(version, [3, 0])) return [];
    return [
      {
        rule: 'restart-reach',
        severity: 'improve',
        where: 'kafkaConnectVersion',
        found: `MSK Connect ${connectVersion.value} restarts the connector’s instance, not its tasks`,
        leadsTo: 'a restart does not cure a task that hangs; only a recreation does',
        cure: restartReach.cure,
        affects: ['restart'],
      },
    ];
  },
};

/** Debezium runs one task. */
export const tasksMax: Rule = {
  name: 'tasks-max',
  what: '`tasks.max` above 1 for a connector that runs one task',
  severities: ['improve'],
  reason: 'It runs one task whatever is asked for; whoever counts tasks waits for more',
  cure: 'tasks.max = 1',
  needs: [],
  sources: ['https://debezium.io/documentation/reference/stable/connectors/mysql.html#mysql-property-tasks-max'],
  judge: (subject) => {
    const tasks = Number(valueOf(subject.configuration, 'tasks.max') ?? 1);
    if (!(tasks > 1) || !debeziumSourceOf(subject)?.traits.singleTask) return [];
    return [
      {
        rule: 'tasks-max',
        severity: 'improve',
        where: 'tasks.max',
        found: `tasks.max is ${tasks}, and this connector runs one task`,
        leadsTo: 'it runs one all the same',
        cure: tasksMax.cure,
        affects: [],
      },
    ];
  },
};

/** Nobody can read what its worker says. */
export const workerLog: Rule = {
  name: 'worker-log',
  what: 'an MSK Connect connector whose worker log goes nowhere',
  severities: ['improve'],
  reason:
    'The log is where commits, errors and attempts to reconnect are seen, and where a source that is away is told from a connector that is dead. Without it more verdicts end as unknown',
  cure: 'logDelivery.workerLogDelivery.cloudWatchLogs with a log group',
  needs: [],
  sources: ['https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-logging.html'],
  judge: ({ platform, request }) => {
    if (platform !== 'msk-connect' || request === undefined || deliversToCloudWatch(request['logDelivery'])) return [];
    return [
      {
        rule: 'worker-log',
        severity: 'improve',
        where: 'logDelivery',
        found: 'the worker log is not delivered to CloudWatch Logs',
        leadsTo: 'commits and attempts to reconnect are not seen; more verdicts end as unknown',
        cure: workerLog.cure,
        affects: [],
      },
    ];
  },
};

function deliversToCloudWatch(logDelivery: unknown): boolean {
  const enabled = ['workerLogDelivery', 'cloudWatchLogs', 'enabled'].reduce<unknown>(
    (holder, name) => (typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined),
    logDelivery,
  );
  return enabled === true;
}
