/** An error answer of a local service, in the terms of the real one. The wire layer gives it the protocol's shape. */
export class AwsError extends Error {
  /** Such as `NotFoundException`, `NoSuchKey`. */
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
  }
}
