import { afterEach, describe, expect, it } from 'vitest';
import { lambdaService, type LambdaService } from '../../../local/functions/lambdaService.ts';
import { startFunctionProcess } from '../../../local/functions/functionProcess.ts';
import { scaledClock } from '../../../local/scaledClock.ts';
import { sourceFolder } from './bundle.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function deployed(source: string, logFormat: 'Text' | 'JSON' = 'Text', handler = 'index.handler') {
  const clock = scaledClock({ factor: 60 });
  const folder = sourceFolder(source);
  const lines: string[] = [];
  const lambda = lambdaService({
    clock,
    region: 'eu-central-1',
    endpoint: () => 'http://127.0.0.1:1',
    telemetry: { log: (_group, _stream, line) => void lines.push(line), metric: () => undefined },
    deliver: async () => undefined,
    start: ({ codeDirectory }, environment, onLine) =>
      startFunctionProcess({ codeDirectory, environment, scale: clock.scale, onLine }),
  });
  lambda.createFunction({
    name: 'fn',
    arn: 'arn:aws:lambda:eu-central-1:123456789012:function:fn',
    codeDirectory: folder.directory,
    handler,
    runtime: 'nodejs24.x',
    timeoutSeconds: 30,
    memoryMegabytes: 128,
    environment: { GREETING: 'hello' },
    logGroup: '/fn',
    logFormat,
  });
  cleanups.push(
    () => lambda.close(),
    () => clock.stop(),
    () => folder.remove(),
  );
  return { lambda, lines };
}

async function invoke(lambda: LambdaService, payload: unknown = {}): Promise<unknown> {
  const answer = await lambda.call('Invoke', { FunctionName: 'fn', Payload: JSON.stringify(payload) });
  return JSON.parse(Buffer.from(answer['Payload'] as Uint8Array).toString());
}

describe('a function in a process of its own', () => {
  it('gets event, context and environment, and nothing of ours', async () => {
    const { lambda } = deployed(`
      export const handler = async (event, context) => ({
        event, name: context.functionName, arn: context.invokedFunctionArn, id: context.awsRequestId,
        left: context.getRemainingTimeInMillis(), greeting: process.env.GREETING, home: process.env.HOME ?? null,
      });`);
    expect(await invoke(lambda, { deep: [1] })).toEqual({
      event: { deep: [1] },
      name: 'fn',
      arn: 'arn:aws:lambda:eu-central-1:123456789012:function:fn',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      left: expect.toSatisfy((left: number) => left > 20_000 && left <= 30_000),
      greeting: 'hello',
      home: null,
    });
  });

  it('stays warm: what a module keeps is there for the next invocation', async () => {
    const { lambda } = deployed('let n = 0; export const handler = async () => (n += 1);');
    expect([await invoke(lambda), await invoke(lambda)]).toEqual([1, 2]);
  });

  it('is killed at its timeout, in its own time, however busy it is', async () => {
    const { lambda } = deployed('export const handler = async () => { for (;;); };');
    const before = performance.now();
    expect(await invoke(lambda)).toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect(performance.now() - before).toBeLessThan(5000);
  });

  it.each([
    [
      'throws',
      "export const handler = async () => { throw new TypeError('bad input'); };",
      { errorType: 'TypeError', errorMessage: 'bad input', trace: expect.arrayContaining(['TypeError: bad input']) },
    ],
    [
      'cannot be loaded',
      "throw new RangeError('at load');",
      { errorType: 'RangeError', errorMessage: 'at load', trace: expect.any(Array) },
    ],
    [
      'exits',
      'export const handler = async () => process.exit(3);',
      { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 3') },
    ],
    [
      'rejects where nobody looks',
      "export const handler = async () => { Promise.reject(new Error('lost')); await new Promise((resolve) => setTimeout(resolve, 20000)); };",
      { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 1') },
    ],
    [
      'does not export its handler',
      'export const other = 1;',
      {
        errorType: 'Runtime.HandlerNotFound',
        errorMessage: 'index.handler is undefined or not exported',
        trace: expect.any(Array),
      },
    ],
  ])('says so when it %s', async (_name, source, error) => {
    const { lambda } = deployed(source);
    expect(await invoke(lambda)).toEqual(error);
  });

  it('says so when there is no such file', async () => {
    const { lambda } = deployed('', 'Text', 'main.handler');
    expect(await invoke(lambda)).toMatchObject({
      errorType: 'Runtime.ImportModuleError',
      errorMessage: "Cannot find module 'main'",
    });
  });

  const talkative = `
    export const handler = async () => {
      console.log('one', { n: 1 });
      process.stdout.write('{"own":"line"}\\n');
      console.error('three\\nlines');
    };`;

  it('has its lines in the log group before its answer, between those of the platform', async () => {
    const { lambda, lines } = deployed(talkative);
    await invoke(lambda);
    expect(lines).toEqual([
      expect.stringMatching(/^START RequestId: \S+ Version: \$LATEST$/),
      expect.stringMatching(/^\S+Z\t\S+\tINFO\tone \{ n: 1 \}$/),
      '{"own":"line"}',
      expect.stringMatching(/^\S+Z\t\S+\tERROR\tthree\rlines$/),
      expect.stringMatching(/^END RequestId: /),
      expect.stringMatching(/^REPORT RequestId: \S+\tDuration: .* ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB$/),
    ]);
  });

  it('writes JSON where its log format says so', async () => {
    const { lambda, lines } = deployed(talkative, 'JSON');
    await invoke(lambda);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        time: expect.any(String),
        type: 'platform.start',
        record: { requestId: expect.any(String), version: '$LATEST' },
      },
      { timestamp: expect.any(String), level: 'INFO', requestId: expect.any(String), message: 'one { n: 1 }' },
      { own: 'line' },
      { timestamp: expect.any(String), level: 'ERROR', requestId: expect.any(String), message: 'three\nlines' },
      { time: expect.any(String), type: 'platform.report', record: expect.objectContaining({ status: 'success' }) },
    ]);
  });
});
