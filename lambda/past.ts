import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchClient, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { pastSeconds } from '../recovery/pace.ts';
import type { PastRates } from '../recovery/pace.ts';
import type { Past } from '../recovery/ports.ts';
import { plusSeconds, secondsBetween } from '../recovery/time.ts';
import type { Instant } from '../recovery/time.ts';
import type { ConnectorSettings } from '../settings/connectorSettings.ts';
import { portError } from '../tell/awsErrors.ts';
import { metricQueries, periodSeconds } from './metricQueries.ts';

/** One answer holds 100,800 datapoints, and two weeks are 20,160 minutes. */
const mostPages = 5;
/** Two weeks change little meanwhile, and a look that waits comes again every few seconds. */
const keptSeconds = 600;

interface Kept {
  readonly to: Instant;
  readonly rates: PastRates;
}

/** What was read for a process, by connector. */
const kept = new WeakMap<CloudWatchClient, Map<string, Kept>>();

/** The port Past: CloudWatch keeps the values of a minute for 15 days; what was read is kept for ten minutes. */
export function cloudWatchPast(client: CloudWatchClient, connectors: readonly ConnectorSettings[]): Past {
  return {
    async rates({ name }, to) {
      const settings = connectors.find((one) => one.name === name);
      if (settings === undefined) return { kind: 'unreadable', reason: `connector ${name} is not configured` };
      const known = kept.get(client) ?? new Map<string, Kept>();
      kept.set(client, known);
      const last = known.get(name);
      if (last !== undefined && last.to <= to && secondsBetween(last.to, to) < keptSeconds) return last.rates;
      const rates = await read(client, settings, to);
      // What could not be read now may be readable in a moment.
      if (rates.kind === 'read') known.set(name, { to, rates });
      else known.delete(name);
      return rates;
    },
  };
}

/**
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html — values of 60 s are kept for 15 days; up to
 * 100,800 datapoints in one answer, more on the next page. Throttled, after the SDK's own retries, it is unreadable.
 */
async function read(client: CloudWatchClient, settings: ConnectorSettings, to: Instant): Promise<PastRates> {
  const asked = metricQueries(settings).asked.find(({ name }) => name === 'recordsIn');
  if (asked === undefined) return { kind: 'unreadable', reason: 'no metric gives its rate of records' };
  const periodMs = periodSeconds * 1000;
  const endMs = Math.floor(Date.parse(to) / periodMs) * periodMs;
  const from = plusSeconds(new Date(endMs).toISOString(), -pastSeconds);
  // oxlint-disable-next-line unicorn/no-new-array -- 20,160 fields: `Array.from` asks for each one
  const perMinute = new Array<number | undefined>(pastSeconds / periodSeconds).fill(undefined);
  try {
    const status = await readInto(perMinute, client, asked.query, Date.parse(from), endMs);
    return status === undefined ? { kind: 'read', from, perMinute } : { kind: 'unreadable', reason: status };
  } catch (error) {
    return { kind: 'unreadable', reason: portError('GetMetricData', error).message };
  }
}

/** Gives why it is not the whole, if it is not: half a past would hide the longest silence of the other half. */
async function readInto(
  perMinute: (number | undefined)[],
  client: CloudWatchClient,
  query: MetricDataQuery,
  fromMs: number,
  endMs: number,
): Promise<string | undefined> {
  let nextToken: string | undefined;
  let status: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: [query],
        StartTime: new Date(fromMs),
        EndTime: new Date(endMs),
        ScanBy: 'TimestampAscending',
        ...(nextToken === undefined ? {} : { NextToken: nextToken }),
      }),
    );
    for (const result of answer.MetricDataResults ?? []) {
      for (const [index, time] of (result.Timestamps ?? []).entries()) {
        const minute = (time.getTime() - fromMs) / (periodSeconds * 1000);
        const value = result.Values?.[index];
        if (value !== undefined && minute >= 0 && minute < perMinute.length) perMinute[minute] = value;
      }
      status = result.StatusCode;
    }
    nextToken = answer.NextToken;
    if (nextToken === undefined) {
      return status === 'Complete' ? undefined : `GetMetricData: ${status ?? 'no answer for its rate of records'}`;
    }
  }
  return `GetMetricData: more than ${mostPages} pages`;
}
