import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { SettingsError } from '../settings/faults.ts';

/** Where an app finds its settings, and what it makes of them. */
export interface SynthesizedFile {
  /** The name by which `-c NAME=FILE` names another file. */
  readonly context: string;
  /** The file without that. */
  readonly usual: string;
  /** From its text and its name to the app. @throws SettingsError */
  readonly build: (text: string, name: string) => App;
}

/** Synthesizes the app of a settings file, checked by cdk-nag. Faults of the file are printed, and the exit code is 1. */
export function synthesizeFile({ context, usual, build }: SynthesizedFile): void {
  const asked: unknown = new App({ autoSynth: false }).node.tryGetContext(context);
  const file = typeof asked === 'string' ? asked : usual;
  if (!existsSync(file)) {
    console.error(`${file} is not there. Name another file with -c ${context}=FILE.`);
    process.exitCode = 1;
    return;
  }
  try {
    const app = build(readFileSync(file, 'utf8'), basename(file));
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    app.synth();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
