import type { LocalClock } from '../clock.ts';
import type { LocalCloudWatch } from './cloudwatch.ts';
import type { LocalLogs } from './logs.ts';
import type { Telemetry } from './service.ts';

/** What data planes show themselves through: lines and values with the local time of now. */
export function telemetry(logs: LocalLogs, cloudwatch: LocalCloudWatch, clock: Pick<LocalClock, 'now'>): Telemetry {
  return {
    log: (logGroup, stream, message) => logs.write(logGroup, stream, message),
    metric: (namespace, name, dimensions, value) =>
      cloudwatch.put({ namespace, name, dimensions, value, atMs: clock.now() }),
  };
}
