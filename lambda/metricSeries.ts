import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { PortError } from '../recovery/ports.ts';
import type { Sample, Series } from '../recovery/signs.ts';
import type { Instant } from '../recovery/time.ts';
import type { ConnectorSettings } from '../settings/connectorSettings.ts';
import { portError } from '../tell/awsErrors.ts';
import { metricQueries, periodSeconds } from './metricQueries.ts';
import type { AskedMetric, SeriesName } from './metricQueries.ts';

const mostPages = 10;

/** Every metric series of a connector between the two moments, in one question to CloudWatch. Never throws. */
export async function readSeries(
  client: CloudWatchClient,
  settings: ConnectorSettings,
  from: Instant,
  to: Instant,
): Promise<Record<SeriesName, Series>> {
  try {
    return seriesIn(await ask(client, settings, from, to), settings, to);
  } catch (error) {
    return seriesIn({ kind: 'unreadable', reason: portError('GetMetricData', error).message }, settings, to);
  }
}

/** As `readSeries`, for who can ask again another day. @throws PortError where CloudWatch did not answer, or not wholly */
export async function readWholeSeries(
  client: CloudWatchClient,
  settings: ConnectorSettings,
  from: Instant,
  to: Instant,
): Promise<Record<SeriesName, Series>> {
  const answer = await ask(client, settings, from, to);
  const parts = answer.kind === 'read' ? [...answer.values.values()] : [];
  const failed = parts.find(({ complete, reason }) => !complete && reason !== 'Forbidden');
  if (failed !== undefined) throw new PortError('unavailable', `GetMetricData: ${failed.reason}`);
  return seriesIn(answer, settings, to);
}

function seriesIn(answer: Answer, settings: ConnectorSettings, to: Instant): Record<SeriesName, Series> {
  const { asked, notWatched } = metricQueries(settings);
  const series = (name: SeriesName): Series => {
    const cure = notWatched[name];
    if (cure !== undefined) return { kind: 'not-watched', cure };
    if (answer.kind === 'unreadable') return answer;
    const pointsOf = (one: AskedMetric) => answer.values.get(one.query.Id ?? '');
    const parts = asked.filter((one) => one.name === name && one.greatest === undefined).map(pointsOf);
    const beside = asked.find((one) => one.name === name && one.greatest === true);
    const greatest = beside === undefined ? undefined : pointsOf(beside)?.points;
    const unread = parts.find((part) => part?.complete !== true);
    if (unread !== undefined || parts.includes(undefined)) {
      return { kind: 'unreadable', reason: `GetMetricData: ${unread?.reason ?? 'no answer for this series'}` };
    }
    return {
      kind: 'read',
      samples: addUp(
        parts.map((part) => part?.points ?? new Map<number, number>()),
        to,
      ).map((sample) => {
        const most = greatest?.get(Date.parse(sample.from));
        return most === undefined ? sample : { ...sample, greatest: most };
      }),
    };
  };
  return {
    recordsIn: series('recordsIn'),
    recordsOut: series('recordsOut'),
    runningTasks: series('runningTasks'),
    erroredTasks: series('erroredTasks'),
    connected: series('connected'),
    msSinceLastEvent: series('msSinceLastEvent'),
    lag: series('lag'),
  };
}

interface Points {
  /** Start of the period in milliseconds to its value. */
  readonly points: Map<number, number>;
  complete: boolean;
  reason: string;
}

type Answer =
  | { readonly kind: 'read'; readonly values: ReadonlyMap<string, Points> }
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * @throws PortError
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html — pages, and a status for each series.
 */
async function ask(client: CloudWatchClient, settings: ConnectorSettings, from: Instant, to: Instant): Promise<Answer> {
  const { asked } = metricQueries(settings);
  const values = new Map<string, Points>();
  let nextToken: string | undefined;
  try {
    for (let page = 0; page < mostPages; page += 1) {
      const answer = await client.send(
        new GetMetricDataCommand({
          MetricDataQueries: asked.map(({ query }) => query),
          StartTime: wholeMinute(from),
          EndTime: new Date(to),
          ScanBy: 'TimestampAscending',
          ...(nextToken === undefined ? {} : { NextToken: nextToken }),
        }),
      );
      for (const result of answer.MetricDataResults ?? []) {
        const read = values.get(result.Id ?? '') ?? { points: new Map<number, number>(), complete: false, reason: '' };
        for (const [index, time] of (result.Timestamps ?? []).entries()) {
          const value = result.Values?.[index];
          if (value !== undefined) read.points.set(time.getTime(), value);
        }
        read.complete = result.StatusCode === undefined || result.StatusCode === 'Complete';
        read.reason = result.StatusCode ?? '';
        values.set(result.Id ?? '', read);
      }
      nextToken = answer.NextToken;
      if (nextToken === undefined) return { kind: 'read', values };
    }
    return { kind: 'unreadable', reason: `GetMetricData: more than ${mostPages} pages` };
  } catch (error) {
    throw portError('GetMetricData', error);
  }
}

/** Adds up where every part has a value: a topic that is late by a minute is not a backlog that shrank. */
function addUp(parts: readonly ReadonlyMap<number, number>[], to: Instant): Sample[] {
  const [first = new Map<number, number>(), ...others] = parts.filter((part) => part.size > 0);
  const times = [...first.keys()].filter((time) => others.every((part) => part.has(time))).toSorted((a, b) => a - b);
  let last = { ms: Number.NaN, text: '' };
  return times.map((time) => {
    // One period begins where the one before it ended; a moment is dear to write.
    const from = time === last.ms ? last.text : new Date(time).toISOString();
    const endMs = time + periodSeconds * 1000;
    const end = new Date(endMs).toISOString();
    last = { ms: endMs, text: end };
    // The current minute is not over: its value speaks for what there was of it.
    return {
      from,
      to: end < to ? end : to,
      value: [first, ...others].reduce((sum, part) => sum + (part.get(time) ?? 0), 0),
    };
  });
}

/** CloudWatch aligns periods to whole minutes; an unaligned start would make it look up more slowly. */
function wholeMinute(at: Instant): Date {
  const minute = periodSeconds * 1000;
  return new Date(Math.floor(Date.parse(at) / minute) * minute);
}
