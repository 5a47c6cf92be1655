import type {
  CreateLogStreamCommandInput,
  DescribeLogGroupsCommandInput,
  DescribeMetricFiltersCommandInput,
  FilterLogEventsCommandInput,
  PutLogEventsCommandInput,
  PutMetricFilterCommandInput,
  PutRetentionPolicyCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LocalClock } from '../clock.ts';
import type { LocalAccount } from './account.ts';
import { AwsError } from './awsError.ts';
import { dispatch, type Handlers } from './dispatch.ts';
import { filterPattern } from './filterPattern.ts';
import { type LogEvent, LogEvents, type LogPosition } from './logEvents.ts';
import { type EmittedMetric, MetricFilters } from './metricFilters.ts';
import type { LocalService } from './service.ts';

interface LogGroup {
  readonly name: string;
  readonly createdAt: number;
  readonly streams: Map<string, number>;
  readonly events: LogEvents;
  readonly filters: MetricFilters;
  retentionInDays?: number;
}

export interface LocalLogsOptions {
  readonly clock: LocalClock;
  readonly account: LocalAccount;
  /** Takes the values of metric filters: `LocalCloudWatch.put`. */
  readonly emit: (metric: EmittedMetric) => void;
  /** Local time from a line's arrival until it can be read. @default 2000 */
  readonly deliveryDelayMs?: number;
  /** Lines that one page of FilterLogEvents looks at; a page may come back empty with a token. @default 10000 */
  readonly scannedPerPage?: number;
}

const keptMs = 24 * 3_600_000;
/** A page holds at most 10,000 events or 1 MB (API_FilterLogEvents.html). */
const longestPage = 10_000;
const longestPageBytes = 1_048_576;

