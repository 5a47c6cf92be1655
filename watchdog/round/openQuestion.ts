import type { Clock } from '../../recovery/ports.ts';
import { secondsBetween } from '../../recovery/time.ts';
import type { Instant } from '../../recovery/time.ts';

/** What is known of a question that is asked again and again. */
export type Standing<T> =
  | { readonly kind: 'answered'; readonly at: Instant; readonly tookMs: number; readonly value: T }
  /** `since`: when the first question was asked that was not answered; `times`: how many in a row. */
  | { readonly kind: 'failed'; readonly since: Instant; readonly times: number; readonly error: unknown }
  /** `error`: of the question before, if it failed. */
  | { readonly kind: 'waiting'; readonly since: Instant; readonly error?: unknown }
  | { readonly kind: 'never-asked' };

/**
 * A question that is asked once a round and never twice at a time: one that is not answered within its round stays open, so that a worker that hangs
 * is not buried under questions, and what it says in the end is heard.
 */
export class OpenQuestion<T> {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #ask: () => Promise<T>;
  #open: { readonly since: Instant; readonly settled: Promise<void> } | undefined;
  #last: Extract<Standing<T>, { kind: 'answered' | 'failed' }> | undefined;
  /** `#last` came after the round before had ended. */
  #isNews = false;

  constructor(clock: Pick<Clock, 'now'>, ask: () => Promise<T>) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** Asks, unless it is still asked. Settles with the answer, whatever it is; never rejects. */
  begin(): Promise<void> {
    if (this.#open !== undefined) return this.#open.settled;
    const since = this.#clock.now();
    const settled = this.#settle(since);
    this.#open = { since, settled };
    return settled;
  }

  async #settle(since: Instant): Promise<void> {
    try {
      const value = await this.#ask();
      const at = this.#clock.now();
      this.#last = { kind: 'answered', at, tookMs: 1000 * secondsBetween(since, at), value };
    } catch (error) {
      const before = this.#last?.kind === 'failed' ? this.#last : { since, times: 0 };
      this.#last = { kind: 'failed', since: before.since, times: before.times + 1, error };
    }
    this.#isNews = true;
    this.#open = undefined;
  }

  /** Settles when nothing is asked any more; never rejects. */
  get settled(): Promise<void> {
    return this.#open?.settled ?? Promise.resolve();
  }

  /** The newest answer, or that it is waited for; it stays to be taken. */
  peek(): Standing<T> {
    if (this.#open !== undefined) return { kind: 'waiting', since: this.#open.since };
    return this.#last ?? { kind: 'never-asked' };
  }

  /** What came since this was called last; where nothing did, that it is waited for, and since when nothing was answered. */
  take(): Standing<T> {
    const news = this.#isNews ? this.#last : undefined;
    this.#isNews = false;
    if (news !== undefined) return news;
    if (this.#open === undefined) return this.#last ?? { kind: 'never-asked' };
    if (this.#last?.kind !== 'failed') return { kind: 'waiting', since: this.#open.since };
    return { kind: 'waiting', since: this.#last.since, error: this.#last.error };
  }
}
