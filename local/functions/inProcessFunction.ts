import type { FunctionRuntime, InvocationResult, ToProcess } from './functionProcess.ts';

/** A runtime whose process can be made to die. */
export interface MortalRuntime extends FunctionRuntime {
  /** It dies now, in the middle of whatever it is doing: its invocation is answered as one whose process exited. */
  kill(): void;
}

/** What a function's code is handed of Lambda's context object. */
export interface InProcessContext {
  readonly awsRequestId: string;
  readonly invokedFunctionArn: string;
  getRemainingTimeInMillis(): number;
}

/** A function's code in this process: for a clock that is moved by hand, in which no process of its own could live. */
export interface InProcessFunction {
  handle(event: unknown, context: InProcessContext): Promise<unknown>;
  /** It was ended, perhaps in the middle of an invocation: see to it that nothing that it does takes effect any more. */
  ended(): void;
}

/** Runs it as `startFunctionProcess` runs a bundle. The time that is left is reckoned by this thread's `Date`. */
export function inProcessFunction(code: InProcessFunction): MortalRuntime {
  let die: (() => void) | undefined;
  const killed = new Promise<InvocationResult>((resolve) => {
    die = () => resolve({ kind: 'exited', status: 'signal: SIGKILL' });
  });
  const run = async ({ requestId, functionArn, payload, deadlineMs }: ToProcess): Promise<InvocationResult> => {
    const context: InProcessContext = {
      awsRequestId: requestId,
      invokedFunctionArn: functionArn,
      getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
    };
    try {
      const answer = await code.handle(JSON.parse(payload), context);
      return { kind: 'returned', payload: JSON.stringify(answer ?? null) };
    } catch (error) {
      return error instanceof Error
        ? {
            kind: 'failed',
            errorType: error.name,
            errorMessage: error.message,
            trace: error.stack?.split('\n') ?? [],
          }
        : { kind: 'failed', errorType: typeof error, errorMessage: String(error), trace: [] };
    }
  };
  return {
    ready: Promise.resolve(),
    invoke: (invocation) => Promise.race([run(invocation), killed]),
    kill() {
      code.ended();
      die?.();
    },
    async end() {
      code.ended();
    },
  };
}