/**
 * Log groups whose lines can be filtered and counted.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
export class LocalLogs implements LocalService {
  readonly name = 'logs';
  readonly #groups = new Map<string, LogGroup>();
  readonly #options: LocalLogsOptions & { readonly deliveryDelayMs: number; readonly scannedPerPage: number };
  readonly #timers = new Set<() => void>();
  #lastId = 0;

  constructor(options: LocalLogsOptions) {
    this.#options = {
      ...options,
      deliveryDelayMs: options.deliveryDelayMs ?? 2000,
      scannedPerPage: options.scannedPerPage ?? 10_000,
    };
  }

  call(operation: string, input: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
    return dispatch(this.name, this.#handlers, operation, input);
  }

  /**
   * One line with the time of now. The stream comes into being by itself; a line for a group that does not exist is lost, as a log
   * delivery's is on AWS [inferred].
   */
  write(logGroup: string, stream: string, message: string): void {
    const group = this.#groups.get(logGroup);
    if (!group) return;
    const now = this.#options.clock.now();
    if (!group.streams.has(stream)) group.streams.set(stream, now);
    this.#ingest(group, stream, now, message);
  }

  /** Calls off what is still to be delivered. */
  close(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  readonly #handlers: Handlers = {
    CreateLogGroup: (input: { readonly logGroupName?: string }) => this.#createGroup(input.logGroupName ?? ''),
    DeleteLogGroup: (input: { readonly logGroupName?: string }) => {
      this.#groups.delete(this.#group(input.logGroupName).name);
      return {};
    },
    DescribeLogGroups: (input: DescribeLogGroupsCommandInput) => ({
      logGroups: [...this.#groups.values()]
        .filter((group) => group.name.startsWith(input.logGroupNamePrefix ?? ''))
        .map((group) => this.#described(group)),
    }),
    PutRetentionPolicy: (input: PutRetentionPolicyCommandInput) => {
      this.#group(input.logGroupName).retentionInDays = input.retentionInDays;
      return {};
    },
    CreateLogStream: (input: CreateLogStreamCommandInput) => {
      const group = this.#group(input.logGroupName);
      const stream = input.logStreamName ?? '';
      if (group.streams.has(stream)) throw exists('log stream');
      group.streams.set(stream, this.#options.clock.now());
      return {};
    },
    DescribeLogStreams: (input: { readonly logGroupName?: string; readonly logStreamNamePrefix?: string }) => ({
      logStreams: [...this.#group(input.logGroupName).streams]
        .filter(([name]) => name.startsWith(input.logStreamNamePrefix ?? ''))
        .map(([logStreamName, creationTime]) => ({ logStreamName, creationTime })),
    }),
    PutLogEvents: (input: PutLogEventsCommandInput) => this.#putEvents(input),
    FilterLogEvents: (input: FilterLogEventsCommandInput) => this.#filterEvents(input),
    PutMetricFilter: (input: PutMetricFilterCommandInput) => {
      this.#group(input.logGroupName).filters.put(input);
      return {};
    },
    DeleteMetricFilter: (input: { readonly logGroupName?: string; readonly filterName?: string }) => {
      if (!this.#group(input.logGroupName).filters.delete(input.filterName ?? '')) throw missing('metric filter');
      return {};
    },
    DescribeMetricFilters: (input: DescribeMetricFiltersCommandInput) => {
      const groups = input.logGroupName === undefined ? [...this.#groups.values()] : [this.#group(input.logGroupName)];
      const metricFilters = groups
        .flatMap((group) => group.filters.described())
        .filter((filter) => (filter.filterName ?? '').startsWith(input.filterNamePrefix ?? ''));
      return { metricFilters };
    },
  };

  #createGroup(name: string): object {
    if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) throw invalid(`logGroupName '${name}'`);
    if (this.#groups.has(name)) throw exists('log group');
    const { clock, deliveryDelayMs: delayMs, emit } = this.#options;
    this.#groups.set(name, {
      name,
      createdAt: clock.now(),
      streams: new Map(),
      events: new LogEvents(keptMs),
      filters: new MetricFilters({ clock, delayMs, emit, timer: (when, callback) => this.#timer(when, callback) }),
    });
    return {};
  }

  #described(group: LogGroup): object {
    const { region, accountId } = this.#options.account;
    return {
      logGroupName: group.name,
      arn: `arn:aws:logs:${region}:${accountId}:log-group:${group.name}:*`,
      creationTime: group.createdAt,
      metricFilterCount: group.filters.described().length,
      retentionInDays: group.retentionInDays,
    };
  }

  #putEvents(input: PutLogEventsCommandInput): object {
    const group = this.#group(input.logGroupName);
    const stream = input.logStreamName ?? '';
    if (!group.streams.has(stream)) throw missing('log stream');
    for (const { timestamp, message } of input.logEvents ?? []) {
      if (timestamp === undefined || message === undefined) throw invalid('logEvents: timestamp and message');
      this.#ingest(group, stream, timestamp, message);
    }
    return { nextSequenceToken: String(this.#lastId) };
  }

  #ingest(group: LogGroup, stream: string, timestamp: number, message: string): void {
    this.#lastId += 1;
    const event: LogEvent = { id: this.#lastId, timestamp, ingestedAt: this.#options.clock.now(), stream, message };
    group.events.add(event);
    group.filters.see(event);
  }

  #filterEvents(input: FilterLogEventsCommandInput): object {
    const group = this.#group(input.logGroupName ?? input.logGroupIdentifier?.split(':log-group:').at(-1));
    const wanted = this.#wanted(input);
    const limit = Math.min(input.limit ?? longestPage, longestPage);
    const readableUntil = this.#options.clock.now() - this.#options.deliveryDelayMs;
    const events: LogEvent[] = [];
    let position = input.nextToken === undefined ? undefined : readToken(input.nextToken);
    let scanned = 0;
    let bytes = 0;
    for (const event of group.events.from(input.startTime ?? 0, position)) {
      if (event.timestamp > (input.endTime ?? Number.MAX_SAFE_INTEGER)) break;
      if (events.length >= limit || scanned >= this.#options.scannedPerPage || bytes >= longestPageBytes) {
        return { events: events.map(shown), searchedLogStreams: [], nextToken: writeToken(position) };
      }
      position = event;
      scanned += 1;
      if (event.ingestedAt > readableUntil || !wanted(event)) continue;
      events.push(event);
      bytes += Buffer.byteLength(event.message);
    }
    return { events: events.map(shown), searchedLogStreams: [] };
  }

  #wanted(input: FilterLogEventsCommandInput): (event: LogEvent) => boolean {
    const matches = filterPattern(input.filterPattern ?? '');
    const names = input.logStreamNames && new Set(input.logStreamNames);
    const prefix = input.logStreamNamePrefix ?? '';
    return ({ stream, message }) => (names?.has(stream) ?? true) && stream.startsWith(prefix) && matches(message);
  }

  #timer(whenMs: number, callback: () => void): void {
    const cancel = this.#options.clock.at(whenMs, () => {
      this.#timers.delete(cancel);
      callback();
    });
    this.#timers.add(cancel);
  }

  #group(name: string | undefined): LogGroup {
    const group = this.#groups.get(name ?? '');
    if (!group) throw missing('log group');
    return group;
  }
}

function shown(event: LogEvent): object {
  return {
    eventId: String(event.id).padStart(56, '0'),
    logStreamName: event.stream,
    timestamp: event.timestamp,
    ingestionTime: event.ingestedAt,
    message: event.message,
  };
}

function writeToken(position: LogPosition | undefined): string {
  return Buffer.from(`${position?.timestamp ?? 0}:${position?.id ?? 0}`).toString('base64url');
}

function readToken(token: string): LogPosition {
  const [timestamp, id] = Buffer.from(token, 'base64url').toString('utf8').split(':').map(Number);
  if (timestamp === undefined || id === undefined || Number.isNaN(timestamp) || Number.isNaN(id)) {
    throw invalid('nextToken');
  }
  return { timestamp, id };
}

function missing(what: string): AwsError {
  return new AwsError('ResourceNotFoundException', 400, `The specified ${what} does not exist.`);
}

function exists(what: string): AwsError {
  return new AwsError('ResourceAlreadyExistsException', 400, `The specified ${what} already exists`);
}

function invalid(what: string): AwsError {
  return new AwsError('InvalidParameterException', 400, `Invalid parameter: ${what}`);
}
