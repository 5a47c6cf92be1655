/**
 * Synthesizes a stack in a process of its own: the CDK holds its process up for seconds, and a screen that does not hear Ctrl+C meanwhile is no use.
 */
import { readSettings } from '../../settings/read.ts';
import { buildApp } from '../../infra/buildApp.ts';
import { actOn, tell } from '../../local/actors/ownProcess.ts';

export interface ToSynth {
  readonly kind: 'synth';
  /** `connectors.json`. */
  readonly text: string;
  readonly outdir: string;
}

export type FromSynth =
  { readonly kind: 'synthesized'; readonly stackName: string } | { readonly kind: 'failed'; readonly reason: string };

actOn((message) => {
  const { text, outdir } = message as ToSynth;
  const settings = readSettings(text, 'connectors.json');
  buildApp(settings, { outdir }).synth();
  tell({ kind: 'synthesized', stackName: settings.stackName } satisfies FromSynth);
  return Promise.resolve();
});
