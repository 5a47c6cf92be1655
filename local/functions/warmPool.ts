import type { FunctionRuntime, InvocationResult, ToProcess } from './functionProcess.ts';

/** The processes of one function: warm ones are used again, a new one starts when all are busy. */
export interface WarmPool {
  readonly busy: number;
  /**
   * Runs one invocation. `deadline` is called when the code is loaded and the time begins to count: it gives the moment by which it must be
   * done, and calls `timedOut` then.
   */
  run(
    invocation: Omit<ToProcess, 'deadlineMs'>,
    deadline: StartDeadline,
  ): Promise<InvocationResult | { readonly kind: 'timed-out' }>;
  end(): Promise<void>;
}

export type StartDeadline = (timedOut: () => void) => {
  readonly deadlineMs: number;
  readonly callOff: () => void;
};

export function warmPool(start: () => FunctionRuntime): WarmPool {
  const idle: FunctionRuntime[] = [];
  const working = new Set<FunctionRuntime>();
  return {
    get busy() {
      return working.size;
    },
    async run(invocation, deadline) {
      const runtime = idle.pop() ?? start();
      working.add(runtime);
      let keep = false;
      try {
        await runtime.ready;
        let timedOut: (() => void) | undefined;
        const timeout = new Promise<{ readonly kind: 'timed-out' }>((resolve) => {
          timedOut = () => resolve({ kind: 'timed-out' });
        });
        const { deadlineMs, callOff } = deadline(() => timedOut?.());
        const result = await Promise.race([runtime.invoke({ ...invocation, deadlineMs }), timeout]);
        callOff();
        keep = result.kind === 'returned' || result.kind === 'failed';
        return result;
      } finally {
        working.delete(runtime);
        if (keep) idle.push(runtime);
        else await runtime.end();
      }
    },
    async end() {
      await Promise.all([...idle, ...working].map((runtime) => runtime.end()));
      idle.length = 0;
    },
  };
}
