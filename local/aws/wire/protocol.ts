import type { AwsError } from '../awsError.ts';
import type { Api, Operation } from './api.ts';

/** A request as it came in: body unzipped and, if it was `aws-chunked`, put together. */
export interface WireRequest {
  readonly method: string;
  /** Still percent-encoded: an ARN in a path keeps its slashes apart that way. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

export type Fields = Readonly<Record<string, unknown>>;

/** What was asked for, in the SDK's shapes. */
export interface Asked {
  readonly operation: Operation;
  readonly input: Fields;
}

/** One of AWS's protocols, seen from the server. */
export interface Protocol {
  /** @throws AwsError when no operation fits or the body cannot be read. */
  read(request: WireRequest, api: Api): Asked;
  answer(operation: Operation, output: Fields, requestId: string): WireAnswer;
  /** `request` is the one that failed; S3 names its resource. */
  fail(error: AwsError, api: Api, requestId: string, request: WireRequest): WireAnswer;
}
