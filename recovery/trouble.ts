import { alarmDue, alarmedAgain } from './alarmed.ts';
import { composeAlarm } from './composeAlarm.ts';
import type { Recovery } from './journal.ts';
import type { HeldJournal } from './lease.ts';
import type { PortError, Ports } from './ports.ts';
import type { Telling } from './telling.ts';
import type { Instant } from './time.ts';
import { duration, secondsBetween } from './time.ts';

/** An error that nobody knows may pass by itself; after so many tries it stands. */
const mostTries = 5;
/** What is begun and cannot go on for this long, people must know. */
const blindSeconds = 120;

/** Whether to try no longer: a missing right does not pass by itself; what nobody knows may, a few times. */
export function isFinal(error: PortError, tries: number): boolean {
  return error.code === 'denied' || (error.code === 'unexpected' && tries >= mostTries);
}

/** Steps of one invocation that failed in a row. */
export class Trouble {
  #tries = 0;
  #since: Instant | undefined;
  /** What was told of it, should the journal not take it. */
  #alarmed: Recovery['alarmed'];

  get tries(): number {
    return this.#tries;
  }

  again(at: Instant): void {
    this.#tries += 1;
    this.#since ??= at;
  }

  over(): void {
    this.#tries = 0;
    this.#since = undefined;
  }

  /**
   * Rule 3 for one that sees nothing: what is begun goes on, and people are told until it does. Nothing is told while nothing is begun.
   * @throws LeaseLost, PortError
   */
  async tell(error: PortError, held: HeldJournal, telling: Telling, ports: Ports): Promise<void> {
    const { recovery, connector } = held.journal;
    const at = ports.clock.now();
    const blind = secondsBetween(this.#since ?? at, at);
    if (recovery === undefined || blind < blindSeconds) return;
    const known = this.#alarmed === undefined ? recovery : { ...recovery, alarmed: this.#alarmed };
    if (!alarmDue(known, at)) return;
    const reason = `For ${duration(blind)} each look at it has failed: ${error.message}`;
    if (!(await telling.tell(composeAlarm(connector, reason, recovery, ports, 'blind')))) return;
    this.#alarmed = alarmedAgain(known, at);
    await held.write({ ...held.journal, recovery: { ...recovery, alarmed: this.#alarmed } });
  }
}
