import type { Sighting } from '../../recovery/connector.ts';
import type { Policy } from '../../recovery/policy.ts';
import { PortError } from '../../recovery/ports.ts';
import { kindOf } from '../../settings/connectorKind.ts';
import { policyOf } from '../../settings/watchdogPolicy.ts';
import type { WatchdogSettings } from '../../settings/watchdogSettings.ts';
import type { Cluster } from '../cluster.ts';

/**
 * The policy for a connector as it was seen last; of one that nobody has seen, as far as the settings tell.
 * @param connectorsOfCluster how many are looked after
 */
export function policyFor(
  connector: string,
  cluster: Cluster,
  settings: WatchdogSettings,
  connectorsOfCluster = cluster.watched().length,
): Policy {
  const own = settings.clusters.find(({ name }) => name === cluster.name);
  if (own === undefined) throw new Error(`There are no settings for cluster ${cluster.name}.`);
  const sighting = sightingOf(connector, cluster);
  const live = sighting?.kind === 'present' ? sighting.connector : undefined;
  return policyOf(settings, own, {
    name: connector.slice(cluster.name.length + 1),
    kind: kindOf(live?.request.connectorConfiguration ?? {}),
    connectVersion: live?.request.kafkaConnectVersion ?? cluster.version ?? 'unknown',
    connectorsOfCluster,
  });
}

/** What is remembered of it; `undefined`: nothing is known yet. */
export function sightingOf(connector: string, cluster: Cluster): Sighting | undefined {
  try {
    return cluster.sighting(connector);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    return undefined;
  }
}
