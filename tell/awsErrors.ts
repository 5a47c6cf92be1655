import { PortError } from '../recovery/ports.ts';
import { cleanReason } from './cleanText.ts';

const throttled = new Set([
  'TooManyRequestsException',
  'ThrottlingException',
  'Throttling',
  'ThrottledException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'SlowDown',
]);

const denied = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationErrorException',
  'ForbiddenException',
  'UnauthorizedException',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'SignatureDoesNotMatch',
]);

/** What an SDK error says of itself; `status` is missing where no answer came. */
export interface AwsFailure {
  readonly name: string;
  readonly status: number | undefined;
  readonly message: string;
  /** How often the SDK sent the request. */
  readonly attempts: number;
}

/** Reads an SDK error by its name and `$metadata`, never by its message. */
export function failureOf(error: unknown): AwsFailure {
  if (!(error instanceof Error)) return { name: 'unknown', status: undefined, message: String(error), attempts: 1 };
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  return {
    name: error.name,
    status: numberIn(metadata, 'httpStatusCode'),
    message: error.message,
    attempts: numberIn(metadata, 'attempts') ?? 1,
  };
}

function numberIn(holder: unknown, name: string): number | undefined {
  if (typeof holder !== 'object' || holder === null) return undefined;
  const value: unknown = Reflect.get(holder, name);
  return typeof value === 'number' ? value : undefined;
}

/** The code under which the engine knows a failure. Without any answer it is `unavailable`: it may have been carried out. */
export function codeOf({ name, status }: Pick<AwsFailure, 'name' | 'status'>): PortError['code'] {
  if (throttled.has(name) || status === 429) return 'throttled';
  if (denied.has(name) || status === 401 || status === 403) return 'denied';
  if (status === undefined || status >= 500 || status === 408) return 'unavailable';
  return 'unexpected';
}

/** An SDK error as the engine's own, naming the call; secrets of `configuration` do not get into its message. */
export function portError(call: string, error: unknown, configuration?: Readonly<Record<string, string>>): PortError {
  if (error instanceof PortError) return error;
  const failure = failureOf(error);
  const status = failure.status === undefined ? '' : ` ${failure.status}`;
  return new PortError(
    codeOf(failure),
    `${call}: ${failure.name}${status}: ${cleanReason(failure.message, configuration)}`,
    { cause: error },
  );
}
