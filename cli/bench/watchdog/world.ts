import type { Clock } from '../../../recovery/ports.ts';
import { checkWatchdogSettings } from '../../../settings/watchdogRead.ts';
import { s3Journals } from '../../../store/journals.ts';
import type { Objects } from '../../../store/objects.ts';
import type { ConsumerGroups } from '../../../watchdog/round/consumerGroups.ts';
import { openCluster } from '../../../watchdog/cluster.ts';
import { ClusterWatch } from '../../../watchdog/looks/clusterWatch.ts';
import { watchdogDirections } from '../../../watchdog/directions.ts';
import { KnownJournals } from '../../../watchdog/looks/knownJournals.ts';
import { Measures } from '../../../watchdog/itself/measures.ts';
import { Recoveries } from '../../../watchdog/looks/recoveries.ts';
import { StoreTrouble } from '../../../watchdog/troubles/storeTrouble.ts';
import type { Transport } from '../../../watchdog/rest/transport.ts';

export interface WorldOptions {
  /** Of the workers' REST interfaces. */
  readonly urls: readonly string[];
  /** Of their JMX agents. */
  readonly prometheusUrls: readonly string[];
  readonly clock: Clock;
  readonly objects: Objects;
  /** @default HTTP */
  readonly transport?: Transport;
  /** @default none: the offsets of sinks are asked for by REST */
  readonly groups?: ConsumerGroups;
}

/** The watch over one cluster, with every default; its log goes nowhere, and nobody is told. What it could not do is kept in `faults`. */
export interface World {
  readonly watch: ClusterWatch;
  readonly pollSeconds: number;
  readonly faults: readonly string[];
  close(): Promise<void>;
}

export function openWorld({ urls, prometheusUrls, clock, objects, transport, groups }: WorldOptions): World {
  const settings = checkWatchdogSettings(
    {
      clusters: [{ name: 'shop', urls: [...urls], connectors: ['*'], prometheus: { urls: [...prometheusUrls] } }],
      store: { folder: '/var/lib/connector-watchdog' },
      tell: { webhooks: [{ urlEnv: 'NOBODY', format: 'json' }] },
    },
    'the bench',
  );
  const [own] = settings.clusters;
  if (own === undefined) throw new Error('The settings name no cluster.');
  let ids = 0;
  const newId = () => `id-${(ids += 1)}`;
  const faults: string[] = [];
  const cluster = openCluster(own, {
    clock,
    newId,
    env: {},
    ...(transport === undefined ? {} : { transport }),
    ...(groups === undefined ? {} : { groups }),
  });
  const recoveries = new Recoveries(settings.recoveriesAtOnce, clock, newId);
  const notifier = { tell: async () => {} };
  const watch: ClusterWatch = new ClusterWatch(cluster, {
    settings,
    recoveries,
    store: new StoreTrouble(notifier, clock, { note: (event) => faults.push(event) }),
    measures: new Measures({
      verdicts: () => [],
      workers: () => [],
      lastRounds: () => [],
      recoveriesUnderWay: () => recoveries.underWay.size,
    }),
    recorder: () => ({
      note: (event, fields) => {
        if (/failed|unreadable|error/.test(event)) faults.push(`${event} ${JSON.stringify(fields)}`);
      },
    }),
    instance: 'bench',
    objects,
    journals: new KnownJournals(s3Journals(objects), () => clock.now()),
    notifier,
    directions: watchdogDirections(settings.clusters, 'node watchdog.mjs', 'watchdog.json'),
    clock,
    newId,
  });
  return { watch, pollSeconds: settings.pollSeconds, faults, close: () => cluster.close() };
}
