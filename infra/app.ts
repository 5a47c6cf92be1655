import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { readSettings, SettingsError } from '../settings/read.ts';
import { buildApp } from './buildApp.ts';

/** What `cdk synth` and `cdk deploy` run. Another file than connectors.json: `-c connectors=FILE`. */
const asked: unknown = new App().node.tryGetContext('connectors');
const file = typeof asked === 'string' ? asked : 'connectors.json';
try {
  const app = buildApp(readSettings(readFileSync(file, 'utf8'), basename(file)));
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
