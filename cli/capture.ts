import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createClients } from '../lambda/clients.ts';
import { environment } from '../settings/environment.ts';
import { captureConnectors } from './captureConnectors.ts';

const usage = `npm run capture -- NAME... [options]

Reads live connectors with your own AWS credentials, stores their create requests in S3 and fills their entries in connectors.json.

  --all               every connector of the account and Region
  --connectors FILE   the file to fill (connectors.json)
  --bucket BUCKET     the stack's bucket, its output BucketName (default: $${environment.bucket})
  --overwrite         replace a saved config that differs from the live connector, and store one that is not RUNNING
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      connectors: { type: 'string', default: 'connectors.json' },
      bucket: { type: 'string' },
      overwrite: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || (positionals.length === 0) !== values.all) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  const file = values.connectors;
  const text = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  const bucket = values.bucket ?? process.env[environment.bucket];
  const captured = await captureConnectors(
    {
      names: positionals,
      all: values.all,
      overwrite: values.overwrite,
      ...(bucket === undefined ? {} : { bucket }),
      ...(text === undefined ? {} : { text }),
    },
    createClients(),
  );
  if (captured.text !== undefined && captured.text !== text) writeFileSync(file, captured.text);
  for (const line of captured.lines) console.log(line);
  return captured.complete ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
