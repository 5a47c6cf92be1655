import type { LocalClock } from '../clock.ts';
import { AwsError } from './awsError.ts';
import type { LocalService } from './service.ts';

/** One call of a local service, before its answer is known. */
export interface Call {
  readonly service: LocalService['name'];
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly atMs: number;
}

/** One call with its answer: `output` or `error`. */
export interface AnsweredCall extends Call {
  readonly output?: Readonly<Record<string, unknown>>;
  readonly error?: AwsError;
}

export interface CallHooks {
  readonly clock: Pick<LocalClock, 'now'>;
  /** Told of every call once it is answered: a screen, a test. */
  readonly onCall?: (call: AnsweredCall) => void;
  /**
   * Asked before each call. An error is answered in place of the service; `drop-answer` carries the call out and cuts the
   * connection, so that the caller cannot know.
   */
  readonly fault?: (call: Call) => AwsError | 'drop-answer' | undefined;
}

/** The call was carried out and its answer lost on the way. */
export class AnswerDropped extends Error {
  readonly code = 'ECONNRESET';

  constructor() {
    super('socket hang up');
    this.name = 'AnswerDropped';
  }
}

/**
 * Calls a service with faults and observers in between.
 * @throws AwsError what the service or the fault answers; anything else that a service throws becomes InternalFailure, 500
 * @throws AnswerDropped
 */
export async function carryOut(
  service: LocalService,
  operation: string,
  input: Readonly<Record<string, unknown>>,
  hooks: CallHooks,
): Promise<Readonly<Record<string, unknown>>> {
  const call: Call = { service: service.name, operation, input, atMs: hooks.clock.now() };
  const fault = hooks.fault?.(call);
  let output: Readonly<Record<string, unknown>>;
  try {
    if (fault instanceof AwsError) throw fault;
    output = await service.call(operation, input);
  } catch (thrown) {
    // A service that stands for a network that fails says so itself.
    if (thrown instanceof AnswerDropped) throw thrown;
    const error =
      thrown instanceof AwsError
        ? thrown
        : new AwsError('InternalFailure', 500, thrown instanceof Error ? thrown.message : String(thrown));
    hooks.onCall?.({ ...call, error });
    throw error;
  }
  hooks.onCall?.({ ...call, output });
  if (fault === 'drop-answer') throw new AnswerDropped();
  return output;
}

/** The same service with hooks, for callers in this process. */
export function withHooks(service: LocalService, hooks: CallHooks): LocalService {
  return { name: service.name, call: (operation, input) => carryOut(service, operation, input, hooks) };
}
