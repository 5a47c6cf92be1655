import type { LocalClock } from '../clock.ts';
import type { AsyncInvokeConfig } from './functionDefinition.ts';

/** An event that waits to be run, and has been tried `attempts` times. */
export interface AsyncEvent {
  readonly requestId: string;
  readonly payload: string;
  readonly acceptedAtMs: number;
}

export type Attempt =
  | { readonly kind: 'succeeded'; readonly payload: string }
  /** The function failed: counts as an attempt. `payload` is its error. */
  | { readonly kind: 'failed'; readonly payload: string; readonly error: string }
  /** No concurrency left: tried again with back-off, counts as no attempt. */
  | { readonly kind: 'throttled' };

export interface DeadLetter {
  readonly event: AsyncEvent;
  readonly attempts: number;
  readonly condition: 'RetriesExhausted' | 'EventAgeExceeded';
  readonly error: string;
  readonly errorPayload?: string;
}

/**
 * Runs an asynchronous invocation to its end: two retries, one and two minutes after the failures; throttles are tried again after 1 s,
 * doubling up to 5 min; an event older than its maximum age is given up.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function runAsyncEvent(
  event: AsyncEvent,
  config: () => AsyncInvokeConfig,
  world: {
    readonly clock: LocalClock;
    attempt(event: AsyncEvent): Promise<Attempt>;
    dead(letter: DeadLetter): void;
    /** Nothing is started any more. */
    closed(): boolean;
  },
): void {
  let attempts = 0;
  let throttles = 0;
  let last: { readonly error: string; readonly payload?: string } = { error: 'Rate Exceeded.' };

  const giveUp = (condition: DeadLetter['condition']) =>
    world.dead({
      event,
      attempts,
      condition,
      error: last.error,
      ...(last.payload === undefined ? {} : { errorPayload: last.payload }),
    });

  const tryAfter = (delaySeconds: number) => {
    if (world.closed()) return;
    world.clock.at(world.clock.now() + delaySeconds * 1000, () => void tryNow());
  };

  const tryNow = async () => {
    if (world.closed()) return;
    const ageSeconds = (world.clock.now() - event.acceptedAtMs) / 1000;
    if (ageSeconds > (config().maximumEventAgeSeconds ?? 21_600)) return giveUp('EventAgeExceeded');
    const attempt = await world.attempt(event);
    switch (attempt.kind) {
      case 'succeeded':
        return;
      case 'throttled':
        tryAfter(Math.min(2 ** throttles, 300));
        throttles += 1;
        return;
      case 'failed':
        attempts += 1;
        last = { error: attempt.error, payload: attempt.payload };
        if (attempts > (config().maximumRetryAttempts ?? 2)) return giveUp('RetriesExhausted');
        tryAfter(attempts === 1 ? 60 : 120);
    }
  };
  tryAfter(0);
}
