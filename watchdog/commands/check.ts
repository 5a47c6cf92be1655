import { PortError } from '../../recovery/ports.ts';
import { fitsAny } from '../../settings/patterns.ts';
import type { ClusterSettings, ReplaceSettings, WatchdogSettings } from '../../settings/watchdogSettings.ts';
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
    /** The number of its brokers. @throws whatever, where it cannot be asked */
    readonly kafka: (settings: ClusterSettings) => Promise<number>;
    readonly replacer: (settings: ReplaceSettings) => Promise<{ readonly well: boolean; readonly said: string }>;
    readonly now: () => string;
  },
): Promise<Checked> {
  const parts = [
    await checkStore(settings, open.store, open.now),
    ...(await Promise.all(
      settings.clusters.map(async (one) => {
        const its = [
          await checkCluster(one, open.cluster(one)),
          await checkKafka(one, open.kafka),
          await checkReplacer(one, open.replacer),
        ];
        return { well: its.every(({ well }) => well), lines: its.flatMap(({ lines }) => lines) };
      }),
    )),
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

async function checkCluster(
  { name, prometheus, connectors: patterns }: ClusterSettings,
  cluster: Cluster,
): Promise<Checked> {
  // The second one has what the first left open.
  await cluster.round();
  const seen = await cluster.round();
  await cluster.close();
  const { connectors, workers, metrics } = seen;
  const unread = prometheus === undefined ? [] : metrics.filter(({ values }) => values.kind !== 'read');
  const answering = workers.filter(({ answer }) => answer?.kind === 'answers');
  const asked = workers.filter(({ answer }) => answer !== undefined);
  const names = connectors.kind === 'read' ? connectors.list.map((one) => one.name) : [];
  const idle = connectors.kind === 'read' ? patterns.filter((one) => !names.some((own) => fitsAny(own, [one]))) : [];
  return {
    well: connectors.kind === 'read' && answering.length === asked.length && unread.length === 0 && idle.length === 0,
    lines: [
      `Cluster ${name}: ${connectors.kind === 'read' ? sizeOf(cluster, connectors) : `unreadable: ${connectors.reason}`}`,
      ...idle.map((pattern) => `  connectors ${JSON.stringify(pattern)}: fits no connector that is looked after`),
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
              `  connector ${one.name}: ${one.state}, ${counted(one.tasks.length, 'task')}; offsets: ${inWords(one.offsets)}; lag: ${
                one.type === 'sink' ? inWords(one.lag) : 'of sinks only'
              }`,
          )
        : []),
    ],
  };
}

function sizeOf(cluster: Cluster, connectors: Extract<ClusterSeen['connectors'], { kind: 'read' }>): string {
  const watched = cluster.watched().length;
  return `${counted(watched, 'connector')} ${watched === 1 ? 'is' : 'are'} looked after (seen by ${connectors.by})`;
}

/** Its brokers are tried though there may be no sink to ask them for. */
async function checkKafka(
  settings: ClusterSettings,
  brokers: (settings: ClusterSettings) => Promise<number>,
): Promise<Checked> {
  if (settings.kafka === undefined) return { well: true, lines: [] };
  const place = `  Kafka ${settings.kafka.bootstrapServers.join(', ')}`;
  try {
    return { well: true, lines: [`${place}: answers, ${counted(await brokers(settings), 'broker')}`] };
  } catch (error) {
    return { well: false, lines: [`${place}: ${error instanceof Error ? error.message : String(error)}`] };
  }
}

async function checkReplacer(
  { workers }: ClusterSettings,
  replacer: (settings: ReplaceSettings) => Promise<{ readonly well: boolean; readonly said: string }>,
): Promise<Checked> {
  if (workers === undefined) return { well: true, lines: [] };
  const { well, said } = await replacer(workers.replace);
  return { well, lines: [`  workers are replaced by ${said}`] };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
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
