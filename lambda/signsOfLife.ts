import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { SignsOfLife } from '../recovery/ports.ts';
import type { ConnectorSettings } from '../settings/connectorSettings.ts';
import { readLogSigns } from './logSigns.ts';
import { readSeries } from './metricSeries.ts';

/** The port SignsOfLife: CloudWatch's metrics and the connector's worker log, asked for at once. */
export function cloudWatchSigns(
  metrics: CloudWatchClient,
  logs: CloudWatchLogsClient,
  connectors: readonly ConnectorSettings[],
): SignsOfLife {
  return {
    async look(connector, from, to) {
      const settings = connectors.find(({ name }) => name === connector.name);
      if (settings === undefined) {
        const unread = { kind: 'unreadable', reason: `connector ${connector.name} is not configured` } as const;
        return {
          from,
          to,
          recordsIn: unread,
          recordsOut: unread,
          runningTasks: unread,
          erroredTasks: unread,
          connected: unread,
          msSinceLastEvent: unread,
          lag: unread,
          log: unread,
        };
      }
      const shared = connectors.some(({ name, logGroup }) => name !== settings.name && logGroup === settings.logGroup);
      const [series, log] = await Promise.all([
        readSeries(metrics, settings, from, to),
        readLogSigns(logs, settings, connector, shared, from, to),
      ]);
      return { from, to, ...series, log };
    },
  };
}
