import { describe, expect, it } from 'vitest';
import type { FunctionDefinition } from '../../../local/functions/functionDefinition.ts';
import type { InvocationResult } from '../../../local/functions/functionProcess.ts';
import { lambdaService, type LambdaService } from '../../../local/functions/lambdaService.ts';
import { VirtualClock } from '../../../local/virtualClock.ts';

const arn = 'arn:aws:lambda:eu-central-1:123456789012:function:recovery';
const definition: FunctionDefinition = {
  name: 'recovery',
  arn,
  codeDirectory: 'nowhere',
  handler: 'index.handler',
  runtime: 'nodejs24.x',
  timeoutSeconds: 900,
  memoryMegabytes: 256,
  environment: { RECOVERY_BUCKET: 'bucket' },
  logGroup: '/recovery',
  logFormat: 'Text',
  deadLetterTargetArn: 'arn:queue',
};

const ok: InvocationResult = { kind: 'returned', payload: '"done"' };
const bad: InvocationResult = {
  kind: 'failed',
  errorType: 'TypeError',
  errorMessage: 'no such thing',
  trace: ['at x'],
};

/** Lambda by a clock that is moved by hand, its code a function of the payload. */
function lambdaWith(
  code: (payload: string, deadlineMs: number) => InvocationResult | Promise<InvocationResult>,
  over: Partial<FunctionDefinition> & { readonly accountConcurrency?: number; readonly deadLettersFail?: boolean } = {},
) {
  const clock = new VirtualClock(0);
  const seen = {
    runs: [] as { atSeconds: number; payload: string }[],
    dead: [] as { arn: string; body: unknown; attributes: Readonly<Record<string, string>> }[],
    lines: [] as string[],
    metrics: [] as [string, number][],
    environments: [] as Readonly<Record<string, string>>[],
    ended: 0,
  };
  const lambda: LambdaService = lambdaService({
    clock,
    region: 'eu-central-1',
    ...(over.accountConcurrency === undefined ? {} : { accountConcurrency: over.accountConcurrency }),
    endpoint: () => 'http://127.0.0.1:4566',
    telemetry: {
      log: (_group, _stream, line) => void seen.lines.push(line),
      metric: (_namespace, name, _dimensions, value) => void seen.metrics.push([name, value]),
    },
    deliver: async (queue, message) => {
      if (over.deadLettersFail === true) throw new Error('no such queue');
      seen.dead.push({ arn: queue, body: JSON.parse(message.body), attributes: message.attributes });
    },
    start: (_definition, environment) => {
      seen.environments.push(environment);
      return {
        ready: Promise.resolve(),
        invoke: async ({ payload, deadlineMs }) => {
          seen.runs.push({ atSeconds: clock.now() / 1000, payload });
          return code(payload, deadlineMs);
        },
        end: async () => void (seen.ended += 1),
      };
    },
  });
  lambda.createFunction({ ...definition, ...over });
  const sum = (name: string) =>
    seen.metrics.filter(([each]) => each === name).reduce((total, [, value]) => total + value, 0);
  return { clock, lambda, seen, sum };
}

const invoke = (lambda: LambdaService, over: Readonly<Record<string, unknown>> = {}) =>
  lambda.call('Invoke', { FunctionName: 'recovery', Payload: Buffer.from('{"n":1}'), ...over });
const text = (answer: Readonly<Record<string, unknown>>) => Buffer.from(answer['Payload'] as Uint8Array).toString();

