import type { Untold } from './journal.ts';
import type { HeldJournal } from './lease.ts';
import type { Message } from './message.ts';
import { PortError } from './ports.ts';
import type { Ports } from './ports.ts';
import { secondsBetween } from './time.ts';
import type { Instant } from './time.ts';

/** How many messages wait for a notifier that takes none; older ones are the least news. */
const mostUntold = 10;

/** A message is written before it is told where it must not be lost; so soon after it, that is no news. */
const lateSeconds = 60;

/** What was to be said and could not be: the invocation ends in error, so that those who watch our errors hear of it. */
export class Unheard extends Error {
  constructor(connector: string, cause: PortError) {
    super(`What happened to ${connector} is written, and nobody could be told: ${cause.message}`, { cause });
    this.name = 'Unheard';
  }
}

/** Whether an error does not pass by itself: somebody has to mend something. */
export function stands(error: PortError): boolean {
  return error.code === 'denied' || error.code === 'unexpected';
}

/** Tells people during one invocation, and knows what they have not heard. A notifier that refuses never keeps a connector from its recovery. */
export class Telling {
  readonly #ports: Ports;
  readonly #connector: string;
  #refusal: PortError | undefined;

  constructor(ports: Ports, connector: string) {
    this.#ports = ports;
    this.#connector = connector;
  }

  /** Why people could not be told, if they could not. */
  get unheard(): Unheard | undefined {
    return this.#refusal === undefined ? undefined : new Unheard(this.#connector, this.#refusal);
  }

  /**
   * Whether the message was taken; not where the notifier's refusal stands.
   * @throws PortError what may pass by itself
   */
  async tell(message: Message): Promise<boolean> {
    try {
      await this.#ports.notifier.tell(message);
    } catch (error) {
      if (!(error instanceof PortError) || !stands(error)) throw error;
      const { code, message: reason } = error;
      this.#ports.recorder.note('port.error', { connector: this.#connector, code, reason });
      this.#refusal = error;
      return false;
    }
    this.#refusal = undefined;
    return true;
  }

  /** Says what earlier invocations could not say, the oldest first. What cannot be said now either stays written. @throws LeaseLost, PortError */
  async catchUp(held: HeldJournal): Promise<void> {
    for (;;) {
      const [first, ...later] = held.journal.untold ?? [];
      if (first === undefined) return;
      const { connector, subject, text } = first.message;
      const isLate = secondsBetween(first.at, this.#ports.clock.now()) > lateSeconds;
      const told = isLate ? `This could not be told at ${first.at}, when it was written.\n\n${text}` : text;
      // oxlint-disable-next-line no-await-in-loop -- in their order
      if (!(await this.tell({ connector, subject, text: told }))) return;
      const { untold: _untold, ...rest } = held.journal;
      // oxlint-disable-next-line no-await-in-loop -- each is written as told before the next is said
      await held.write(later.length === 0 ? rest : { ...rest, untold: later });
    }
  }
}

/** The messages that wait, with one more. */
export function withUntold(untold: readonly Untold[] | undefined, at: Instant, message: Message): readonly Untold[] {
  return [...(untold ?? []), { at, message }].slice(-mostUntold);
}
