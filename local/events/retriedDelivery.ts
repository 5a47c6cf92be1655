import type { LocalClock } from '../clock.ts';
import { TargetError } from './targets.ts';

export interface RetryPolicy {
  /** @default 185 */
  readonly MaximumRetryAttempts?: number;
  /** @default 86400 */
  readonly MaximumEventAgeInSeconds?: number;
}

/**
 * Tries a delivery until it succeeds, a retry cannot help, or the policy's attempts or age are used up.
 * AWS retries "with exponential back-off and jitter"; here after 1 s, doubling up to 5 min, without jitter. [inferred: AWS names no figures]
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
export function deliverWithRetries(options: {
  readonly clock: LocalClock;
  readonly policy: RetryPolicy;
  attempt(): Promise<void>;
  succeeded(): void;
  failed(error: TargetError): void;
}): void {
  const { clock, policy } = options;
  const startedMs = clock.now();
  const lastMs = startedMs + (policy.MaximumEventAgeInSeconds ?? 86_400) * 1000;
  const attempts = 1 + (policy.MaximumRetryAttempts ?? 185);
  let tried = 0;

  const tryNow = async () => {
    tried += 1;
    try {
      await options.attempt();
    } catch (error) {
      const failure =
        error instanceof TargetError
          ? error
          : new TargetError('INTERNAL_ERROR', error instanceof Error ? error.message : String(error), false);
      const againMs = clock.now() + Math.min(2 ** (tried - 1), 300) * 1000;
      if (!failure.retryable || tried >= attempts || againMs > lastMs) return options.failed(failure);
      clock.at(againMs, () => void tryNow());
      return;
    }
    options.succeeded();
  };
  void tryNow();
}
