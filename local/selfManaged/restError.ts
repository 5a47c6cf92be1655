import type { Answered } from './http.ts';

/** An error in Kafka Connect's form: status, and a body of `error_code` and `message`. */
export class RestError extends Error {
  readonly answer: Answered;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'RestError';
    this.answer = { status, body: { error_code: status, message } };
  }
}

export function notFound(message: string): RestError {
  return new RestError(404, message);
}
