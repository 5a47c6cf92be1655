import { App, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ConnectorRecovery } from '../../infra/connectorRecovery.ts';
import { SettingsError } from '../../settings/read.ts';
import { appFor, fullSource, sink } from './synthesized.ts';

const bundle = mkdtempSync(join(tmpdir(), 'bundle-'));
writeFileSync(join(bundle, 'index.mjs'), 'export const handler = () => {};\n');
afterAll(() => rmSync(bundle, { recursive: true }));

test("it works in a CDK app of one's own, from the content of connectors.json", () => {
  const stack = new Stack(new App(), 'Shop');
  const recovery = new ConnectorRecovery(stack, 'Recovery', {
    settings: { notify: { emails: ['oncall@example.com'] }, connectors: [fullSource()] },
    bundle,
  });
  expect(recovery.settings.connectors.map(({ name }) => name)).toEqual(['orders-cdc']);
  Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Alarm', 7 + 4);
});

test('settings that are not in order are refused before anything is built', () => {
  const stack = new Stack(new App(), 'Shop');
  expect(() => new ConnectorRecovery(stack, 'Recovery', { settings: { connectors: [{ name: 'a' }] }, bundle })).toThrow(
    SettingsError,
  );
});

test("cdk-nag's AwsSolutions has nothing to say that is not answered", () => {
  const app = appFor({
    notify: { emails: ['oncall@example.com'] },
    connectors: [
      fullSource({ preventiveRestart: { schedule: 'rate(7 days)' } }),
      sink({ savedConfig: { bucket: 'our-configs', key: 'connect/search.json' }, logGroup: '/msk-connect/search' }),
    ],
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  expect(() => app.synth()).not.toThrow();
});
