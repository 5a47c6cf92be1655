import { describe, expect, it } from 'vitest';
import { checkWatchdogSettings } from '../../../settings/watchdogRead.ts';
import { carryOut } from '../../../watchdog/commands/order.ts';
import { clustersFor, missingFor, notifierFor } from '../../../watchdog/commands/orderParts.ts';
import { curable, WatchdogWorld } from '../watchdogWorld.ts';

/** Two clusters with passwords, and a webhook whose address is a secret. */
const settings = checkWatchdogSettings(
  {
    clusters: ['shop', 'bank'].map((name) => ({
      name,
      urls: [`https://${name}:8083`],
      tls: { caFile: '/nowhere/ca.pem' },
      basic: { userEnv: `${name.toUpperCase()}_USER`, passwordEnv: `${name.toUpperCase()}_PASSWORD` },
    })),
    store: { folder: 'memory' },
    tell: { webhooks: [{ urlEnv: 'HOOK', format: 'slack' }] },
  },
  'watchdog.json',
);

const hold = { kind: 'command', command: { connector: 'shop/orders', do: 'hold', who: 'kim' } } as const;
const release = { kind: 'command', command: { connector: 'shop/orders', do: 'release', who: 'kim' } } as const;
const callOff = { kind: 'command', command: { connector: 'shop/orders', do: 'call-off', who: 'kim' } } as const;
const everything = { kind: 'stack-command', command: { do: 'hold', who: 'kim' } } as const;
const look = {
  kind: 'look',
  trigger: { kind: 'person', connector: 'shop/orders', who: 'kim', remedy: 'restart', dryRun: false },
} as const;

describe('an order needs only the secrets that it uses', () => {
  it.each([
    ['a hold', hold, []],
    ['a release', release, []],
    ['a call-off', callOff, []],
    ['a hold of everything', everything, []],
    [
      'a restart: those of its own cluster',
      look,
      [
        'clusters[0].basic.userEnv: the environment variable SHOP_USER is not set',
        'clusters[0].basic.passwordEnv: the environment variable SHOP_PASSWORD is not set',
      ],
    ],
  ])('%s', (_what, order, missing) => {
    expect(missingFor(order, settings, {})).toEqual(missing);
  });

  const set = { SHOP_USER: 'kim', SHOP_PASSWORD: 'geheim' };
  it.each([
    ['a release opens no cluster', release, set, []],
    ['a hold opens its own, to see whether there is such a connector', hold, set, ['shop']],
    ['a hold without its credentials asks nobody', hold, {}, []],
    ['a call-off opens its own, for what is under way is to be settled', callOff, set, ['shop']],
    ['a call-off without its credentials is left to the watchdog that runs', callOff, {}, []],
    ['a restart opens its own', look, set, ['shop']],
  ])('%s', (_what, order, environment, opened) => {
    const world = new WatchdogWorld();
    const { clock } = world.parts('person').parts;
    const asked: string[] = [];
    const clusters = clustersFor(order, settings, {
      clock,
      environment,
      open: (own) => {
        asked.push(own.name);
        return clustersFor(release, settings, { clock, environment, open: () => never() })[0] ?? never();
      },
    });
    expect(clusters.map(({ name }) => name)).toEqual(['shop', 'bank']);
    expect(asked).toEqual(opened);
  });
});

it.each([
  ['a hold', hold],
  ['a call-off', callOff],
])('%s does without a cluster whose certificate is not there', (_what, order) => {
  const { clock } = new WatchdogWorld().parts('person').parts;
  const environment = { SHOP_USER: 'kim', SHOP_PASSWORD: 'geheim' };
  const clusters = clustersFor(order, settings, { clock, environment, open: () => never() });
  expect(clusters.map(({ name }) => name)).toEqual(['shop', 'bank']);
  expect(() => clustersFor(look, settings, { clock, environment, open: () => never() })).toThrow('It is not opened.');
});

describe('an order that is given without any secret', () => {
  /** A watchdog that runs, and a person elsewhere who has the store only. */
  async function ordered(order: Parameters<typeof carryOut>[0]) {
    const world = new WatchdogWorld();
    world.add('orders');
    world.start();
    await world.pass(300);
    const { parts } = world.parts('person');
    const clusters = clustersFor(order, settings, { clock: parts.clock, environment: {}, open: () => never() });
    const notifier = notifierFor(settings, {}, () => never());
    const done = carryOut(order, { ...parts, clusters, notifier });
    await world.pass(100);
    return { world, done: await done };
  }

  it('holds a connector, and others hear of it from the watchdog that runs', async () => {
    const { world, done } = await ordered(hold);
    expect(done).toEqual({ well: true, said: 'Held: no restart until somebody releases it.' });
    world.connect.failTask('orders', 0, curable);
    await world.pass(900);
    expect(world.asked).toEqual([]);
    expect(world.subjects).toContain('shop/orders: held: no restarts, by kim');
    expect(world.subjects).toContain('shop/orders: dead, and held: not touched');
  });

  it.each([
    ['release', 'There is no hold on every connector.'],
    ['hold', 'Every connector is held: no restart until somebody releases it.'],
  ] as const)('says of a %s of every connector what came of it, in words that fit here', async (deed, said) => {
    const { done } = await ordered({ kind: 'stack-command', command: { do: deed, who: 'kim' } });
    expect(done.said.startsWith(said)).toBe(true);
  });

  it('holds every connector, and others hear of it once from the watchdog that runs', async () => {
    const { world, done } = await ordered(everything);
    expect(done).toMatchObject({
      well: true,
      said: expect.stringContaining(
        'tell.webhooks[0].urlEnv: the environment variable HOOK is not set: the watchdog that runs tells others',
      ),
    });
    expect(done.said).toMatch(/^Every connector is held: no restart until somebody releases it\. Others/);
    await world.pass(600);
    expect(world.told[0]?.text).not.toMatch(/stack|delet/);
    expect(world.subjects).toEqual(['ALL CONNECTORS: held: no restarts, by kim']);
  });
});

function never(): never {
  throw new Error('It is not opened.');
}
