import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { buildApp } from '../../../infra/buildApp.ts';
import { DataPlaneError } from '../../../local/connect/dataPlane.ts';
import { scaledClock } from '../../../local/scaledClock.ts';
import { seededRandom } from '../../../local/seededRandom.ts';
import { startLocalAws } from '../../../local/stack/localAws.ts';
import { checkSettings, readSettings } from '../../../settings/read.ts';
import type { Settings } from '../../../settings/connectorSettings.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function deployed(settings: Settings, bundle?: string) {
  const outdir = mkdtempSync(join(tmpdir(), 'synthesized-'));
  buildApp(settings, { outdir, ...(bundle === undefined ? {} : { bundle }) }).synth();
  const clock = scaledClock({ factor: 60 });
  const aws = await startLocalAws({
    clock,
    random: seededRandom(1),
    dataPlane: () => ({
      start: async () => {
        throw new DataPlaneError('none', 'No connector runs here.');
      },
    }),
    logGroups: ['/msk-connect/shop'],
  });
  cleanups.push(
    () => aws.close(),
    () => clock.stop(),
    () => rmSync(outdir, { recursive: true, force: true }),
  );
  return { aws, stacks: await aws.deploy(outdir) };
}

describe('the stack that would be deployed', () => {
  it('runs here, with the bundle that was built: its sweep calls the function, and people hear of what is missing', async () => {
    const file = new URL('../../../connectors.json', import.meta.url);
    const { aws, stacks } = await deployed(readSettings(readFileSync(file, 'utf8'), 'connectors.json'));
    const [stack] = stacks;
    expect(aws.lambda.functions.map(({ name }) => name)).toEqual([stack?.outputs['FunctionName']]);
    // No connector exists in this account, and none was deleted by us.
    await vi.waitFor(
      () =>
        expect(aws.sns.inbox().map(({ subject }) => subject)).toContain(
          '[connector-recovery] orders-cdc: does not exist, and we did not delete it',
        ),
      { timeout: 15_000 },
    );
  });

  it('is several stacks for eighty connectors, each deployed after what it needs', async () => {
    const bundle = mkdtempSync(join(tmpdir(), 'bundle-'));
    cleanups.push(() => rmSync(bundle, { recursive: true, force: true }));
    writeFileSync(join(bundle, 'index.mjs'), 'export const handler = async () => "ok";\n');
    const connectors = Array.from({ length: 80 }, (_, index) => ({
      name: `cdc-${index}`,
      kind: 'mysql' as const,
      connectVersion: '3.7.x' as const,
      executionRoleArn: 'arn:aws:iam::111122223333:role/connect-execution',
      logGroup: '/msk-connect/shop',
      metrics: {
        debezium: {
          serverName: `shop-${index}`,
          publishes: ['Connected' as const, 'MilliSecondsSinceLastEvent' as const],
        },
      },
    }));
    const { aws, stacks } = await deployed(
      checkSettings(
        {
          notify: { emails: ['oncall@example.com'] },
          operators: ['arn:aws:iam::111122223333:role/oncall'],
          connectors,
        },
        'connectors.json',
      ),
      bundle,
    );
    expect(stacks.length).toBeGreaterThan(1);
    const { MetricAlarms } = await aws.cloudwatch.call('DescribeAlarms', {
      AlarmNamePrefix: 'connector-recovery/cdc-79/',
    });
    expect((MetricAlarms as unknown[]).length).toBeGreaterThan(0);
  });
});
