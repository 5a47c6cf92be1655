import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { CloudWatchLogsClient, FilteredLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import type { LiveConnector } from '../recovery/connector.ts';
import type { LogSigns } from '../recovery/signs.ts';
import type { Instant } from '../recovery/time.ts';
import type { ConnectorSettings } from '../settings/connectorSettings.ts';
import { failureOf, portError } from '../tell/awsErrors.ts';
import { readLines } from './workerLines.ts';
import { linePattern } from './workerLines.ts';

const limits = { pages: 20, oldestFirstPages: 8, witnessPages: 3, seconds: 20 };
/** Where the log is too long to be read whole: how far back each stretch of it goes, the newest first. */
const stretchesSeconds = [120, 300, 600, 1200, Infinity];

/**
 * What the connector's worker log showed between the two moments: one filtered question for all kinds of lines, and one for the
 * newest line at all, the witness. Never throws.
 *
 * `shared`: other connectors write into that log group too, so a line without a connector's name is nobody's.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html — a page may be empty and yet
 * have a next token; only the last one proves that nothing more is there.
 */
export async function readLogSigns(
  client: CloudWatchLogsClient,
  settings: ConnectorSettings,
  connector: LiveConnector,
  shared: boolean,
  from: Instant,
  to: Instant,
): Promise<LogSigns> {
  const logGroup = settings.logGroup;
  if (logGroup === undefined) {
    return {
      kind: 'not-watched',
      cure: 'let the connector deliver its worker log to a log group, and name it as logGroup in connectors.json',
    };
  }
  const deadline = Date.now() + limits.seconds * 1000;
  try {
    const [lines, newest] = await Promise.all([
      newestFirst(client, logGroup, linePattern(settings), from, to, deadline),
      newestLine(client, logGroup, from, to, deadline),
    ]);
    const found = readLines(lines.events, settings, connector, shared);
    const { wholeSince } = lines;
    const complete = wholeSince === from;
    const whole = complete || wholeSince === undefined ? {} : { wholeSince };
    return { kind: 'read', complete, ...whole, ...found, ...latest(newest, lines.events) };
  } catch (error) {
    if (failureOf(error).name === 'ResourceNotFoundException') {
      return { kind: 'not-watched', cure: `create log group ${logGroup} again, to which its worker log was delivered` };
    }
    return { kind: 'unreadable', reason: portError('FilterLogEvents', error).message };
  }
}

/**
 * The lines from `wholeSince` on, to the last; absent: not even the newest stretch could be read whole. A log that is soon read is read from its
 * beginning, as it is served; of a very busy group the newest lines matter most, for they can forbid a deletion, so that it is read backwards.
 */
async function newestFirst(
  client: CloudWatchLogsClient,
  logGroup: string,
  pattern: string,
  from: Instant,
  to: Instant,
  deadline: number,
): Promise<{ readonly events: readonly FilteredLogEvent[]; readonly wholeSince?: Instant }> {
  const first = await filter(client, logGroup, pattern, from, to, { pages: limits.oldestFirstPages, deadline });
  if (first.complete) return { events: first.events, wholeSince: from };
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const events: FilteredLogEvent[] = [];
  let pages = limits.pages - limits.oldestFirstPages;
  let wholeSince: number | undefined;
  for (const seconds of stretchesSeconds) {
    const until = wholeSince ?? end;
    const since = Math.max(start, end - seconds * 1000);
    if (since >= until || pages <= 0 || Date.now() >= deadline) break;
    // oxlint-disable-next-line no-await-in-loop -- an older stretch is worth reading only when the newer one is read
    const read = await filter(client, logGroup, pattern, iso(since), iso(until), { pages, deadline });
    events.push(...read.events);
    pages -= read.pages;
    if (!read.complete) break;
    wholeSince = since;
  }
  const found = new Map([...first.events, ...events].map((event) => [event.eventId ?? event, event]));
  return {
    events: [...found.values()],
    ...(wholeSince === undefined ? {} : { wholeSince: wholeSince === start ? from : iso(wholeSince) }),
  };
}

/** Looks into the last minute first, then further back: pages come oldest first, and a busy group has many. */
async function newestLine(
  client: CloudWatchLogsClient,
  logGroup: string,
  from: Instant,
  to: Instant,
  deadline: number,
): Promise<number | undefined> {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  let until = end;
  for (const seconds of [60, 300, Infinity]) {
    const since = Math.max(start, end - seconds * 1000);
    if (since >= until) break;
    const page = { pages: limits.witnessPages, deadline };
    const { events } = await filter(client, logGroup, undefined, iso(since), iso(until), page);
    if (events.length > 0) return Math.max(...events.map(({ timestamp }) => timestamp ?? 0));
    until = since;
  }
  return undefined;
}

async function filter(
  client: CloudWatchLogsClient,
  logGroup: string,
  pattern: string | undefined,
  from: Instant,
  to: Instant,
  bound: { readonly pages: number; readonly deadline: number },
): Promise<{ readonly events: readonly FilteredLogEvent[]; readonly complete: boolean; readonly pages: number }> {
  const events: FilteredLogEvent[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < bound.pages && (page === 0 || Date.now() < bound.deadline); page += 1) {
    const answer = await client.send(
      new FilterLogEventsCommand({
        logGroupName: logGroup,
        startTime: Date.parse(from),
        endTime: Date.parse(to),
        ...(pattern === undefined ? {} : { filterPattern: pattern }),
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    events.push(...(answer.events ?? []));
    nextToken = answer.nextToken;
    if (nextToken === undefined) return { events, complete: true, pages: page + 1 };
  }
  return { events, complete: false, pages: bound.pages };
}

function latest(newest: number | undefined, events: readonly FilteredLogEvent[]): { newestLineAt?: Instant } {
  const times = [newest, ...events.map(({ timestamp }) => timestamp)].filter((time) => time !== undefined);
  return times.length === 0 ? {} : { newestLineAt: iso(Math.max(...times)) };
}

function iso(milliseconds: number): Instant {
  return new Date(milliseconds).toISOString();
}
