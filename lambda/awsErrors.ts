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
}

/** Reads an SDK error by its name and `$metadata`, never by its message. */
export function failureOf(error: unknown): AwsFailure {
  if (!(error instanceof Error)) return { name: 'unknown', status: undefined, message: String(error) };
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : undefined;
  return { name: error.name, status: typeof status === 'number' ? status : undefined, message: error.message };
}

/** The code under which the engine knows a failure. Without any answer it is `unavailable`: it may have been carried out. */
export function codeOf({ name, status }: AwsFailure): PortError['code'] {
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
