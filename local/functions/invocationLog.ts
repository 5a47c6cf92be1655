import type { FunctionDefinition } from './functionDefinition.ts';

/**
 * The platform's own lines around an invocation, in the function's log format.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
export interface InvocationLog {
  start(requestId: string): readonly string[];
  end(requestId: string, durationMs: number, status: 'success' | 'error' | 'timeout'): readonly string[];
}

export function invocationLog(definition: FunctionDefinition, now: () => number): InvocationLog {
  const time = () => new Date(now()).toISOString();
  const record = (type: string, detail: Readonly<Record<string, unknown>>) =>
    JSON.stringify({ time: time(), type, record: detail });
  if (definition.logFormat === 'JSON') {
    return {
      start: (requestId) => [record('platform.start', { requestId, version: '$LATEST' })],
      end: (requestId, durationMs, status) => [
        record('platform.report', {
          requestId,
          metrics: { durationMs, billedDurationMs: Math.ceil(durationMs), memorySizeMB: definition.memoryMegabytes },
          status,
        }),
      ],
    };
  }
  return {
    start: (requestId) => [`START RequestId: ${requestId} Version: $LATEST`],
    end: (requestId, durationMs, status) => [
      ...(status === 'timeout'
        ? [`${time()} ${requestId} Task timed out after ${definition.timeoutSeconds.toFixed(2)} seconds`]
        : []),
      `END RequestId: ${requestId}`,
      `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${Math.ceil(durationMs)} ms\tMemory Size: ${definition.memoryMegabytes} MB`,
    ],
  };
}
