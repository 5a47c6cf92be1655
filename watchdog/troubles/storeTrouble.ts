import { paragraphs, section, subject } from '../../recovery/messageParts.ts';
import { PortError } from '../../recovery/ports.ts';
import type { Clock, Notifier, Recorder } from '../../recovery/ports.ts';
import { secondsBetween } from '../../recovery/time.ts';
import type { Instant } from '../../recovery/time.ts';
import type { StoreSeen } from '../looks/knownJournals.ts';

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

  /** Takes in whether it could be read just now; a look that asked it for nothing says nothing. */
  async note(seen: StoreSeen): Promise<void> {
    switch (seen.kind) {
      case 'not-asked':
        return;
      case 'reached':
        return this.#noteReached();
      case 'out-of-reach':
        return this.#noteOutOfReach(seen.error, this.#clock.now());
    }
  }

  async #noteReached(): Promise<void> {
    if (this.#since !== undefined) {
      this.#recorder.note('store.readable', { since: this.#since });
      this.#since = undefined;
    }
    // Who could not be told that it is over hears so as soon as he can be: until then he takes it for out of reach.
    if (this.#told)
      this.#told = !(await this.#tell('the store can be used again', 'Connectors are looked after again.'));
  }

  async #noteOutOfReach({ code, message }: PortError, now: Instant): Promise<void> {
    if (this.#since === undefined) {
      this.#since = now;
      this.#recorder.note('store.unreadable', { code, reason: message });
    }
    if (this.#told || secondsBetween(this.#since, now) < toldAfterSeconds) return;
    const means = `Nothing is done for any connector, for nothing could be written down. It is so since ${this.#since}.`;
    this.#told = await this.#tell('the store cannot be used', means, message);
  }

  async #tell(headline: string, means: string, reason?: string): Promise<boolean> {
    try {
      await this.#notifier.tell({
        connector: '',
        subject: subject('ALL CONNECTORS', headline),
        text: paragraphs([means, ...(reason === undefined ? [] : [section('What was seen', [reason])])]),
      });
      return true;
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      this.#recorder.note('port.error', { code: error.code, reason: error.message });
      return false;
    }
  }
}
