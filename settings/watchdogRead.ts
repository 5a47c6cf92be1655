import * as v from 'valibot';
import { fault, issueFaults, SettingsError, shown } from './faults.ts';
import { overrideFaults } from './overrideFaults.ts';
import { isThisHost } from './thisHost.ts';
import { clusterBreaker, watchdogDefaults } from './watchdogDefaults.ts';
import { watchdogFile } from './watchdogSchema.ts';
import type { ClusterEntry, WatchdogFile } from './watchdogSchema.ts';
import type {
  ClusterSettings,
  ConnectorWishes,
  KafkaSettings,
  PrometheusSettings,
  StoreSettings,
  TlsSettings,
  WatchdogSettings,
} from './watchdogSettings.ts';

/**
 * Reads `watchdog.json`, checks it and fills in every default.
 * @param text the file's text
 * @param place the file's name, for the message
 * @throws SettingsError with every fault at once
 */
export function readWatchdogSettings(text: string, place: string): WatchdogSettings {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    // Of the parser's message only the position: the rest quotes the file.
    const where = /line \d+ column \d+/.exec(String(error))?.[0];
    throw new SettingsError(place, [fault(where ?? 'the file', 'something that is not JSON', 'a JSON object')]);
  }
  return checkWatchdogSettings(input, place);
}

/** As `readWatchdogSettings`, from the parsed object. @throws SettingsError */
export function checkWatchdogSettings(input: unknown, place: string): WatchdogSettings {
  if (Array.isArray(input)) throw new SettingsError(place, [fault('the file', shown(input), 'an object')]);
  const parsed = v.safeParse(watchdogFile, input);
  const faults = [
    ...(parsed.success ? [] : issueFaults(parsed.issues, 'watchdog.schema.json')),
    ...(parsed.success ? crossFaults(parsed.output) : crossFaultsOfSound(input)),
  ];
  if (!parsed.success || faults.length > 0) throw new SettingsError(place, faults);
  return complete(parsed.output);
}

/** What fields mean together, of a file that is sound field by field. */
function crossFaults(file: WatchdogFile): string[] {
  return [
    ...clusterFaults(file.clusters.map((entry, index) => ({ entry, index }))),
    ...tellFaults(file.tell),
    ...overridesOf(file),
  ];
}

/** The same of a file with other faults: of those parts that are sound by themselves. */
function crossFaultsOfSound(input: unknown): string[] {
  const { clusters: clustersForm, tell: tellForm, overrides: overridesForm } = watchdogFile.pipe[0].entries;
  const told = v.safeParse(v.object({ tell: tellForm }), input);
  const listed = v.safeParse(v.object({ clusters: v.array(v.unknown()) }), input);
  const sound = (listed.success ? listed.output.clusters : []).flatMap((candidate, index) => {
    const one = v.safeParse(clustersForm.pipe[0].item, candidate);
    return one.success ? [{ entry: one.output, index }] : [];
  });
  // Of a cluster that has a fault, even the name may be wrong.
  const overridden = v.safeParse(v.object({ clusters: clustersForm, overrides: overridesForm }), input);
  return [
    ...clusterFaults(sound),
    ...(told.success ? tellFaults(told.output.tell) : []),
    ...(overridden.success ? overridesOf(overridden.output) : []),
  ];
}

function overridesOf({ clusters, overrides = [] }: Pick<WatchdogFile, 'clusters' | 'overrides'>): string[] {
  return overrideFaults(
    overrides,
    clusters.map(({ name }) => name),
    'overrides',
  );
}

function clusterFaults(sound: readonly { readonly entry: ClusterEntry; readonly index: number }[]): string[] {
  return [
    ...repeats(
      sound.map(({ entry, index }) => ({ place: `clusters[${index}].name`, value: entry.name })),
      'each cluster once',
    ),
    ...repeats(
      sound.flatMap(({ entry, index }) =>
        entry.urls.map((url, at) => ({ place: `clusters[${index}].urls[${at}]`, value: withoutSlash(url) })),
      ),
      'each worker once',
    ),
    ...sound.flatMap(({ entry, index }) => oneClusterFaults(entry, `clusters[${index}]`)),
  ];
}

function oneClusterFaults(entry: ClusterEntry, place: string): string[] {
  const { tls, kafka, urls, basic } = entry;
  return [
    ...tlsFaults(tls, `${place}.tls`),
    ...tlsFaults(kafka?.tls, `${place}.kafka.tls`),
    ...(tls !== undefined && !urls.some((url) => url.startsWith('https:'))
      ? [fault(`${place}.tls`, 'tls for http addresses', 'https addresses in urls, or no tls')]
      : []),
    ...(basic === undefined || basic.overHttp === true ? [] : plainTextFaults(entry, place)),
  ];
}

