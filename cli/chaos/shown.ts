import type { LocalCloudWatch } from '../../local/aws/cloudwatch.ts';
import type { LocalLogs } from '../../local/aws/logs.ts';
import type { ConnectorPlan } from './history.ts';
import type { Life, Span } from './life.ts';

/** Where a connector's signs go. */
export interface Channels {
  readonly cloudwatch: LocalCloudWatch;
  readonly logs: LocalLogs;
}

/** From a line's or a value's moment until it can be read. */
const deliverySeconds = 2;
/** The worker's flush interval and the metrics' period. */
const minuteMs = 60_000;
const rowsPerSecond = 5;
/** As far back as an ordinary look goes; nobody looks at what is older. */
const longestMs = 3 * 3_600_000;
const beatMs = 48_000;
const reconnectMs = 90_000;
/** The replaced task's values stay, and its line comes after Debezium waited in vain (measured: 115 s). */
const orphanLineMs = 115_000;

/**
 * What one connector has shown, published only as far as somebody looks: into the real CloudWatch and its logs, as worker and exporter of that
 * kind and version would have written it. A minute nobody asks for costs nothing.
 */
export class Shown {
  readonly #plan: ConnectorPlan;
  readonly #life: Life;
  readonly #channels: Channels;
  readonly #isMissing: (atMs: number) => boolean;
  #metricsUntilMs = 0;
  #logUntilMs = 0;

  constructor(plan: ConnectorPlan, life: Life, channels: Channels, isMissing: (atMs: number) => boolean) {
    this.#plan = plan;
    this.#life = life;
    this.#channels = channels;
    this.#isMissing = isMissing;
  }

  get logGroup(): string | undefined {
    return this.#plan.log ? logGroupOf(this.#plan) : undefined;
  }

