import { S3Client } from '@aws-sdk/client-s3';
import { bucketObjects } from '../../store/objects.ts';
import { jsonRecorder } from '../../tell/jsonRecorder.ts';
import { awsClientSettings } from '../awsClientSettings.ts';
import { openTransport } from '../rest/transport.ts';
import { registerAll } from './register.ts';

/**
 * A process of its own beside a worker whose REST interface nobody else reaches: registers connectors whose files a person puts into a bucket, and
 * writes what became of them. The watchdog, which acts by itself, cannot create or delete a connector; this one acts on a person's files alone.
 */
const pollMs = 15_000;

const { REGISTRAR_URL: url, REGISTRAR_BUCKET: bucket } = process.env;
const { REGISTRAR_WANTED: wanted, REGISTRAR_REGISTERED: registered } = process.env;
if (url === undefined || bucket === undefined || wanted === undefined || registered === undefined) {
  throw new Error('REGISTRAR_URL, REGISTRAR_BUCKET, REGISTRAR_WANTED and REGISTRAR_REGISTERED have to be set.');
}
const { send } = openTransport();
const recorder = jsonRecorder({ process: 'registrar' });
const objects = bucketObjects(new S3Client(awsClientSettings), bucket);
const ports = { objects, send, url, now: () => new Date().toISOString(), recorder };

// Nothing is torn: whoever comes next finds what was begun in the record, and a change that Kafka Connect was asked for it carries out.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));

recorder.note('registrar.started', { bucket, wanted });
for (;;) {
  try {
    await registerAll(ports, { wanted, registered });
  } catch (error) {
    recorder.note('registrar.failed', { error });
  }
  await new Promise((resolve) => setTimeout(resolve, pollMs));
}