/** The addresses to which a password would go unprotected: it goes to every worker, by whichever of the two it is named. */
function plainTextFaults({ urls, advertised = {} }: ClusterEntry, place: string): string[] {
  const addresses = [
    ...urls.map((url, index) => [`urls[${index}]`, url] as const),
    ...Object.entries(advertised).map(([worker, url]) => [`advertised[${shown(worker)}]`, url] as const),
  ];
  return addresses.flatMap(([field, url]) =>
    url.startsWith('http:') && !isThisHost(url)
      ? [
          fault(
            `${place}.${field}`,
            `${shown(url)}, where a password would go in plain text`,
            'an https address, one of this host, or "overHttp": true in basic',
          ),
        ]
      : [],
  );
}

function tlsFaults(tls: TlsEntry | undefined, place: string): string[] {
  if (tls === undefined || (tls.certFile === undefined) === (tls.keyFile === undefined)) return [];
  const [missing, present] = tls.certFile === undefined ? ['certFile', 'keyFile'] : ['keyFile', 'certFile'];
  return [fault(`${place}.${missing}`, 'nothing', `a file, for there is a ${present}`)];
}

/** What fails and does not come back is told to somebody: that there is nobody must be said in as many words. */
function tellFaults({ topicArn, webhooks = [], logOnly }: WatchdogFile['tell']): string[] {
  const isAnybody = topicArn !== undefined || webhooks.length > 0;
  const expected = 'a topicArn, webhooks, or "logOnly": true where nobody but the log is told';
  return [
    ...(!isAnybody && logOnly === undefined ? [fault('tell', 'nobody', expected)] : []),
    ...(isAnybody && logOnly !== undefined
      ? [fault('tell.logOnly', 'true beside somebody who is told', 'one of the two')]
      : []),
    ...repeats(
      webhooks.map(({ urlEnv }, index) => ({ place: `tell.webhooks[${index}].urlEnv`, value: urlEnv })),
      'each webhook once',
    ),
  ];
}

function complete(file: WatchdogFile): WatchdogSettings {
  const { topicArn, webhooks = [] } = file.tell;
  return {
    name: file.name ?? watchdogDefaults.name,
    pollSeconds: file.pollSeconds ?? watchdogDefaults.pollSeconds,
    clusters: file.clusters.map(completeCluster),
    store: storeOf(file.store),
    tell: { ...(topicArn === undefined ? {} : { topicArn }), webhooks },
    listen: { host: file.listen?.host ?? watchdogDefaults.host, port: file.listen?.port ?? watchdogDefaults.port },
    recoveriesAtOnce: file.recoveriesAtOnce ?? watchdogDefaults.recoveriesAtOnce,
    breaker: {
      atLeast: file.breaker?.atLeast ?? clusterBreaker.atLeast,
      share: file.breaker?.share ?? clusterBreaker.share,
    },
    defaults: given(file.defaults ?? {}) as ConnectorWishes,
    overrides: (file.overrides ?? []).map((one) => given(one) as typeof one & ConnectorWishes),
  };
}

function completeCluster(entry: ClusterEntry): ClusterSettings {
  const { tls, basic, prometheus, kafka, workers } = entry;
  return {
    name: entry.name,
    urls: entry.urls.map(withoutSlash),
    ...(entry.link === undefined ? {} : { link: withoutSlash(entry.link) }),
    connectors: entry.connectors ?? watchdogDefaults.connectors,
    except: entry.except ?? [],
    advertised: Object.fromEntries(
      Object.entries(entry.advertised ?? {}).map(([worker, url]) => [worker, withoutSlash(url)]),
    ),
    ...(tls === undefined ? {} : { tls: given(tls) as TlsSettings }),
    ...(basic === undefined ? {} : { basic: { userEnv: basic.userEnv, passwordEnv: basic.passwordEnv } }),
    ...(prometheus === undefined ? {} : { prometheus: prometheusOf(prometheus) }),
    ...(kafka === undefined ? {} : { kafka: given(kafka) as KafkaSettings }),
    ...(workers === undefined
      ? {}
      : { workers: { replace: workers.replace, others: workers.others ?? watchdogDefaults.others } }),
    timeoutSeconds: entry.timeoutSeconds ?? watchdogDefaults.timeoutSeconds,
    offsetFlushSeconds: entry.offsetFlushSeconds ?? watchdogDefaults.offsetFlushSeconds,
  };
}

type TlsEntry = NonNullable<ClusterEntry['tls']>;

function prometheusOf(entry: NonNullable<ClusterEntry['prometheus']>): PrometheusSettings {
  return 'urls' in entry
    ? { urls: entry.urls }
    : { port: entry.port, path: entry.path ?? watchdogDefaults.prometheusPath };
}

function storeOf(entry: WatchdogFile['store']): StoreSettings {
  if ('folder' in entry) return { kind: 'folder', folder: entry.folder };
  const { bucket, prefix = '' } = entry;
  return { kind: 'bucket', bucket, prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/` };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

/** Without fields that are there and have no value, all the way down. */
function given(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [[key, given(inner)]])),
  );
}

function repeats(values: readonly { readonly place: string; readonly value: string }[], expected: string): string[] {
  const first = new Map<string, string>();
  return values.flatMap(({ place, value }) => {
    const earlier = first.get(value);
    if (earlier !== undefined) return [fault(place, `${shown(value)}, as in ${earlier}`, expected)];
    first.set(value, place);
    return [];
  });
}
