import { type ConnectorKind } from '../recovery/policy.ts';
import type { DebeziumMetrics, LagMetric, Signal, SignalSettings } from './connectorSettings.ts';
import {
  commitPeriods,
  debeziumDefaults,
  eventClockThreshold,
  hasEventClock,
  lagDefaults,
  signalDefaults,
  type SignalDefaults,
  stalledPeriods,
  stalledWithLag,
} from './defaults.ts';
import { commitLine } from './logLines.ts';
import type { ConnectorOptions } from './schema.ts';

export const allSignals = [
  'connected',
  'event-clock',
  'offset-commits',
  'errored-tasks',
  'running-tasks',
  'stalled-records',
  'lag',
] as const satisfies readonly Signal[];

/** What feeds a connector's signals. */
export interface Feeds {
  readonly kind: ConnectorKind;
  readonly connectVersion: string;
  readonly logGroup?: string;
  readonly debezium?: DebeziumMetrics;
  readonly lag?: LagMetric;
  /** How often the connector makes a record of its own while nothing happens. */
  readonly heartbeatSeconds?: number;
  /** The owner's word that records flow at least this often. */
  readonly recordsAtLeastEverySeconds?: number;
}

/** Why nothing would ever reach this signal's alarm, in the words of a fault's "expected"; `undefined` when it is fed. */
export function unfed(signal: Signal, feeds: Feeds): string | undefined {
  switch (signal) {
    case 'connected':
      return feeds.debezium?.connected === undefined
        ? 'metrics.debezium that publishes "Connected", which feeds this signal'
        : undefined;
    case 'event-clock':
      if (!hasEventClock(feeds.kind)) {
        return 'this signal on mysql and mariadb only: elsewhere the event clock of an idle connector grows as if it were dead';
      }
      return feeds.debezium?.msSinceLastEvent === undefined
        ? 'metrics.debezium that publishes "MilliSecondsSinceLastEvent", which feeds this signal'
        : undefined;
    case 'offset-commits':
      if (commitLine(feeds.kind, feeds.connectVersion) === undefined) {
        return `this signal not on a ${feeds.kind} of Connect ${feeds.connectVersion}, whose worker logs no commits`;
      }
      return feeds.logGroup === undefined ? 'a logGroup, which feeds this signal' : undefined;
    case 'lag':
      if (feeds.kind === 'sink') {
        return feeds.lag === undefined ? 'metrics.lag with clusterName and topics, which feeds this signal' : undefined;
      }
      return feeds.debezium?.msBehindSource === undefined
        ? 'metrics.debezium that publishes "MilliSecondsBehindSource", which feeds this signal'
        : undefined;
    case 'errored-tasks':
    case 'running-tasks':
    case 'stalled-records':
      return undefined;
  }
}

/** The alarms that a connector gets: every fed signal that is on by default or asked for. */
export function signalsOf(asked: ConnectorOptions['signals'], feeds: Feeds): SignalSettings[] {
  return allSignals.flatMap((signal) => {
    const wish = asked?.[signal];
    // Where nothing makes records come, an idle source takes in nothing for hours: only who asks for that alarm gets it.
    // A sink whose lag is read can be told from an idle one, and no other signal would show that it stands still.
    const tellable = recordsEvery(feeds) !== undefined || (feeds.kind === 'sink' && feeds.lag !== undefined);
    const onByDefault = signal !== 'stalled-records' || tellable;
    if (wish === false || unfed(signal, feeds) !== undefined || (wish === undefined && !onByDefault)) return [];
    return [{ signal, ...defaultsOf(signal, feeds), ...definedOf(wish ?? {}) }];
  });
}

function defaultsOf(signal: Signal, feeds: Feeds): SignalDefaults {
  if (signal === 'lag') return lagDefaults[feeds.kind === 'sink' ? 'sink' : 'source'];
  if (signal === 'stalled-records' && feeds.lag !== undefined) return stalledWithLag;
  const usual = signalDefaults[signal];
  if (signal === 'event-clock' && feeds.debezium !== undefined) {
    return { ...usual, threshold: eventClockThreshold(feeds.debezium.beatSeconds) };
  }
  const pauseSeconds = recordsEvery(feeds);
  if (pauseSeconds === undefined) return usual;
  if (signal === 'stalled-records') return { ...usual, periods: stalledPeriods(pauseSeconds) };
  return signal === 'offset-commits' ? { ...usual, periods: commitPeriods(pauseSeconds) } : usual;
}

/** Rarer records make no alarm that anybody would wait for. */
const rarestRecordSeconds = 3600;

/** The longest pause between two records of a healthy connector, in seconds; `undefined`: nothing makes records come. */
function recordsEvery({ kind, debezium, heartbeatSeconds, recordsAtLeastEverySeconds }: Feeds): number | undefined {
  const beat = debezium?.beatSeconds ?? debeziumDefaults.beatSeconds;
  const heartbeat =
    heartbeatSeconds === undefined || kind === 'sink'
      ? Infinity
      : hasEventClock(kind)
        ? // Debezium makes it along with an event of the database's, the database's own beat included (measured).
          Math.ceil(heartbeatSeconds / beat) * beat
        : heartbeatSeconds;
  const pauseSeconds = Math.min(heartbeat, recordsAtLeastEverySeconds ?? Infinity);
  return pauseSeconds <= rarestRecordSeconds ? pauseSeconds : undefined;
}

function definedOf(wish: Partial<SignalDefaults>): Partial<SignalDefaults> {
  return Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined));
}
