import { readSelfManaged } from '../settings/selfManagedDeploy.ts';
import { buildSelfManagedApp } from './buildSelfManagedApp.ts';
import { synthesizeFile } from './synthesizeFile.ts';

/** What `npm run synth` and `npm run deploy:self-managed` run for the stack with a Kafka Connect of one's own. */
synthesizeFile({
  context: 'selfManaged',
  usual: 'self-managed.json',
  build: (text, name) => buildSelfManagedApp(readSelfManaged(text, name)),
});
