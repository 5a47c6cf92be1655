import { PortError } from '../../recovery/ports.ts';
import type { Clock, Notifier } from '../../recovery/ports.ts';
import type { ClusterSettings, WatchdogSettings } from '../../settings/watchdogSettings.ts';
import { openCluster } from '../cluster.ts';
import type { Cluster } from '../cluster.ts';
import { needsConnect } from './order.ts';
import type { OrderRead } from './readOrder.ts';
import { missingOfCluster, missingOfWebhooks } from '../secretsOf.ts';
import type { Environment } from '../secretsOf.ts';
import { TransportError } from '../rest/transport.ts';

type Order = Exclude<OrderRead, { kind: 'rejected' }>;

/** Which secrets an order cannot do without, a line for each that is not set: a restart, or a look, has to ask its cluster. */
export function missingFor(order: Order, settings: WatchdogSettings, environment: Environment): readonly string[] {
  return order.kind === 'look' ? missingOfCluster(clusterOf(order), settings, environment) : [];
}

/**
 * The clusters for an order: the one that it has to ask, where its credentials are at hand; any other answers nothing, and its certificates are not read.
 * @param open opens one for real
 */
export function clustersFor(
  order: Order,
  settings: WatchdogSettings,
  {
    clock,
    environment,
    open,
  }: {
    readonly clock: Clock;
    readonly environment: Environment;
    readonly open: (settings: ClusterSettings) => Cluster;
  },
): readonly Cluster[] {
  return settings.clusters.map((own) => {
    const missing = missingOfCluster(own.name, settings, environment);
    const isAsked = needsConnect(order) && clusterOf(order) === own.name;
    if (!isAsked || missing.length > 0) return closed(own, clock, missing[0] ?? 'it is not asked');
    if (order.kind === 'look') return open(own);
    try {
      return open(own);
    } catch (error) {
      // The word itself needs the store only.
      return closed(own, clock, error instanceof Error ? error.message : String(error));
    }
  });
}

/**
 * Whoever is told by a watchdog that runs is told by it where not all of them can be told from here: an order that nobody heard of is kept in the
 * store until somebody has.
 */
export function notifierFor(settings: WatchdogSettings, environment: Environment, open: () => Notifier): Notifier {
  const [missing] = missingOfWebhooks(settings, environment);
  if (missing === undefined) return open();
  return {
    tell: async () => {
      throw new PortError('unavailable', `${missing}: the watchdog that runs tells others`);
    },
  };
}

function clusterOf(order: Order): string {
  if (order.kind === 'stack-command') return '';
  const { connector } = order.kind === 'command' ? order.command : order.trigger;
  return connector.slice(0, connector.indexOf('/'));
}

function closed(
  { tls: _tls, basic: _basic, kafka: _kafka, ...own }: ClusterSettings,
  clock: Clock,
  why: string,
): Cluster {
  const refuse = async () => {
    throw new TransportError('unreachable', why);
  };
  return openCluster(own, { clock, newId: () => '', env: {}, transport: refuse, groups: { lag: refuse } });
}
