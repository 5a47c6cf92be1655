import { functionSettings } from '../../settings/alarmNames.ts';
import type { ConnectorSettings, FunctionSettings } from '../../settings/connectorSettings.ts';
import { checkSettings } from '../../settings/read.ts';

/** Three connectors that share a log group: a source of each Connect version and a sink. */
export const settings: FunctionSettings = functionSettings(
  checkSettings(
    {
      stackName: 'shop',
      notify: { emails: ['oncall@example.com'] },
      defaults: { executionRoleArn: 'arn:aws:iam::111122223333:role/connect-execution', logGroup: '/msk-connect/shop' },
      connectors: [
        {
          name: 'orders-cdc',
          kind: 'mysql',
          connectVersion: '3.7.x',
          heartbeatSeconds: 10,
          metrics: { debezium: { serverName: 'shop', publishes: ['Connected', 'MilliSecondsSinceLastEvent'] } },
          preventiveRestart: { schedule: 'cron(0 2 ? * SUN *)', timeZone: 'Asia/Seoul', enabled: true },
        },
        { name: 'orders-cdc-old', kind: 'mysql', connectVersion: '2.7.1' },
        {
          name: 'orders-to-search',
          kind: 'sink',
          connectVersion: '3.7.x',
          metrics: { lag: { clusterName: 'shop', topics: ['shop.orders', 'shop.beat'] } },
        },
      ],
    },
    'connectors.json',
  ),
);

export function settingsOf(name: string): ConnectorSettings {
  const found = settings.connectors.find((connector) => connector.name === name);
  if (found === undefined) throw new Error(`The test has no connector ${name}.`);
  return found;
}
