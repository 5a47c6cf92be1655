/**
 * The function's process: what Lambda's Node.js runtime is on AWS. Loads the handler, takes one invocation after the other from
 * its parent, answers with what the handler gave. Formats console output as the runtime does.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 * @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client (LogPatch.js, Errors.js)
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import type { ToParent, ToProcess } from './functionProcess.ts';

type Handler = (event: unknown, context: Readonly<Record<string, unknown>>) => unknown;

const env = process.env;
const json = env['AWS_LAMBDA_LOG_FORMAT'] === 'JSON';
let requestId = '';

function patchConsole(): void {
  const levels = { trace: 'TRACE', debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR' } as const;
  for (const [method, level] of Object.entries(levels)) {
    Object.defineProperty(console, method, {
      value: (...given: unknown[]) => {
        const timestamp = new Date().toISOString();
        const line = json
          ? JSON.stringify({ timestamp, level, requestId, message: given.length === 1 ? given[0] : format(...given) })
          : `${timestamp}\t${requestId}\t${level}\t${format(...given)}`.replaceAll('\n', '\r');
        process.stdout.write(`${line}\n`);
      },
    });
  }
}

/** The exported function that the handler string names, such as `index.handler`. */
async function load(): Promise<Handler> {
  const root = env['LAMBDA_TASK_ROOT'] ?? '';
  const [, file = '', name = ''] = /^(.+)\.([^./]+)$/.exec(env['_HANDLER'] ?? '') ?? [];
  const path = ['.mjs', '.js', '.cjs'].map((extension) => join(root, file + extension)).find((it) => existsSync(it));
  if (path === undefined) {
    throw Object.assign(new Error(`Cannot find module '${file}'`), { name: 'Runtime.ImportModuleError' });
  }
  const module = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  const found = module[name] ?? (module['default'] as Readonly<Record<string, unknown>> | undefined)?.[name];
  if (typeof found !== 'function') {
    throw Object.assign(new Error(`${env['_HANDLER']} is undefined or not exported`), {
      name: 'Runtime.HandlerNotFound',
    });
  }
  return found as Handler;
}

const send = (message: ToParent) =>
  new Promise<void>((resolve, reject) => {
    process.send?.(message, (error: Error | null) => (error ? reject(error) : resolve()));
  });

function describe(error: unknown): ToParent & { kind: 'failed' } {
  return error instanceof Error
    ? { kind: 'failed', errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] }
    : { kind: 'failed', errorType: typeof error, errorMessage: String(error), trace: [] };
}

patchConsole();
const handler = load();

process.on('message', (message: ToProcess) => {
  requestId = message.requestId;
  const context = {
    awsRequestId: message.requestId,
    functionName: env['AWS_LAMBDA_FUNCTION_NAME'],
    functionVersion: env['AWS_LAMBDA_FUNCTION_VERSION'],
    invokedFunctionArn: message.functionArn,
    memoryLimitInMB: env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    logGroupName: env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: env['AWS_LAMBDA_LOG_STREAM_NAME'],
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, message.deadlineMs - Date.now()),
  };
  const answer = handler
    .then(async (handle) => handle(JSON.parse(message.payload), context))
    .then(
      (value): ToParent => ({ kind: 'returned', payload: JSON.stringify(value ?? null) }),
      (error: unknown) => {
        const failure = describe(error);
        console.error('Invoke Error', JSON.stringify(failure));
        return failure;
      },
    );
  void answer.then((result) => {
    // The parent takes the answer only after this line, so that no log line of the invocation is lost behind it.
    process.stdout.write(`\0${message.requestId}\n`);
    return send(result);
  });
});
// An unhandled rejection ends the process, as on AWS; the parent sees the exit.
handler.then(
  () => send({ kind: 'ready' }),
  () => send({ kind: 'ready' }),
);
process.on('disconnect', () => process.exit(0));
