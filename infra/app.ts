import { readSettings } from '../settings/read.ts';
import { buildApp } from './buildApp.ts';
import { synthesizeFile } from './synthesizeFile.ts';

/** What `npm run synth` and `npm run deploy` run for the stack on MSK Connect. */
synthesizeFile({
  context: 'connectors',
  usual: 'connectors.json',
  build: (text, name) => buildApp(readSettings(text, name)),
});
