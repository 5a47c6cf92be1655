import type { LocalAccount } from '../aws/account.ts';
import type { Telemetry } from '../aws/service.ts';
import type { LocalClock } from '../clock.ts';

/** On whose behalf a target is called. */
export interface TargetCaller {
  /** `events.amazonaws.com` or `scheduler.amazonaws.com`. */
  readonly principal: string;
  /** The rule or schedule. */
  readonly sourceArn: string;
  /** The role that the caller takes on, where it does. */
  readonly roleArn?: string;
}

/** Why a target was not reached: `retryable` is false for what no retry cures, such as a missing permission. */
export class TargetError extends Error {
  readonly code: string;
  readonly retryable: boolean;

  constructor(code: string, message: string, retryable: boolean) {
    super(message);
    this.name = 'TargetError';
    this.code = code;
    this.retryable = retryable;
  }
}

/** Hands a payload (JSON text) to whatever that ARN names. @throws TargetError */
export type DeliverToTarget = (arn: string, payload: string, caller: TargetCaller) => Promise<void>;

/** What rules and schedules work with. */
export interface EventsWorld {
  readonly clock: LocalClock;
  readonly telemetry: Telemetry;
  readonly account: LocalAccount;
  readonly deliver: DeliverToTarget;
  /** A dead letter of a target. */
  bury(
    queueArn: string,
    message: { readonly body: string; readonly attributes: Readonly<Record<string, string>> },
  ): Promise<void>;
}
