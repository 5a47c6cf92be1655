import { paragraphs, section, subject } from '../recovery/messageParts.ts';
import { PortError } from '../recovery/ports.ts';
import type { Clock, Notifier, Recorder } from '../recovery/ports.ts';
import { secondsBetween } from '../recovery/time.ts';
import type { Instant } from '../recovery/time.ts';

/** A store that was out of reach for less is no news: one request failed, or a disk was busy. */
const toldAfterSeconds = 60;

/**
 * While the store is out of reach nothing is done for any connector, so people hear of it, once, and once when it is over. What was told cannot be
 * written down then, so each watchdog tells it for itself.
 */
export class StoreTrouble {
  readonly #notifier: Notifier;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #recorder: Recorder;
  #since: Instant | undefined;
  #told = false;

  constructor(notifier: Notifier, clock: Pick<Clock, 'now'>, recorder: Recorder) {
    this.#notifier = notifier;
    this.#clock = clock;
    this.#recorder = recorder;
  }

  /** Since when the store is out of reach; `undefined`: it is not. */
  get since(): Instant | undefined {
    return this.#since;
  }

  /** Takes in whether it could be read just now. */
  async note(failure: PortError | undefined): Promise<void> {
    const now = this.#clock.now();
    if (failure === undefined) {
      if (this.#since === undefined) return;
      this.#recorder.note('store.readable', { since: this.#since });
      this.#since = undefined;
      if (this.#told && (await this.#tell('the store can be used again', 'Connectors are looked after again.', '')))
        this.#told = false;
      return;
    }
    if (this.#since === undefined) {
      this.#since = now;
      this.#recorder.note('store.unreadable', { code: failure.code, reason: failure.message });
    }
    if (this.#told || secondsBetween(this.#since, now) < toldAfterSeconds) return;
    const means = `Nothing is done for any connector, for nothing could be written down. It is so since ${this.#since}.`;
    this.#told = await this.#tell('the store cannot be used', means, failure.message);
  }

  async #tell(headline: string, means: string, reason: string): Promise<boolean> {
    try {
      await this.#notifier.tell({
        connector: '',
        subject: subject('ALL CONNECTORS', headline),
        text: paragraphs([means, section('What was seen', [reason])]),
      });
      return true;
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      this.#recorder.note('port.error', { code: error.code, reason: error.message });
      return false;
    }
  }
}