  /** Whether a question to CloudWatch is about this connector. */
  isAsked({ MetricDataQueries }: Readonly<Record<string, unknown>>): boolean {
    const [first] = MetricDataQueries as readonly { MetricStat: { Metric: { Dimensions: { Value: string }[] } } }[];
    return first?.MetricStat.Metric.Dimensions.some(({ Value }) => Value === this.#plan.name) === true;
  }

  /** Publishes every full minute's values from that moment until now. */
  metrics(fromMs: number, nowMs: number): void {
    const end = Math.floor((nowMs - deliverySeconds * 1000) / minuteMs) * minuteMs;
    let minute = Math.max(floorMinute(fromMs), this.#metricsUntilMs, end - longestMs);
    for (; minute < end; minute += minuteMs) this.#minuteOfMetrics(minute);
    this.#metricsUntilMs = Math.max(this.#metricsUntilMs, end);
  }

  /** Writes every line from that moment until now. */
  async lines(fromMs: number, nowMs: number): Promise<void> {
    if (!this.#plan.log) return;
    const end = nowMs - deliverySeconds * 1000;
    const start = Math.max(fromMs, this.#logUntilMs, end - longestMs);
    if (start >= end) return;
    this.#logUntilMs = end;
    const logEvents = this.#linesBetween(start, end);
    if (logEvents.length === 0) return;
    await this.#channels.logs.call('PutLogEvents', {
      logGroupName: logGroupOf(this.#plan),
      logStreamName: 'worker',
      logEvents,
    });
  }

  #minuteOfMetrics(minute: number): void {
    if (this.#isMissing(minute)) return;
    const end = minute + minuteMs;
    const last = this.#at(end - 1);
    if (last === undefined || last.mode === 'none') return;
    const { mode } = last;
    const flowed = this.#flowedIn(minute, end);
    const sink = this.#plan.kind === 'sink';
    const native = (name: string, value: number) =>
      this.#put('AWS/KafkaConnect', name, { ConnectorName: this.#plan.name }, value, minute);
    const beats = mode === 'idle' && this.#plan.heartbeats ? 0.03 : 0;
    const rate = flowed ? rowsPerSecond : beats;
    native(sink ? 'SinkRecordReadRate' : 'SourceRecordPollRate', rate);
    native(sink ? 'SinkRecordSendRate' : 'SourceRecordWriteRate', rate);
    native('RunningTaskCount', mode === 'tasks-failed' ? 0 : 1);
    native('ErroredTaskCount', mode === 'tasks-failed' || mode === 'some-tasks-failed' ? 1 : 0);
    if (!this.#plan.exporter) return;
    if (sink) this.#lag(minute, end, mode);
    else if (mode !== 'tasks-failed' && hasDebezium(this.#plan)) this.#debezium(minute, end, last);
  }

  #debezium(minute: number, end: number, last: Span): void {
    const { orphanedSinceMs } = last;
    const dimensions = { DBServerName: serverName(this.#plan), type: 'streaming' };
    const put = (name: string, value: number) => this.#put('MSK_Connect', name, dimensions, value, minute);
    if (orphanedSinceMs !== undefined) {
      put('Connected', 1);
      put('MilliSecondsSinceLastEvent', minute + 5000 - orphanedSinceMs);
      put('MilliSecondsSinceLastEvent', end - orphanedSinceMs);
      return;
    }
    put('Connected', last.mode === 'unreachable' && end - last.fromMs > reconnectMs ? 0 : 1);
    // The exporter samples every 15 s.
    for (let at = minute + 5000; at < end; at += 15_000) {
      const since = this.#sinceLastEvent(at);
      if (since !== undefined) put('MilliSecondsSinceLastEvent', since);
    }
  }

  /** Milliseconds since the source was heard last, as of that moment. */
  #sinceLastEvent(at: number): number | undefined {
    const span = this.#at(at);
    if (span === undefined || span.mode === 'none' || span.mode === 'tasks-failed') return undefined;
    const heard = (one: Span) => one.mode === 'flowing' || one.mode === 'idle' || one.mode === 'some-tasks-failed';
    if (span.mode === 'flowing' || span.mode === 'some-tasks-failed') return 200;
    if (span.mode === 'idle') {
      // PostgreSQL sends nothing of its own: there the clock grows as if it were dead (measured).
      return this.#plan.kind === 'postgresql' ? at - span.fromMs : (at - span.fromMs) % beatMs;
    }
    const before = this.#life.spans.findLast(
      (one) => one.fromMs <= at && heard(one) && one.taskSinceMs === span.taskSinceMs,
    );
    // A task that never heard anything says -1.
    return before === undefined ? -1 : at - this.#endOf(before);
  }

  #lag(minute: number, end: number, mode: Span['mode']): void {
    const since = this.#life.spans.findLast((one) => one.fromMs <= minute && one.mode !== mode)?.fromMs ?? minute;
    const behind = mode === 'dead' || mode === 'unreachable' || mode === 'tasks-failed';
    // A dead sink is noticed only where somebody writes: its topic does.
    const waiting = behind ? Math.max(0, Math.round(((end - since) / 1000) * rowsPerSecond)) : 0;
    const dimensions = { 'Cluster Name': 'shop', 'Consumer Group': `connect-${this.#plan.name}`, Topic: 'shop.orders' };
    this.#put('AWS/Kafka', 'SumOffsetLag', dimensions, waiting, minute);
  }

  #put(
    namespace: string,
    name: string,
    dimensions: Readonly<Record<string, string>>,
    value: number,
    atMs: number,
  ): void {
    this.#channels.cloudwatch.put({ namespace, name, dimensions, value, atMs });
  }

  #linesBetween(start: number, end: number): { timestamp: number; message: string }[] {
    const lines: { timestamp: number; message: string }[] = [];
    const { name, kind, connectVersion } = this.#plan;
    const write = (timestamp: number, level: string, text: string, scope = `[${name}|task-0] `) => {
      if (timestamp >= start && timestamp < end) {
        lines.push({ timestamp, message: `[Worker-${serverName(this.#plan)}] ${level} ${scope}${text}` });
      }
    };
    for (let minute = floorMinute(start); minute < end; minute += minuteMs) {
      // Each flush, some seconds into the minute.
      const at = minute + 20_000;
      const span = this.#at(at);
      if (span === undefined || span.mode === 'none' || span.mode === 'tasks-failed') continue;
      const commits =
        this.#flowedIn(Math.max(at - minuteMs, span.taskSinceMs), at) ||
        (span.mode === 'idle' && this.#plan.heartbeats);
      if (connectVersion === '2.7.1' && kind !== 'sink')
        write(at, 'INFO', 'flushing 0 outstanding messages for offset commit');
      if (!commits) continue;
      const [sinks, old] = [kind === 'sink', connectVersion === '2.7.1'];
      if (sinks && old) write(at, 'INFO', 'Committing offsets asynchronously using sequence number 1');
      if (!sinks && old) write(at, 'INFO', 'Finished commitOffsets successfully in 12 ms');
      if (!sinks && !old) write(at, 'INFO', 'Committing offsets for 300 acknowledged messages');
    }
    for (const span of this.#life.spans) {
      if (span.fromMs >= end) break;
      if (span.mode === 'unreachable') {
        for (let at = span.fromMs + 5000; at < Math.min(end, this.#endOf(span)); at += reconnectMs) {
          write(at, 'WARN', 'java.net.ConnectException: Connection refused');
        }
      }
      if (span.mode === 'tasks-failed' || span.mode === 'some-tasks-failed') {
        write(span.fromMs, 'ERROR', 'Task threw an uncaught and unrecoverable exception. Task is being killed');
      }
      if (span.orphanedSinceMs !== undefined) {
        write(span.fromMs + orphanLineMs, 'ERROR', 'Failed to register metrics MBean, metrics will not be available');
      }
    }
    return lines.toSorted((a, b) => a.timestamp - b.timestamp);
  }

  #at(atMs: number): Span | undefined {
    return this.#life.spans.findLast(({ fromMs }) => fromMs <= atMs);
  }

  #endOf(span: Span): number {
    return this.#life.spans.find(({ fromMs }) => fromMs > span.fromMs)?.fromMs ?? Infinity;
  }

  /** Whether records moved for a good part of that time. */
  #flowedIn(from: number, to: number): boolean {
    let flowed = 0;
    for (const span of this.#life.spans) {
      if (span.fromMs >= to) break;
      if (span.mode !== 'flowing' && span.mode !== 'some-tasks-failed') continue;
      flowed += Math.max(0, Math.min(to, this.#endOf(span)) - Math.max(from, span.fromMs));
    }
    return flowed > 10_000;
  }
}

function floorMinute(atMs: number): number {
  return Math.floor(atMs / minuteMs) * minuteMs;
}

/** Debezium's own name for what it reads. */
export function serverName({ name }: ConnectorPlan): string {
  return name.replace(/-cdc/, '');
}

export function logGroupOf({ name }: ConnectorPlan): string {
  return `/msk-connect/${name}`;
}

/** Which kinds are Debezium's. */
export function hasDebezium({ kind }: ConnectorPlan): boolean {
  return kind === 'mysql' || kind === 'mariadb' || kind === 'postgresql';
}
