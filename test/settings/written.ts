import type { ConnectorEntry } from '../../settings/schema.ts';

/** An entry of connectors.json with nothing more than a deployment needs. */
export function entry(changes: Partial<ConnectorEntry> = {}): ConnectorEntry {
  return {
    name: 'orders-cdc',
    kind: 'mysql',
    connectVersion: '3.7.x',
    executionRoleArn: 'arn:aws:iam::111122223333:role/connect-execution',
    ...changes,
  };
}

/** Somebody who is told, which no file may lack. */
export const notify = { emails: ['oncall@example.com'] };

export const allDebeziumMetrics = {
  serverName: 'shop',
  publishes: ['Connected', 'MilliSecondsSinceLastEvent', 'MilliSecondsBehindSource'],
} satisfies NonNullable<ConnectorEntry['metrics']>['debezium'];