describe('a function that is invoked and waited for', () => {
  it.each(['recovery', arn, `${arn}:$LATEST`, '123456789012:function:recovery'])('is found as %s', async (name) => {
    const { lambda } = lambdaWith(() => ok);
    const answer = await invoke(lambda, { FunctionName: name });
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(answer).not.toHaveProperty('FunctionError');
    expect(text(answer)).toBe('"done"');
  });

  it('says how it failed, and is not tried again', async () => {
    const { lambda, clock, seen } = lambdaWith(() => bad);
    const answer = await invoke(lambda);
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(text(answer)).toBe('{"errorType":"TypeError","errorMessage":"no such thing","trace":["at x"]}');
    await clock.advanceBy(3_600_000);
    expect(seen.runs).toHaveLength(1);
  });

  it('is ended at its timeout', async () => {
    const { lambda, clock, seen, sum } = lambdaWith(() => new Promise(() => undefined));
    const answer = invoke(lambda);
    await clock.advanceBy(899_000);
    expect(seen.ended).toBe(0);
    await clock.advanceBy(1000);
    expect(JSON.parse(text(await answer))).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 900.00 seconds$/),
    });
    expect(seen.ended).toBe(1);
    expect(sum('Errors')).toBe(1);
    expect(sum('Duration')).toBe(900_000);
    expect(seen.lines.some((line) => line.endsWith('Task timed out after 900.00 seconds'))).toBe(true);
  });

  it('starts again after its process went away', async () => {
    let first = true;
    const { lambda, seen } = lambdaWith(() => {
      if (!first) return ok;
      first = false;
      return { kind: 'exited', status: 'exit status 1' };
    });
    expect(JSON.parse(text(await invoke(lambda)))).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Runtime exited with error: exit status 1$/),
    });
    expect(text(await invoke(lambda))).toBe('"done"');
    expect(seen.environments).toHaveLength(2);
  });

  it('uses a warm process again, another one beside a busy one', async () => {
    const finish: (() => void)[] = [];
    const { lambda, clock, seen } = lambdaWith(() => new Promise((resolve) => finish.push(() => resolve(ok))));
    const two = [invoke(lambda), invoke(lambda)];
    await clock.advanceBy(0);
    finish.forEach((done) => done());
    await Promise.all(two);
    expect(seen.environments).toHaveLength(2);
    const third = invoke(lambda);
    await clock.advanceBy(0);
    finish.at(-1)?.();
    await third;
    expect(seen.environments).toHaveLength(2);
  });

  it.each([
    ['its own reserved concurrency', { reservedConcurrency: 1 }],
    ["the account's", { accountConcurrency: 1 }],
    ['nothing reserved at all', { reservedConcurrency: 0 }],
  ])('is throttled beyond %s', async (_name, over) => {
    const { lambda, clock, sum } = lambdaWith(() => new Promise(() => undefined), over);
    if (!('reservedConcurrency' in over) || over.reservedConcurrency > 0) void invoke(lambda);
    await clock.advanceBy(0);
    await expect(invoke(lambda)).rejects.toMatchObject({ code: 'TooManyRequestsException', status: 429 });
    expect(sum('Throttles')).toBe(1);
  });

  it('gets its environment, the credentials and the endpoint of the local services', async () => {
    const { lambda, seen } = lambdaWith(() => ok);
    await invoke(lambda);
    expect(seen.environments[0]).toMatchObject({
      RECOVERY_BUCKET: 'bucket',
      AWS_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_LAMBDA_FUNCTION_NAME: 'recovery',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      _HANDLER: 'index.handler',
      LAMBDA_TASK_ROOT: 'nowhere',
    });
  });

  it('publishes zeros beside what happened, so that its alarms have data', async () => {
    const { lambda, seen } = lambdaWith(() => ok);
    await invoke(lambda);
    expect(seen.metrics).toEqual([
      ['Invocations', 1],
      ['Errors', 0],
      ['Throttles', 0],
      ['Duration', 0],
    ]);
  });

  it.each([
    ['a function that is not there', { FunctionName: 'nobody' }, 'ResourceNotFoundException'],
    ['a payload that is no JSON', { Payload: '{' }, 'InvalidRequestContentException'],
    ['a way of invoking that is none', { InvocationType: 'Later' }, 'InvalidParameterValueException'],
  ])('refuses %s', async (_name, over, code) => {
    const { lambda, seen } = lambdaWith(() => ok);
    await expect(invoke(lambda, over)).rejects.toMatchObject({ code });
    expect(seen.runs).toEqual([]);
  });

  it('is not run by a dry run, and has no other operations', async () => {
    const { lambda, seen } = lambdaWith(() => ok);
    expect(await invoke(lambda, { InvocationType: 'DryRun' })).toEqual({ StatusCode: 204 });
    expect(seen.runs).toEqual([]);
    await expect(lambda.call('DeleteFunction', {})).rejects.toMatchObject({ code: 'UnknownOperationException' });
  });
});

