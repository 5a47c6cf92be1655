import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SettingsError } from '../../settings/faults.ts';
import { overrideFaults } from '../../settings/overrideFaults.ts';
import { fitsAny } from '../../settings/patterns.ts';
import { isLookedAfter, policyOf } from '../../settings/watchdogPolicy.ts';
import { checkWatchdogSettings, readWatchdogSettings } from '../../settings/watchdogRead.ts';

const least = {
  clusters: [{ name: 'shop', urls: ['http://localhost:8083/'] }],
  store: { folder: '/var/lib/watchdog' },
  tell: { logOnly: true },
};

function faultsOf(input: unknown): readonly string[] {
  try {
    checkWatchdogSettings(input, 'watchdog.json');
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

/** The least file, with this in its first cluster. */
function withCluster(more: Readonly<Record<string, unknown>>): unknown {
  return { ...least, clusters: [{ ...least.clusters[0], ...more }] };
}

it('the least that a watchdog.json needs gets every default', () => {
  expect(checkWatchdogSettings(least, 'watchdog.json')).toEqual({
    name: 'connector-watchdog',
    pollSeconds: 10,
    clusters: [
      {
        name: 'shop',
        urls: ['http://localhost:8083'],
        connectors: ['*'],
        except: [],
        advertised: {},
        timeoutSeconds: 5,
        offsetFlushSeconds: 60,
      },
    ],
    store: { kind: 'folder', folder: '/var/lib/watchdog' },
    tell: { webhooks: [] },
    listen: { host: '127.0.0.1', port: 8089 },
    recoveriesAtOnce: 20,
    breaker: { atLeast: 3, share: 0.5 },
    defaults: {},
    overrides: [],
  });
});

it.each(['docs/watchdog.example.json', 'compose/watchdog.json'])('%s has no fault', (file) => {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  expect(readWatchdogSettings(text, file).clusters.length).toBeGreaterThan(0);
});

describe('a fault names its place, what was found and what was expected:', () => {
  it.each<[string, unknown, string[]]>([
    ['a list in place of an object', [], ['the file: found a list of 0, expected an object']],
    [
      'nothing at all',
      {},
      [
        'clusters: found nothing, expected a value',
        'store: found nothing, expected a value',
        'tell: found nothing, expected a value',
      ],
    ],
    [
      'a store that is neither',
      { ...least, store: {} },
      ['store: found neither folder nor bucket, expected one of folder, bucket'],
    ],
    [
      'a store that is both',
      { ...least, store: { folder: '/a', bucket: 'watch' } },
      ['store: found both bucket and folder, expected one of bucket, folder'],
    ],
    [
      'a store whose folder is a number',
      { ...least, store: { folder: 5 } },
      ['store.folder: found 5, expected a text'],
    ],
    [
      'a store with a field that neither has',
      { ...least, store: { bukket: 'watch' } },
      [
        'store: found neither folder nor bucket, expected one of folder, bucket',
        'store.bukket: found an unknown field, expected only the fields that watchdog.schema.json lists',
      ],
    ],
    ['a file that is a password', 'geheim', ['the file: found "geheim", expected an object']],
    [
      'a cluster twice, and a worker twice',
      {
        ...least,
        clusters: [
          { name: 'shop', urls: ['http://a:8083'] },
          { name: 'shop', urls: ['http://a:8083/'] },
        ],
      },
      [
        'clusters[1].name: found "shop", as in clusters[0].name, expected each cluster once',
        'clusters[1].urls[0]: found "http://a:8083", as in clusters[0].urls[0], expected each worker once',
      ],
    ],
    [
      'an unknown field, whose value may be a secret',
      { ...least, password: 'geheim' },
      ['password: found an unknown field, expected only the fields that watchdog.schema.json lists'],
    ],
    [
      'a password that would go in plain text',
      withCluster({ urls: ['http://connect:8083'], basic: { userEnv: 'U', passwordEnv: 'P' } }),
      [
        'clusters[0].urls[0]: found "http://connect:8083", where a password would go in plain text, expected an https address, one of this host, or "overHttp": true in basic',
      ],
    ],
    [
      'a password that would go in plain text to the address that a worker is given',
      withCluster({
        urls: ['https://connect:8083'],
        advertised: { 'connect-2:8083': 'http://10.0.0.2:8083', 'connect-3:8083': 'http://127.0.0.1:8083' },
        basic: { userEnv: 'U', passwordEnv: 'P' },
      }),
      [
        'clusters[0].advertised["connect-2:8083"]: found "http://10.0.0.2:8083", where a password would go in plain text, expected an https address, one of this host, or "overHttp": true in basic',
      ],
    ],
    [
      'half of a certificate, and a TLS that nothing uses',
      withCluster({ tls: { certFile: 'a.pem' } }),
      [
        'clusters[0].tls.keyFile: found nothing, expected a file, for there is a certFile',
        'clusters[0].tls: found tls for http addresses, expected https addresses in urls, or no tls',
      ],
    ],
    [
      'nobody who is told',
      { ...least, tell: {} },
      ['tell: found nobody, expected a topicArn, webhooks, or "logOnly": true where nobody but the log is told'],
    ],
    [
      'somebody who is told though nobody is',
      { ...least, tell: { logOnly: true, webhooks: [{ urlEnv: 'HOOK', format: 'json' }] } },
      ['tell.logOnly: found true beside somebody who is told, expected one of the two'],
    ],
    [
      'a poll of no time, and faults elsewhere too',
      { ...least, pollSeconds: 0, listen: { port: 70_000 }, tell: {} },
      [
        'pollSeconds: found 0, expected a number of at least 1',
        'listen.port: found 70000, expected a number of at most 65535',
        'tell: found nobody, expected a topicArn, webhooks, or "logOnly": true where nobody but the log is told',
      ],
    ],
    [
      'a webhook in the file itself',
      { ...least, tell: { webhooks: [{ url: 'https://hooks.slack.com/services/geheim', format: 'slack' }] } },
      [
        'tell.webhooks[0].urlEnv: found nothing, expected a value',
        'tell.webhooks[0].url: found an unknown field, expected only the fields that watchdog.schema.json lists',
      ],
    ],
    [
      'an override for a cluster that there is not',
      {
        ...least,
        clusters: [...least.clusters, { name: 'bank', urls: ['http://localhost:8084'] }],
        overrides: [
          { connectors: ['shop/*', 'nobody/*'], kind: 'sink' },
          { connectors: ['orders'], kind: 'sink' },
        ],
      },
      [
        'overrides[0].connectors[1]: found "nobody/*", expected <cluster>/<connector> of a cluster that there is: shop, bank',
        'overrides[1].connectors[0]: found "orders", expected <cluster>/<connector> of a cluster that there is: shop, bank',
      ],
    ],
    [
      'the same beside faults elsewhere, where the clusters are sound',
      { ...least, pollSeconds: 0, overrides: [{ connectors: ['nobody/*'], kind: 'sink' }] },
      [
        'pollSeconds: found 0, expected a number of at least 1',
        'overrides[0].connectors[0]: found "nobody/*", expected <cluster>/<connector> of a cluster that there is: shop',
      ],
    ],
    [
      'an override of a cluster whose name is refused, which is no fault of the override',
      {
        ...least,
        clusters: [{ name: 'Shop', urls: ['http://localhost:8083'] }],
        overrides: [{ connectors: ['Shop/*'], kind: 'sink' }],
      },
      ['clusters[0].name: found "Shop", expected 1 to 63 small letters, digits or hyphens, no hyphen at either end'],
    ],
    [
      'a remedy that deletes',
      { ...least, defaults: { remedies: ['recreate'] } },
      [
        'defaults.remedies[0]: found "recreate", expected "restart-failed-tasks" or "restart" or "stop-and-resume" or "replace-worker"',
      ],
    ],
  ])('%s', (_title, input, faults) => {
    expect(faultsOf(input)).toEqual(faults);
  });

  it('no JSON, of which nothing is repeated', () => {
    expect(() => readWatchdogSettings('{"password": geheim', 'w.json')).toThrow(
      /^w\.json has 1 fault:\n {2}(line 1 column \d+|the file): found something that is not JSON, expected a JSON object$/,
    );
  });
});

describe('the pattern of an override', () => {
  it.each<[string, boolean]>([
    ['*', true],
    ['shop/orders', true],
    ['shop/*', true],
    ['*/orders', true],
    ['*-cdc', true],
    ['sh*', true],
    ['sh*rders', true],
    ['*hop/*-cdc', true],
    ['s*p/orders', true],
    ['*shop/*', true],
    ['nobody/*', false],
    ['orders', false],
    ['shop', false],
    ['shop/', false],
    ['*p/', true],
    ['shop-2/*', false],
    ['shops*', false],
    ['SHOP/*', false],
    ['', false],
  ])('%j may fit a connector of shop: %s', (pattern, fits) => {
    const faults = overrideFaults([{ connectors: [pattern] }], ['shop'], 'overrides');
    expect(faults.length === 0).toBe(fits);
  });
});

describe('a pattern', () => {
  it.each<[string, string, boolean]>([
    ['*', '', true],
    ['*', 'orders', true],
    ['orders', 'orders', true],
    ['orders', 'orders-cdc', false],
    ['orders*', 'orders', true],
    ['*-cdc', 'orders-cdc', true],
    ['*-cdc', 'orders-cdc-2', false],
    ['or*rs', 'orders', true],
    ['or*rs', 'ors', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['a.c', 'abc', false],
    ['**', 'x', true],
    ['*a*a*', 'a', false],
  ])('%s and %s: %s', (pattern, name, fits) => {
    expect(fitsAny(name, [pattern])).toBe(fits);
  });

  it('that is named to be left out wins', () => {
    const [cluster] = checkWatchdogSettings(withCluster({ connectors: ['orders*'], except: ['*-test'] }), 'w').clusters;
    expect(['orders-cdc', 'orders-test', 'customers'].map((name) => cluster && isLookedAfter(name, cluster))).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('the policy of a connector', () => {
  const policy = (
    file: Readonly<Record<string, unknown>>,
    seen: Partial<Parameters<typeof policyOf>[2]> = {},
    cluster: Readonly<Record<string, unknown>> = {},
  ) => {
    const settings = checkWatchdogSettings({ ...(withCluster(cluster) as object), ...file }, 'w');
    const [own] = settings.clusters;
    if (own === undefined) throw new Error('There is a cluster.');
    return policyOf(settings, own, {
      name: 'orders',
      kind: 'mysql',
      connectVersion: '3.7.1',
      connectorsOfCluster: 1,
      ...seen,
    });
  };

  it('is that of a self-managed Kafka Connect', () => {
    expect(policy({})).toEqual({
      connector: 'shop/orders',
      kind: 'mysql',
      platform: 'self-managed',
      connectVersion: '3.7.1',
      remedies: ['restart-failed-tasks', 'restart', 'stop-and-resume'],
      evidence: { livelySeconds: 120, missedBeats: 3, flushSeconds: 60, learnQuiet: false },
      waits: {
        pollSeconds: 10,
        restartSeconds: 120,
        deleteSeconds: 1200,
        createSeconds: 2700,
        verifySeconds: 180,
        healSeconds: 110,
        outOfReachSeconds: 900,
      },
      limits: {
        restartsPerRecovery: 1,
        recreationsPerRecovery: 1,
        recoveriesPerDay: 10,
        cooldownSeconds: 120,
        backOffSeconds: [120, 360, 720, 1200, 1800, 2520, 3360],
      },
      offsets: 'must-survive',
      drift: 'refuse',
      deletions: 'by-itself',
      sweepSeenWithinSeconds: 300,
    });
  });

  it.each<[string, string, readonly string[]]>([
    ['without a restart of all in one call', '2.7.1', ['restart-failed-tasks', 'restart']],
    ['before stop and resume', '3.4.0', ['restart-failed-tasks', 'restart']],
    ['from then on', '3.5.0', ['restart-failed-tasks', 'restart', 'stop-and-resume']],
    ["of Confluent's count", '7.5.0-ccs', ['restart-failed-tasks', 'restart', 'stop-and-resume']],
    ["of Confluent's count, before", '7.4.1-ccs', ['restart-failed-tasks', 'restart']],
    ['after ZooKeeper', '4.1.0', ['restart-failed-tasks', 'restart', 'stop-and-resume']],
  ])('has the remedies that its version %s (%s) knows', (_title, connectVersion, remedies) => {
    expect(policy({}, { connectVersion }).remedies).toEqual(remedies);
  });

  it('replaces workers where somebody said how, and interrupts others only where he said so', () => {
    const replace = { kind: 'ecs', cluster: 'c', service: 's' };
    const bare = policy({}, {}, { workers: { replace } });
    expect(bare.remedies.at(-1)).toBe('replace-worker');
    expect(bare.workers).toEqual({ others: 'must-be-none' });
    const rough = policy({}, {}, { workers: { replace, others: 'may-be-interrupted' } });
    expect(rough.workers).toEqual({ others: 'may-be-interrupted' });
  });

  it('counts life by the flush interval, and never by less than three polls', () => {
    expect(policy({}, {}, { offsetFlushSeconds: 10 }).evidence).toMatchObject({ livelySeconds: 30, flushSeconds: 10 });
    expect(policy({ pollSeconds: 1 }, {}, { offsetFlushSeconds: 10 }).evidence.livelySeconds).toBe(20);
    expect(policy({ pollSeconds: 60 }, {}, { offsetFlushSeconds: 10 }).evidence.livelySeconds).toBe(180);
  });

  it('takes the defaults of the file, and over them each override that fits, the later one last', () => {
    const file = {
      defaults: { waits: { healSeconds: 20, verifySeconds: 99 }, kind: 'postgresql' },
      clusters: [...least.clusters, { name: 'bank', urls: ['http://localhost:8084'] }],
      overrides: [
        { connectors: ['shop/*'], waits: { healSeconds: 30 }, limits: { recoveriesPerDay: 2 } },
        { connectors: ['shop/ord*'], waits: { healSeconds: 40 } },
        { connectors: ['bank/*'], waits: { healSeconds: 50 } },
      ],
    };
    const found = policy(file);
    expect(found.kind).toBe('postgresql');
    expect(found.waits).toMatchObject({ healSeconds: 40, verifySeconds: 99, restartSeconds: 120 });
    expect(found.limits).toMatchObject({ recoveriesPerDay: 2, restartsPerRecovery: 1 });
  });

  it('has a breaker where its cluster has enough connectors for one', () => {
    expect(policy({}, { connectorsOfCluster: 2 }).breaker).toBeUndefined();
    expect(policy({}, { connectorsOfCluster: 3 }).breaker).toEqual({ atLeast: 3, share: 0.5, probe: 'restart' });
    expect(policy({ breaker: { atLeast: 2, share: 0.9 } }, { connectorsOfCluster: 2 }).breaker).toEqual({
      atLeast: 2,
      share: 0.9,
      probe: 'restart',
    });
  });
});
