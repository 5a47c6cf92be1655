import type { Journal } from './journal.ts';
import { PortError } from './ports.ts';
import type { Ports } from './ports.ts';
import { forgetCallOff, keepOrders, readJournal } from './standingOrders.ts';
import type { Instant } from './time.ts';
import { plusSeconds, secondsBetween } from './time.ts';

/** How long a lease lasts unless it is renewed: a few polls, so that a dead holder does not block for long. */
const leaseSeconds = 90;
/** Renewed when less than this is left. */
const renewBelowSeconds = 60;
/** A journal that is stored too slowly so many times in a row is left to the next look. */
const mostWrites = 3;
/** The clocks of two invocations may differ by this much. */
const clockSkewSeconds = 10;

/** Somebody else wrote the journal since: we hold nothing any more and must not act. */
export class LeaseLost extends Error {
  constructor(connector: string) {
    super(`The journal of ${connector} was written by somebody else; this invocation stops.`);
    this.name = 'LeaseLost';
  }
}

/**
 * A connector's journal, held by a lease. Lease and content are one object, written by compare and swap only: whoever lost the
 * lease cannot write, and who cannot write does not act, for every act is written before it is done.
 */
export class HeldJournal {
  readonly #ports: Ports;
  readonly #holder: string;
  #journal: Journal;
  #tag: string | undefined;

  private constructor(ports: Ports, holder: string, journal: Journal, tag: string | undefined) {
    this.#ports = ports;
    this.#holder = holder;
    this.#journal = journal;
    this.#tag = tag;
  }

  /** Takes the lease, or says until when somebody else holds it. A journal that cannot be read is replaced (the bucket keeps its old versions); orders stay. */
  static async take(
    ports: Ports,
    connector: string,
    holder: string,
  ): Promise<HeldJournal | { readonly kind: 'held'; readonly until: Instant }> {
    const { journal, tag } = await readJournal(ports, connector);
    const now = ports.clock.now();
    const { lease } = journal;
    if (lease !== undefined && lease.holder !== holder && secondsBetween(lease.until, now) < clockSkewSeconds) {
      return { kind: 'held', until: lease.until };
    }
    const held = new HeldJournal(ports, holder, journal, tag);
    try {
      await held.write(journal);
    } catch (error) {
      if (error instanceof LeaseLost) return { kind: 'held', until: plusSeconds(now, leaseSeconds) };
      throw error;
    }
    await held.#keepOrders();
    return held;
  }

  /** What it says of orders is kept beside it, also where that was lost, or is of a version that kept none. A look goes on without. */
  async #keepOrders(): Promise<void> {
    const { connector, hold, calledOff } = this.#journal;
    if (hold === undefined && calledOff === undefined) return;
    try {
      await keepOrders(this.#journal, this.#ports, connector);
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      this.#ports.recorder.note('port.error', { connector, code: error.code, reason: error.message });
    }
  }

  get journal(): Journal {
    return this.#journal;
  }

  /**
   * Writes the journal and renews the lease. A write that took long is done once more, so that whoever goes on from here to act does so within
   * the lease: the one that it wrote may have ended before it was stored, and somebody else may have it.
   * @throws LeaseLost, PortError
   */
  async write(journal: Journal): Promise<void> {
    for (let tries = 1; tries <= mostWrites; tries += 1) {
      const until = plusSeconds(this.#ports.clock.now(), leaseSeconds);
      // oxlint-disable-next-line no-await-in-loop -- each write goes over the one before
      await this.#swap({ ...journal, lease: { holder: this.#holder, until } });
      if (secondsBetween(this.#ports.clock.now(), until) > renewBelowSeconds) return;
    }
    throw new PortError('unavailable', 'the journal is stored so slowly that nobody can act by it');
  }

  /** Renews the lease when it is about to end. @throws LeaseLost, PortError */
  async renew(): Promise<void> {
    const { lease } = this.#journal;
    if (lease !== undefined && secondsBetween(this.#ports.clock.now(), lease.until) > renewBelowSeconds) return;
    await this.write(this.#journal);
  }

  /** Writes the journal without a lease: the next one may take it at once. @throws LeaseLost, PortError */
  async release(journal: Journal): Promise<void> {
    const { lease: _lease, ...free } = journal;
    await this.#swap(free);
  }

  async #swap(journal: Journal): Promise<void> {
    const { calledOff } = this.#journal;
    if (calledOff !== undefined && journal.calledOff === undefined)
      await forgetCallOff(calledOff, this.#ports, journal.connector);
    const answer = await this.#ports.journals.write(journal.connector, journal, this.#tag);
    if (answer.kind === 'lost') throw new LeaseLost(journal.connector);
    this.#tag = answer.tag;
    this.#journal = journal;
  }
}
