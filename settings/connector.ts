import type { ConnectorKind } from '../recovery/policy.ts';
import type {
  ConnectorSettings,
  DebeziumMetrics,
  LagMetric,
  PreventiveRestart,
  SignalSettings,
} from './connectorSettings.ts';
import { debeziumDefaults, hasEventClock, policyDefaults, remedyDefaults } from './defaults.ts';
import { keys } from './environment.ts';
import { fault, shown } from './faults.ts';
import { isTimeZone, scheduleFault } from './schedule.ts';
import type { ConnectorEntry, ConnectorOptions } from './schema.ts';
import { allSignals, signalsOf, unfed } from './signals.ts';

/** An entry with every default filled in, or what keeps it from being one. */
export interface CompletedConnector {
  /** Absent when a fault leaves it without meaning. */
  readonly settings?: ConnectorSettings;
  readonly faults: readonly string[];
}

/**
 * Completes one well-formed entry of `connectors.json`.
 * @param defaults what the file says for every connector
 * @param place where the entry lies, such as `connectors[1]`
 */
export function completeConnector(
  entry: ConnectorEntry,
  defaults: ConnectorOptions,
  place: string,
): CompletedConnector {
  const merged = mergeOptions(defaults, entry) as ConnectorEntry;
  const { name, kind, connectVersion, executionRoleArn, logGroup } = merged;
  const faults: string[] = [];
  const lacks = Object.entries({ kind, connectVersion, executionRoleArn }).filter(([, value]) => value === undefined);
  for (const [field] of lacks) {
    faults.push(fault(`${place}.${field}`, 'nothing', `a value; \`npm run capture -- ${name}\` fills it in`));
  }
  const savedKey = merged.savedConfig?.key ?? `${keys.savedConfigs}${name}.json`;
  if (merged.savedConfig?.bucket === undefined && !savedKey.startsWith(keys.savedConfigs)) {
    faults.push(
      fault(
        `${place}.savedConfig.key`,
        shown(savedKey),
        `a key that begins with ${keys.savedConfigs} in the stack's own bucket`,
      ),
    );
  }
  if (kind === undefined || connectVersion === undefined) {
    if (merged.preventiveRestart) faults.push(...scheduleFaults(merged.preventiveRestart, place));
    return { faults };
  }

  const remedies = merged.remedies ?? remedyDefaults(connectVersion);
  faults.push(...remedyFaults(remedies, connectVersion, place));
  const debezium = debeziumOf(merged, entry, kind, place);
  const lag = lagOf(merged, entry, kind === 'sink', place);
  const feeds = {
    kind,
    connectVersion,
    ...(merged.heartbeatSeconds !== undefined && { heartbeatSeconds: merged.heartbeatSeconds }),
    ...(merged.evidence?.recordsAtLeastEverySeconds !== undefined && {
      recordsAtLeastEverySeconds: merged.evidence.recordsAtLeastEverySeconds,
    }),
    ...(logGroup !== undefined && { logGroup }),
    ...(debezium.value && { debezium: debezium.value }),
    ...(lag.value && { lag: lag.value }),
  };
  faults.push(...debezium.faults, ...lag.faults);
  for (const signal of allSignals) {
    // A wish in `defaults` holds for those whom it can serve; a wish in the entry is meant for this one.
    const reason = unfed(signal, feeds);
    if (entry.signals?.[signal] && reason !== undefined) {
      faults.push(fault(`${place}.signals.${signal}`, 'a signal that nothing feeds', reason));
    }
  }
  const signals = signalsOf(merged.signals, feeds);
  faults.push(...signals.flatMap((signal) => spanFaults(signal, place)));
  const preventive = merged.preventiveRestart && preventiveOf(merged.preventiveRestart, connectVersion, place);
  faults.push(...(preventive?.faults ?? []));
  if (executionRoleArn === undefined) return { faults };

  return {
    faults,
    settings: {
      name,
      kind,
      connectVersion,
      executionRoleArn,
      ...(logGroup !== undefined && { logGroup }),
      savedConfig: {
        ...(merged.savedConfig?.bucket !== undefined && { bucket: merged.savedConfig.bucket }),
        key: savedKey,
      },
      ...(debezium.value && { debezium: debezium.value }),
      ...(lag.value && { lag: lag.value }),
      signals,
      ...(preventive && { preventiveRestart: preventive.value }),
      ...(merged.facts && { facts: defined(merged.facts) }),
      policy: {
        connector: name,
        kind,
        connectVersion,
        remedies,
        evidence: { ...policyDefaults.evidence, ...defined(merged.evidence) },
        waits: { ...policyDefaults.waits, ...defined(merged.waits) },
        limits: { ...policyDefaults.limits, ...defined(merged.limits) },
        offsets: merged.offsets ?? policyDefaults.offsets,
        drift: merged.drift ?? policyDefaults.drift,
        deletions: merged.deletions ?? policyDefaults.deletions,
        sweepSeenWithinSeconds: merged.sweepSeenWithinSeconds ?? policyDefaults.sweepSeenWithinSeconds,
      },
    },
  };
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, EvaluationPeriods */
function spanFaults({ signal, periods, periodSeconds }: SignalSettings, place: string): string[] {
  const isLong = periodSeconds >= 3600;
  const most = isLong ? 604_800 : 86_400;
  const seconds = periods * periodSeconds;
  if (seconds <= most) return [];
  const more = isLong ? '' : ' (604800 s with periods of 3600 s or more)';
  return [
    fault(
      `${place}.signals.${signal}`,
      `${periods} periods of ${periodSeconds} s (${seconds} s)`,
      `at most ${most} s in all${more}, which is as far as CloudWatch looks back`,
    ),
  ];
}

function remedyFaults(remedies: readonly string[], connectVersion: string, place: string): string[] {
  if (remedies.length === 2 && remedies[0] === remedies[1]) {
    return [fault(`${place}.remedies[1]`, `${shown(remedies[1])} a second time`, 'each remedy once')];
  }
  if (connectVersion === '2.7.1' && remedies.every((remedy) => remedy === 'restart')) {
    return [
      fault(
        `${place}.remedies[0]`,
        '"restart" as the only remedy on Connect 2.7.1',
        '"recreate" as well: on 2.7.1 a restart leaves the tasks as they are and cures nothing',
      ),
    ];
  }
  return [];
}

function debeziumOf(
  merged: ConnectorEntry,
  entry: ConnectorEntry,
  kind: ConnectorKind,
  place: string,
): { readonly value?: DebeziumMetrics; readonly faults: readonly string[] } {
  const isSink = kind === 'sink';
  const wish = merged.metrics?.debezium;
  const own = entry.metrics?.debezium !== undefined;
  if (wish === undefined || (isSink && !own)) return { faults: [] };
  if (isSink) {
    return {
      faults: [
        fault(`${place}.metrics.debezium`, 'Debezium metrics', 'none on a sink, which has no such source metrics'),
      ],
    };
  }
  const { serverName } = wish;
  const dimensions =
    wish.dimensions ?? (serverName === undefined ? undefined : { DBServerName: serverName, type: 'streaming' });
  if (dimensions === undefined) {
    // A namespace in `defaults` is for those who name their server.
    return {
      faults: own ? [fault(`${place}.metrics.debezium.serverName`, 'nothing', 'a serverName, or dimensions')] : [],
    };
  }
  const { beatSeconds } = entry.metrics?.debezium ?? {};
  if (beatSeconds !== undefined && !hasEventClock(kind)) {
    const expected = 'beats on mysql and mariadb only: no other source is heard while nobody writes';
    return { faults: [fault(`${place}.metrics.debezium.beatSeconds`, `${beatSeconds} on ${kind}`, expected)] };
  }
  const publishes: readonly string[] = wish.publishes ?? debeziumDefaults.publishes;
  const names = { ...debeziumDefaults.metricNames, ...defined(wish.metricNames) };
  return {
    faults: [],
    value: {
      namespace: wish.namespace ?? debeziumDefaults.namespace,
      dimensions,
      ...(publishes.includes('Connected') && { connected: names.connected }),
      ...(publishes.includes('MilliSecondsSinceLastEvent') && { msSinceLastEvent: names.msSinceLastEvent }),
      ...(publishes.includes('MilliSecondsBehindSource') && { msBehindSource: names.msBehindSource }),
      beatSeconds: wish.beatSeconds ?? debeziumDefaults.beatSeconds,
    },
  };
}

function lagOf(
  merged: ConnectorEntry,
  entry: ConnectorEntry,
  isSink: boolean,
  place: string,
): { readonly value?: LagMetric; readonly faults: readonly string[] } {
  const wish = merged.metrics?.lag;
  const own = entry.metrics?.lag !== undefined;
  if (wish === undefined || (!isSink && !own)) return { faults: [] };
  if (!isSink) {
    return {
      faults: [fault(`${place}.metrics.lag`, 'consumer lag', 'none on a source, which reads no topic')],
    };
  }
  const { clusterName, topics, consumerGroup = `connect-${merged.name}` } = wish;
  if (clusterName !== undefined && topics !== undefined) {
    return { value: { clusterName, consumerGroup, topics }, faults: [] };
  }
  const missing = Object.entries({ clusterName, topics }).filter(([, value]) => value === undefined);
  return {
    faults: own ? missing.map(([field]) => fault(`${place}.metrics.lag.${field}`, 'nothing', 'a value')) : [],
  };
}

type PreventiveWish = NonNullable<ConnectorOptions['preventiveRestart']>;

function scheduleFaults(wish: PreventiveWish, place: string): string[] {
  const expected = scheduleFault(wish.schedule);
  const timeZone = wish.timeZone ?? 'UTC';
  return [
    ...(expected === undefined ? [] : [fault(`${place}.preventiveRestart.schedule`, shown(wish.schedule), expected)]),
    ...(isTimeZone(timeZone)
      ? []
      : [
          fault(
            `${place}.preventiveRestart.timeZone`,
            shown(timeZone),
            'the name of an IANA time zone, such as Asia/Seoul',
          ),
        ]),
  ];
}

function preventiveOf(
  wish: PreventiveWish,
  connectVersion: string,
  place: string,
): { readonly value: PreventiveRestart; readonly faults: readonly string[] } {
  const faults = scheduleFaults(wish, place);
  if (connectVersion === '2.7.1' && wish.remedy !== 'recreate') {
    faults.push(
      fault(
        `${place}.preventiveRestart.remedy`,
        shown(wish.remedy),
        '"recreate" in as many words, or no preventive restart: on 2.7.1 a restart leaves the tasks as they are',
      ),
    );
  }
  return {
    faults,
    value: {
      schedule: wish.schedule,
      timeZone: wish.timeZone ?? 'UTC',
      enabled: wish.enabled ?? false,
      remedy: wish.remedy ?? 'restart',
    },
  };
}

/** The entry over the defaults, field by field; a list, a text or `false` replaces what it meets. */
function mergeOptions(under: object, over: object): object {
  const merged: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isObject(below) && isObject(value) ? mergeOptions(below, value) : value;
  }
  return merged;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function defined<T extends object>(options: T | undefined): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
