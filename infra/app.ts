import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { readSettings, SettingsError } from '../settings/read.ts';
import { buildApp } from './buildApp.ts';

/** What `cdk synth` and `cdk deploy` run. Another file than connectors.json: `-c connectors=FILE`. */
const asked: unknown = new App({ autoSynth: false }).node.tryGetContext('connectors');
const file = typeof asked === 'string' ? asked : 'connectors.json';
if (existsSync(file)) {
  synthesize(file);
} else {
  console.error(`${file} is not there. Name another file with -c connectors=FILE.`);
  process.exitCode = 1;
}

function synthesize(path: string): void {
  try {
    const app = buildApp(readSettings(readFileSync(path, 'utf8'), basename(path)));
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    app.synth();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
