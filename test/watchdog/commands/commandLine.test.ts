import { describe, expect, it } from 'vitest';
import { checkWatchdogSettings } from '../../../settings/watchdogRead.ts';
import { readCommandLine } from '../../../watchdog/commands/commandLine.ts';
import type { Asked } from '../../../watchdog/commands/commandLine.ts';
import { readOrder } from '../../../watchdog/commands/readOrder.ts';
import { missingSecrets } from '../../../watchdog/secretsOf.ts';

describe('the command line', () => {
  it.each<[string, string[], Asked]>([
    ['watches', ['--settings', 'w.json'], { kind: 'watch', settings: 'w.json' }],
    ['takes the settings from a variable', ['--settings=env:W'], { kind: 'watch', settings: 'env:W' }],
    ['checks', ['check', '--settings', 'w.json'], { kind: 'check', settings: 'w.json' }],
    [
      'takes an order',
      ['order', '--settings', 'w.json', '{"do":"hold","who":"kim"}'],
      { kind: 'order', settings: 'w.json', order: { do: 'hold', who: 'kim' } },
    ],
    ['helps', ['--help'], { kind: 'help' }],
    ['helps, whatever else there is', ['order', '-h'], { kind: 'help' }],
    [
      'asks for settings',
      [],
      { kind: 'faulty', faults: ['--settings: found nothing, expected a watchdog.json, or env:NAME'] },
    ],
    [
      'does not know a word',
      ['restart', '--settings', 'x'],
      { kind: 'faulty', faults: ['found "restart", expected nothing, order or check'] },
    ],
    [
      'does not repeat an order that is no JSON',
      ['order', '--settings', 'x', '{secret'],
      {
        kind: 'faulty',
        faults: [
          `found an order that is no JSON object, expected one order in JSON, such as '{"connector":"shop/orders","do":"hold","who":"you"}'`,
        ],
      },
    ],
    [
      'says both faults at once',
      ['order'],
      {
        kind: 'faulty',
        faults: [
          '--settings: found nothing, expected a watchdog.json, or env:NAME',
          `found 0 orders, expected one order in JSON, such as '{"connector":"shop/orders","do":"hold","who":"you"}'`,
        ],
      },
    ],
  ])('%s', (_title, args, asked) => {
    expect(readCommandLine(args)).toEqual(asked);
  });

  it('does not know an option', () => {
    expect(readCommandLine(['--poll', '5'])).toMatchObject({ kind: 'faulty' });
  });
});

const settings = checkWatchdogSettings(
  {
    clusters: [
      {
        name: 'shop',
        urls: ['https://connect:8083'],
        connectors: ['or*'],
        except: ['orders-test'],
        basic: { userEnv: 'USER_OF_CONNECT', passwordEnv: 'PASSWORD_OF_CONNECT' },
      },
    ],
    store: { folder: 'store' },
    tell: { webhooks: [{ urlEnv: 'HOOK', format: 'json' }] },
  },
  'watchdog.json',
);

describe('an order', () => {
  it.each<[string, Record<string, unknown>, unknown]>([
    [
      'holds a connector',
      { connector: 'shop/orders', do: 'hold', who: 'kim', why: 'migration' },
      { kind: 'command', command: { connector: 'shop/orders', do: 'hold', who: 'kim', why: 'migration' } },
    ],
    ['releases all', { do: 'release', who: 'kim' }, { kind: 'stack-command', command: { do: 'release', who: 'kim' } }],
    [
      'restarts',
      { connector: 'shop/orders', remedy: 'stop-and-resume', who: 'kim' },
      {
        kind: 'look',
        trigger: { kind: 'person', connector: 'shop/orders', who: 'kim', remedy: 'stop-and-resume', dryRun: false },
      },
    ],
    [
      'looks without touching',
      { connector: 'shop/orders', dryRun: true },
      { kind: 'look', trigger: { kind: 'person', connector: 'shop/orders', who: 'somebody', dryRun: true } },
    ],
    [
      'is rejected for a connector that is not looked after',
      { connector: 'shop/orders-test', do: 'hold', who: 'kim' },
      {
        kind: 'rejected',
        faults: [
          'connector: "shop/orders-test" is not looked after; expected <cluster>/<connector> of shop, by the patterns of the settings',
        ],
      },
    ],
    [
      'is rejected for a cluster that nobody named',
      { connector: 'bank/orders', remedy: 'restart', who: 'kim' },
      { kind: 'rejected', faults: ['connector: "bank/orders"; expected <cluster>/<connector> of shop'] },
    ],
    [
      'is rejected where it would delete',
      { connector: 'shop/orders', remedy: 'recreate', who: 'kim' },
      {
        kind: 'rejected',
        faults: ['remedy: "recreate"; expected restart-failed-tasks, restart, stop-and-resume or replace-worker'],
      },
    ],
    [
      'is rejected where it approves a deletion',
      { connector: 'shop/orders', do: 'approve', who: 'kim' },
      {
        kind: 'rejected',
        faults: ['do: "approve"; expected call-off, hold or release: nothing is deleted or saved here'],
      },
    ],
    [
      'is rejected where it orders nothing',
      {},
      {
        kind: 'rejected',
        faults: [
          'do: nothing; expected call-off, hold or release, or a remedy, or dryRun, in its place',
          'who: nothing; expected who you are',
        ],
      },
    ],
    [
      'is rejected with what only an approval has',
      { connector: 'shop/orders', do: 'hold', who: 'kim', arn: 'x', force: true },
      { kind: 'rejected', faults: ['unknown (keys: force, arn); expected connector, do, who, why'] },
    ],
    [
      'is rejected without a name, and with a field that nobody knows',
      { connector: 'shop/orders', remedy: 'restart', force: true },
      {
        kind: 'rejected',
        faults: [
          'who: nothing; expected who you are',
          'unknown (keys: force); expected connector, remedy, who, dryRun',
        ],
      },
    ],
  ])('%s', (_title, order, read) => {
    expect(readOrder(order, settings)).toEqual(read);
  });
});

it('every variable that is not set is named, and no value of one that is', () => {
  expect(missingSecrets(settings, { USER_OF_CONNECT: 'kim', HOOK: 'geheim' })).toEqual([
    'clusters[0].basic.passwordEnv: the environment variable PASSWORD_OF_CONNECT is not set',
    'tell.webhooks[0].urlEnv: the environment variable HOOK holds no http or https address',
  ]);
});
