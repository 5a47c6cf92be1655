import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkSelfManaged, readSelfManaged } from '../../settings/selfManagedDeploy.ts';
import { readWanted } from '../../watchdog/registrar/wanted.ts';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const page = read('docs/self-managed-deploy.md');

test('the connector that the page shows would be registered, by the secrets of the example that lies at hand', () => {
  const shown = /<!-- example: orders-cdc\.json -->\s+```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const result = readWanted('orders-cdc', shown);
  if ('faults' in result) throw new Error(result.faults.join('\n'));
  const named = Object.values(result.wanted.config).flatMap((value) =>
    [...value.matchAll(/\$\{env:(\w+)\}/g)].map(([, name = '']) => name),
  );
  const { secrets } = readSelfManaged(read('self-managed.json'), 'self-managed.json');
  expect([...new Set(named)].toSorted()).toEqual(
    [...Object.keys(secrets), 'BROKER_PASSWORD', 'BROKER_USERNAME'].toSorted(),
  );
});

test('the page says what holds where nothing is said', () => {
  const file = JSON.parse(read('self-managed.json')) as object;
  const { connect, restartsPerHour } = checkSelfManaged(file, 'self-managed.json');
  if (connect.image.kind !== 'debezium') throw new Error("Debezium's image was expected");
  expect(page).toContain(`quay.io/debezium/connect:${connect.image.version}`);
  expect(page).toContain(`\`scheduled.rebalance.max.delay.ms\` ${connect.rebalanceDelaySeconds} s in place of 300`);
  expect(page).toContain(`\`offset.flush.interval.ms\` ${connect.flushSeconds} s in place of 60`);
  expect(page).toContain(`120 s to stop, ${connect.shutdownSeconds} s of it`);
  expect(page).toContain(`\`restartsPerHour\`, ${restartsPerHour} by default`);
  expect(page).toContain('The sidecars get 544 MiB of the task');
});

test('what the page has people run, it has npm run: on Node 20 a TypeScript file does not run by node itself', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const commands = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = '']) => text).join('\n');
  expect(commands).not.toMatch(/^(.*[;&|] *)?node /m);
  const named = [...page.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
  expect(named).toEqual(expect.arrayContaining(['synth', 'deploy:self-managed', 'watchdog']));
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
