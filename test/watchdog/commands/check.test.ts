import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ClusterSettings } from '../../../settings/watchdogSettings.ts';
import { tryReplacer } from '../../../watchdog/acts/replaceWorker.ts';
import { check } from '../../../watchdog/commands/check.ts';
import { brokersOf } from '../../../watchdog/round/consumerGroups.ts';
import { WatchdogWorld } from '../watchdogWorld.ts';

const folder = mkdtempSync(join(tmpdir(), 'check-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a check says of a cluster with one source, `orders`. */
async function checked(own: Partial<ClusterSettings>, kafka: () => Promise<number> = async () => 3) {
  const world = new WatchdogWorld();
  world.add('orders');
  const { parts } = world.parts('check');
  const [shop] = parts.settings.clusters;
  if (shop === undefined) throw new Error('there is a cluster');
  const found = check(
    { ...parts.settings, clusters: [{ ...shop, ...own }] },
    {
      store: async () => parts.objects,
      cluster: () => parts.clusters[0] ?? never(),
      kafka,
      replacer: (replace) => tryReplacer(replace, { send: never }),
      now: () => world.now(),
    },
  );
  await world.pass(60);
  return found;
}

function never(): never {
  throw new Error('It is not asked.');
}

describe('a check tries everything that the settings name', () => {
  const kafka = { bootstrapServers: ['kafka-1:9092'] };
  const replacedBy = (...command: string[]) =>
    ({
      workers: { replace: { kind: 'command', command }, others: 'must-be-none' },
    }) as const;
  const mere = join(folder, 'mere.txt');
  writeFileSync(mere, 'x', { mode: 0o600 });

  it.each<[string, Partial<ClusterSettings>, boolean, string]>([
    ['the connectors', {}, true, 'Cluster shop: 1 connector is looked after (seen by '],
    ['their tasks', {}, true, '  connector orders: RUNNING, 1 task; offsets: '],
    ['Kafka, though there is no sink', { kafka }, true, '  Kafka kafka-1:9092: answers, 3 brokers'],
    [
      'a pattern that fits nothing',
      { connectors: ['or*', 'stock-*'] },
      false,
      '  connectors "stock-*": fits no connector that is looked after',
    ],
    [
      'a program',
      replacedBy(process.execPath, '{worker}'),
      true,
      `  workers are replaced by ${process.execPath}: there, and may be run`,
    ],
    [
      'a program of the PATH',
      replacedBy('sh', '-c', 'true'),
      true,
      '  workers are replaced by sh: there, and may be run',
    ],
    [
      'a program that is not there',
      replacedBy('/nope/replace'),
      false,
      '  workers are replaced by /nope/replace: no program of that name that may be run',
    ],
    [
      'a file that is no program',
      replacedBy(mere),
      false,
      `  workers are replaced by ${mere}: no program of that name that may be run`,
    ],
    [
      'a folder, which is no program',
      replacedBy(folder),
      false,
      `  workers are replaced by ${folder}: no program of that name that may be run`,
    ],
  ])('%s', async (_what, own, well, line) => {
    const found = await checked(own);
    expect(found.lines.join('\n')).toContain(line);
    expect(found.well).toBe(well);
  });

  it('Kafka, which does not answer', async () => {
    const found = await checked({ kafka: { bootstrapServers: ['127.0.0.1:1'] } }, () =>
      brokersOf({ bootstrapServers: ['127.0.0.1:1'] }),
    );
    expect(found.lines.join('\n')).toMatch(/^ {2}Kafka 127\.0\.0\.1:1: Kafka: .*127\.0\.0\.1:1/m);
    expect(found.well).toBe(false);
  });
});

describe('the service whose tasks are the workers', () => {
  const replace = { kind: 'ecs', cluster: 'connect', service: 'workers' } as const;
  const failing = Object.assign(new Error('Service not found.'), { name: 'ServiceNotFoundException' });

  it.each<[string, readonly unknown[] | Error, boolean, string]>([
    [
      'has tasks',
      [{ taskArns: ['a', 'b'] }, { tasks: [{}, {}] }],
      true,
      'service workers of ECS cluster connect: 2 running',
    ],
    ['has none', [{ taskArns: [] }], false, 'service workers of ECS cluster connect: 0 running'],
    [
      'is not there',
      failing,
      false,
      'service workers of ECS cluster connect: ServiceNotFoundException: Service not found.',
    ],
  ])('%s', async (_what, answers, well, said) => {
    const left = answers instanceof Error ? [] : [...answers];
    const send = async () => {
      if (answers instanceof Error) throw answers;
      return left.shift() as never;
    };
    expect(await tryReplacer(replace, { send })).toEqual({ well, said });
  });
});
