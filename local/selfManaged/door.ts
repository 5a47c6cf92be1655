import type { LocalClock } from '../clock.ts';
import type { Random } from '../seededRandom.ts';
import type { ConnectClusterOptions } from './clusterOptions.ts';
import type { Herd } from './herd.ts';
import type { Answered, Asked } from './http.ts';
import type { RestInterface } from './restInterface.ts';
import type { ClusterWorker } from './worker.ts';

/** An answer of one's own to some requests, in place of the worker's. */
export interface AnswerRule {
  /** Method and path, as in `POST /connectors/orders/restart`. */
  readonly to: RegExp;
  /** `host:port` of the workers that it is for. @default every one */
  readonly worker?: string;
  /** How often. @default for good */
  readonly times?: number;
  /** `done-but-lost`: the work is done and the connection ends without an answer. */
  readonly answer: Answered | 'unreachable' | 'hangs' | 'cut-short' | 'done-but-lost';
}

/** What happens at a worker's door. */
export type Met = { readonly answered: Answered; readonly cutShort: boolean } | 'hangs' | 'refuses' | 'ends';

/** A plain answer in process takes from so long to so long [invented]. */
const usualLatencyMs = [2, 10] as const;

/** The way into a worker: what its REST interface answers, and all that may come between. */
export class Door {
  redirectsToLeader = false;
  readonly #clock: LocalClock;
  readonly #random: Random;
  readonly #herd: Herd;
  readonly #rest: RestInterface;
  readonly #authorization: string | undefined;
  readonly #latencyMs: readonly [number, number];
  readonly #rules: { readonly rule: AnswerRule; left: number }[] = [];

  constructor(
    herd: Herd,
    rest: RestInterface,
    random: Random,
    { basic, latencyMs = usualLatencyMs }: Pick<ConnectClusterOptions, 'basic' | 'latencyMs'> = {},
  ) {
    this.#latencyMs = latencyMs;
    this.#authorization =
      basic === undefined
        ? undefined
        : `Basic ${Buffer.from(`${basic.user}:${basic.password}`, 'utf8').toString('base64')}`;
    this.#clock = herd.clock;
    this.#random = random;
    this.#herd = herd;
    this.#rest = rest;
  }

  add(rule: AnswerRule): void {
    this.#rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
  }

  /** How long an answer in process takes without anything in its way. */
  latency(): number {
    const [least, most] = this.#latencyMs;
    return least + this.#random() * (most - least);
  }

  async enter(worker: ClusterWorker, asked: Asked, path: string): Promise<Met> {
    if (worker.process === 'frozen') return 'hangs';
    if (worker.slowMs > 0) await this.#sleep(worker.slowMs);
    const rule = this.#rule(worker, `${asked.method} ${path}`);
    if (rule === 'hangs') return rule;
    if (rule === 'unreachable') return 'refuses';
    const { leader } = this.#herd.membership;
    const redirected = this.redirectsToLeader && leader !== undefined && leader !== worker && this.#rest.leads(asked);
    const answered =
      rule !== undefined && typeof rule !== 'string'
        ? rule
        : this.#authorization !== undefined && asked.authorization !== this.#authorization
          ? forbidden
          : redirected
            ? { status: 307, headers: { location: `${leader.url}${path}` } }
            : await this.#rest.answer(worker, asked);
    // It may have died while it was at work.
    if (this.#gone(worker) || rule === 'done-but-lost') return 'ends';
    return { answered, cutShort: worker.cutShort || rule === 'cut-short' };
  }

  #gone(worker: ClusterWorker): boolean {
    return worker.process === 'down' || worker.process === 'starting';
  }

  #rule(worker: ClusterWorker, line: string): AnswerRule['answer'] | undefined {
    const found = this.#rules.find(
      ({ rule, left }) => left > 0 && rule.to.test(line) && (rule.worker ?? worker.address) === worker.address,
    );
    if (found === undefined) return undefined;
    found.left -= 1;
    return found.rule.answer;
  }

  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.at(this.#clock.now() + milliseconds, resolve);
    });
  }
}

/** @see https://github.com/apache/kafka/blob/3.7.1/connect/basic-auth-extension/src/main/java/org/apache/kafka/connect/rest/basic/auth/extension/JaasBasicAuthFilter.java */
const forbidden: Answered = { status: 401, text: 'User cannot access the resource.' };

export function readAsked(method: string, pathAndQuery: string, body?: string, authorization?: string): Asked {
  const { pathname, searchParams } = new URL(pathAndQuery, 'http://worker');
  return {
    method,
    parts: pathname.split('/').filter(Boolean).map(decodeURIComponent),
    query: searchParams,
    ...(body !== undefined && { body }),
    ...(authorization !== undefined && { authorization }),
  };
}

/** Headers and text of an answer, as Jetty sends them. */
export function written(answered: Answered): {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
} {
  const text = answered.body === undefined ? (answered.text ?? '') : JSON.stringify(answered.body);
  return {
    headers: {
      ...(answered.body !== undefined && { 'content-type': 'application/json' }),
      ...answered.headers,
      server: 'Jetty(9.4.54.v20240208)',
    },
    text,
  };
}
