import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { SettingsError } from '../settings/faults.ts';
import { readSelfManaged } from '../settings/selfManagedDeploy.ts';
import { buildSelfManagedApp } from './buildSelfManagedApp.ts';

/** What `npm run synth` and `npm run deploy:self-managed` run for the second stack. Another file than self-managed.json: `-c selfManaged=FILE`. */
const asked: unknown = new App({ autoSynth: false }).node.tryGetContext('selfManaged');
const file = typeof asked === 'string' ? asked : 'self-managed.json';
if (existsSync(file)) {
  synthesize(file);
} else {
  console.error(`${file} is not there. Name another file with -c selfManaged=FILE.`);
  process.exitCode = 1;
}

function synthesize(path: string): void {
  try {
    const app = buildSelfManagedApp(readSelfManaged(readFileSync(path, 'utf8'), basename(path)));
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    app.synth();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