describe('a function that is given an event', () => {
  it('runs it once when it succeeds', async () => {
    const { lambda, clock, seen } = lambdaWith(() => ok);
    expect(await invoke(lambda, { InvocationType: 'Event' })).toEqual({ StatusCode: 202 });
    await clock.advanceBy(3_600_000);
    expect(seen.runs).toEqual([{ atSeconds: 0, payload: '{"n":1}' }]);
    expect(seen.dead).toEqual([]);
  });

  it('tries twice more, a minute and then two minutes later, and buries it', async () => {
    const { lambda, clock, seen, sum } = lambdaWith(() => bad);
    await invoke(lambda, { InvocationType: 'Event' });
    await clock.advanceBy(3_600_000);
    expect(seen.runs.map(({ atSeconds }) => atSeconds)).toEqual([0, 60, 180]);
    expect(seen.dead).toEqual([
      {
        arn: 'arn:queue',
        body: { n: 1 },
        attributes: { RequestID: expect.any(String), ErrorCode: '200', ErrorMessage: 'no such thing' },
      },
    ]);
    expect(sum('Invocations')).toBe(3);
    expect(sum('Errors')).toBe(3);
  });

  it('is content with a retry that succeeds', async () => {
    let runs = 0;
    const { lambda, clock, seen } = lambdaWith(() => ((runs += 1) === 1 ? bad : ok));
    await invoke(lambda, { InvocationType: 'Event' });
    await clock.advanceBy(3_600_000);
    expect(seen.runs.map(({ atSeconds }) => atSeconds)).toEqual([0, 60]);
    expect(seen.dead).toEqual([]);
  });

  it.each([
    ['no retries', { maximumRetryAttempts: 0 }, [0], 'RetriesExhausted'],
    ['one retry', { maximumRetryAttempts: 1 }, [0, 60], 'RetriesExhausted'],
    ['a maximum age of 100 s', { maximumEventAgeSeconds: 100 }, [0, 60], 'EventAgeExceeded'],
  ])('keeps to %s', async (_name, config, runs, condition) => {
    const { lambda, clock, seen } = lambdaWith(() => bad, {});
    lambda.configureAsync('recovery', { ...config, onFailureArn: 'arn:failures' });
    await invoke(lambda, { InvocationType: 'Event' });
    await clock.advanceBy(3_600_000);
    expect(seen.runs.map(({ atSeconds }) => atSeconds)).toEqual(runs);
    expect(seen.dead.at(-1)).toMatchObject({
      arn: 'arn:failures',
      body: {
        requestContext: { functionArn: `${arn}:$LATEST`, condition, approximateInvokeCount: runs.length },
        requestPayload: { n: 1 },
        responsePayload: { errorType: 'TypeError', errorMessage: 'no such thing' },
      },
    });
  });

  it('waits where it is throttled, without counting that as an attempt', async () => {
    let finish: (() => void) | undefined;
    const { lambda, clock, seen } = lambdaWith(() => new Promise((resolve) => (finish = () => resolve(ok))), {
      reservedConcurrency: 1,
    });
    await invoke(lambda, { InvocationType: 'Event', Payload: '1' });
    await invoke(lambda, { InvocationType: 'Event', Payload: '2' });
    await clock.advanceBy(10_000);
    expect(seen.runs).toEqual([{ atSeconds: 0, payload: '1' }]);
    finish?.();
    await clock.advanceBy(10_000);
    // Tried after 0, 1, 3, 7 and 15 s.
    expect(seen.runs).toEqual([
      { atSeconds: 0, payload: '1' },
      { atSeconds: 15, payload: '2' },
    ]);
  });

  it('says in a metric when the dead letter could not be delivered', async () => {
    const { lambda, clock, sum } = lambdaWith(() => bad, { deadLettersFail: true });
    await invoke(lambda, { InvocationType: 'Event' });
    await clock.advanceBy(3_600_000);
    expect(sum('DeadLetterErrors')).toBe(1);
  });

  it('starts nothing once the service is closed', async () => {
    const { lambda, clock, seen } = lambdaWith(() => bad);
    await invoke(lambda, { InvocationType: 'Event' });
    await clock.advanceBy(1000);
    await lambda.close();
    await clock.advanceBy(3_600_000);
    expect(seen.runs).toHaveLength(1);
  });

  it.each([{ maximumRetryAttempts: 3 }, { maximumEventAgeSeconds: 59 }, { maximumEventAgeSeconds: 21_601 }])(
    'cannot be given %o',
    (config) => {
      const { lambda } = lambdaWith(() => ok);
      expect(() => lambda.configureAsync('recovery', config)).toThrow('MaximumRetryAttempts must be 0 to 2');
    },
  );
});

describe("a function's own policy", () => {
  it.each([
    ['the rule that it names', { sourceArn: 'arn:aws:events:r:1:rule/a' }, 'events.amazonaws.com', true],
    ['a rule that its pattern fits', { sourceArn: 'arn:aws:events:r:1:rule/*' }, 'events.amazonaws.com', true],
    ['another rule', { sourceArn: 'arn:aws:events:r:1:rule/ab' }, 'events.amazonaws.com', false],
    ['any rule of the service', {}, 'events.amazonaws.com', true],
    ['another service', {}, 'sns.amazonaws.com', false],
    ['another account', { sourceAccount: '2' }, 'events.amazonaws.com', false],
  ])('%s', (_name, permission, principal, expected) => {
    const { lambda } = lambdaWith(() => ok);
    lambda.allow(arn, { principal: 'events.amazonaws.com', ...permission });
    expect(lambda.mayInvoke('recovery', principal, 'arn:aws:events:r:1:rule/a')).toBe(expected);
  });

  it('lets nobody in by itself', () => {
    const { lambda } = lambdaWith(() => ok);
    expect(lambda.mayInvoke('recovery', 'events.amazonaws.com', 'arn:aws:events:r:1:rule/a')).toBe(false);
  });
});
