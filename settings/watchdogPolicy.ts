import { platformOf } from '../recovery/platforms.ts';
import type { ConnectorKind, Policy } from '../recovery/policy.ts';
import { policyDefaults } from './defaults.ts';
import { fitsAny } from './patterns.ts';
import { backOffSeconds, clusterBreaker, livelySecondsOf, selfManagedDefaults } from './watchdogDefaults.ts';
import type { ClusterSettings, ConnectorWishes, SelfManagedRemedy, WatchdogSettings } from './watchdogSettings.ts';

/** What is known of a connector that runs. */
export interface SeenConnector {
  /** Without its cluster. */
  readonly name: string;
  /** By its class. */
  readonly kind: ConnectorKind;
  /** As `GET /` says it. */
  readonly connectVersion: string;
  /** Of its cluster that are looked after, itself included: too few of them need no breaker. */
  readonly connectorsOfCluster: number;
}

/** The name under which the engine, the store and people know a connector of a cluster. */
export function fullName(cluster: string, connector: string): string {
  return `${cluster}/${connector}`;
}

/** Whether a connector of that cluster is looked after. */
export function isLookedAfter(connector: string, { connectors, except }: ClusterSettings): boolean {
  return fitsAny(connector, connectors) && !fitsAny(connector, except);
}

/**
 * What the owner allows for a connector, with every default of its kind and of its Kafka Connect version filled in. What the version cannot do is not
 * among its remedies.
 */
export function policyOf(settings: WatchdogSettings, cluster: ClusterSettings, seen: SeenConnector): Policy {
  const name = fullName(cluster.name, seen.name);
  const wishes = wishesFor(name, settings);
  const { pollSeconds, breaker } = settings;
  const { offsetFlushSeconds: flushSeconds, workers } = cluster;
  return {
    connector: name,
    kind: wishes.kind ?? seen.kind,
    platform: 'self-managed',
    connectVersion: seen.connectVersion,
    remedies: remediesFor(wishes.remedies ?? ladder, seen.connectVersion, workers !== undefined),
    evidence: {
      livelySeconds: livelySecondsOf(flushSeconds, pollSeconds),
      missedBeats: selfManagedDefaults.missedBeats,
      flushSeconds,
      // Nobody keeps two weeks of rates for us.
      learnQuiet: false,
      ...wishes.evidence,
    },
    waits: { ...policyDefaults.waits, ...selfManagedDefaults.waits, ...wishes.waits, pollSeconds },
    limits: { ...policyDefaults.limits, ...selfManagedDefaults.limits, backOffSeconds, ...wishes.limits },
    ...(workers === undefined ? {} : { workers: { others: workers.others } }),
    offsets: policyDefaults.offsets,
    drift: policyDefaults.drift,
    deletions: policyDefaults.deletions,
    ...(seen.connectorsOfCluster < breaker.atLeast ? {} : { breaker: { ...clusterBreaker, ...breaker } }),
    sweepSeenWithinSeconds: policyDefaults.sweepSeenWithinSeconds,
  };
}

const ladder: readonly SelfManagedRemedy[] = ['restart-failed-tasks', 'restart', 'stop-and-resume', 'replace-worker'];

function remediesFor(
  wanted: readonly SelfManagedRemedy[],
  connectVersion: string,
  hasReplacement: boolean,
): readonly SelfManagedRemedy[] {
  const { can } = platformOf({ platform: 'self-managed' });
  return wanted.filter((remedy) => can(remedy, connectVersion) && (remedy !== 'replace-worker' || hasReplacement));
}

/** The defaults, and over them each override that fits, field by field. */
function wishesFor(name: string, { defaults, overrides }: WatchdogSettings): ConnectorWishes {
  return overrides
    .filter(({ connectors }) => fitsAny(name, connectors))
    .reduce<ConnectorWishes>(
      (under, { connectors: _connectors, ...over }) => ({
        ...under,
        ...over,
        evidence: { ...under.evidence, ...over.evidence },
        waits: { ...under.waits, ...over.waits },
        limits: { ...under.limits, ...over.limits },
      }),
      defaults,
    );
}
