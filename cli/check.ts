import { IAMClient } from '@aws-sdk/client-iam';
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createClients } from '../lambda/clients.ts';
import { environment } from '../settings/environment.ts';
import { readSettings } from '../settings/read.ts';
import { jsonOf, unreadableJson } from './check/json.ts';
import { judgeFiles } from './check/judgeFiles.ts';
import { tableOf, type Shown } from './check/table.ts';
import { checkDeployed } from './checkDeployed.ts';

const usage = `npm run check                                       what is deployed, with your own AWS credentials
npm run check -- FILE... [--context FILE] [--json]  files, offline

Says of each connector whether a restart would help it, whether it could be deleted and recreated, what that would lose, and why.
FILE is a create request of MSK Connect (a saved config), a body of POST /connectors, or a connector's configuration.

  --context FILE      what the configuration alone cannot tell (default: NAME.context.json beside each file)
  --json              for machines
  --connectors FILE   of what is deployed: the connectors (connectors.json)
  --bucket BUCKET     of what is deployed: the stack's bucket, its output BucketName (default: $${environment.bucket})

Ends with 0 when all are ready, 1 when something would go wrong or cannot be told, 2 when something cannot be read.
`;

const unreadable = 2;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      context: { type: 'string' },
      json: { type: 'boolean', default: false },
      connectors: { type: 'string', default: 'connectors.json' },
      bucket: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (positionals.length > 0) return checkFiles(positionals, values);
  if (values.context !== undefined) {
    console.error(`--context belongs to a FILE.\n\n${usage}`);
    return unreadable;
  }
  if (!existsSync(values.connectors)) {
    console.error(`${values.connectors}: the file: found no such file, expected the connectors that are deployed`);
    return unreadable;
  }
  const bucket = values.bucket ?? process.env[environment.bucket];
  const judged = await checkDeployed(
    {
      connectors: readSettings(readFileSync(values.connectors, 'utf8'), values.connectors).connectors,
      ...(bucket === undefined ? {} : { bucket }),
      now: new Date().toISOString(),
    },
    { ...createClients(), iam: new IAMClient({}) },
  );
  return print(judged, values.json);
}

function checkFiles(
  files: readonly string[],
  { context, json }: { context?: string | undefined; json: boolean },
): number {
  const result = judgeFiles(files, context);
  if (result.kind === 'unreadable') {
    if (json) console.log(unreadableJson(result.faults));
    const lines = result.faults.map(
      ({ file, place, found, expected }) => `  ${file}: ${place}: found ${found}, expected ${expected}`,
    );
    console.error(
      `Nothing was judged, for ${lines.length === 1 ? 'this' : 'these'} cannot be read:\n${lines.join('\n')}`,
    );
    return unreadable;
  }
  for (const note of result.notes) console.error(note);
  return print(result.judged, json);
}

function print(judged: readonly Shown[], json: boolean): number {
  console.log(json ? jsonOf(judged) : tableOf(judged, process.stdout.columns ?? 100));
  return judged.every(({ ready }) => ready) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = unreadable;
}
