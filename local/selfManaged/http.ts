/** A question to a worker, in the shape that an HTTP client of this project asks in. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** @throws NoAnswer */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;

/** Why there is no answer: nobody there, too slow, or an end before its time. */
export class NoAnswer extends Error {
  readonly code: 'unreachable' | 'timeout' | 'cut-short' | 'tls';

  constructor(code: NoAnswer['code'], message: string) {
    super(message);
    this.name = 'NoAnswer';
    this.code = code;
  }
}

/** What came in at a worker's door. */
export interface Asked {
  readonly method: string;
  /** Without query, parts decoded. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  /** The header of that name. */
  readonly authorization?: string;
  readonly body?: string;
}

export interface Answered {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; absent: none. */
  readonly body?: unknown;
  /** In its place: sent as it is. */
  readonly text?: string;
}
