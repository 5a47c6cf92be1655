import { PortError } from '../../recovery/ports.ts';
import type { ClusterSettings, WatchdogSettings } from '../../settings/watchdogSettings.ts';
import type { Objects } from '../../store/objects.ts';
import type { Cluster } from '../cluster.ts';
import type { ClusterSeen, Reading } from '../round/seen.ts';
import { storeInWords } from '../watchdog.ts';

/** What a check found, a line each; `well`: everything that the settings name could be reached. */
export interface Checked {
  readonly well: boolean;
  readonly lines: readonly string[];
}

/**
 * Tries everything that the settings name, and changes nothing but `check.json` in the store, which it writes to see whether it can. Nobody is
 * told anything.
 */
export async function check(
  settings: WatchdogSettings,
  open: {
    readonly store: () => Promise<Objects>;
    readonly cluster: (settings: ClusterSettings) => Cluster;
    readonly now: () => string;
  },
): Promise<Checked> {
  const parts = [
    await checkStore(settings, open.store, open.now),
    ...(await Promise.all(settings.clusters.map((one) => checkCluster(one, open.cluster(one))))),
  ];
  const { topicArn, webhooks } = settings.tell;
  const channels = [
    ...(topicArn === undefined ? [] : [topicArn]),
    ...webhooks.map(({ urlEnv }) => `webhook ${urlEnv}`),
  ];
  const told = channels.length === 0 ? 'nobody but the log' : `${channels.join(', ')} (not tried: people would hear)`;
  return {
    well: parts.every(({ well }) => well),
    lines: [...parts.flatMap(({ lines }) => lines), `Told: ${told}`],
  };
}

async function checkStore(
  settings: WatchdogSettings,
  open: () => Promise<Objects>,
  now: () => string,
): Promise<Checked> {
  try {
    const objects = await open();
    await objects.write('check.json', JSON.stringify({ at: now() }));
    const found = await objects.read('check.json');
    const held = await objects.read('hold.json');
    const well = found.kind === 'read' && held.kind !== 'denied';
    const said = well ? 'written and read' : 'written, but it cannot be read';
    return { well, lines: [`Store: ${storeInWords(settings, objects)}: ${said}`] };
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    return { well: false, lines: [`Store: cannot be used: ${error.message}`] };
  }
}

async function checkCluster({ name, prometheus }: ClusterSettings, cluster: Cluster): Promise<Checked> {
  // The second one has what the first left open.
  await cluster.round();
  const seen = await cluster.round();
  await cluster.close();
  const { connectors, workers, metrics } = seen;
  const unread = prometheus === undefined ? [] : metrics.filter(({ values }) => values.kind !== 'read');
  const answering = workers.filter(({ answer }) => answer?.kind === 'answers');
  const asked = workers.filter(({ answer }) => answer !== undefined);
  return {
    well: connectors.kind === 'read' && answering.length === asked.length && unread.length === 0,
    lines: [
      `Cluster ${name}: ${connectors.kind === 'read' ? sizeOf(cluster, connectors) : `unreadable: ${connectors.reason}`}`,
      ...workers.map(
        ({ worker, answer, version }) =>
          `  worker ${worker}: ${answer === undefined ? 'not asked' : answer.kind}${version === undefined ? '' : `, Kafka Connect ${version}`}${
            answer !== undefined && 'reason' in answer && answer.reason !== undefined ? ` (${answer.reason})` : ''
          }`,
      ),
      ...metrics.map(({ worker = 'of some worker', values }) => `  JMX values ${worker}: ${inWords(values)}`),
      ...(connectors.kind === 'read'
        ? connectors.list.map(
            (one) =>
              `  connector ${one.name}: ${one.state}, ${one.tasks.length} tasks; offsets: ${inWords(one.offsets)}; lag: ${
                one.type === 'sink' ? inWords(one.lag) : 'of sinks only'
              }`,
          )
        : []),
    ],
  };
}

function sizeOf(cluster: Cluster, connectors: Extract<ClusterSeen['connectors'], { kind: 'read' }>): string {
  return `${cluster.watched().length} connectors are looked after (seen by ${connectors.by})`;
}

function inWords(reading: Reading<unknown>): string {
  switch (reading.kind) {
    case 'read':
      return 'read';
    case 'not-asked':
      return 'not asked yet';
    case 'not-watched':
      return `not watched (${reading.cure})`;
    case 'unreadable':
      return `unreadable (${reading.reason})`;
  }
}
