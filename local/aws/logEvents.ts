/** One line in a log group. */
export interface LogEvent {
  /** Grows with arrival; text as the API gives it. */
  readonly id: number;
  readonly timestamp: number;
  readonly ingestedAt: number;
  readonly stream: string;
  readonly message: string;
}

/** A place in a log group: everything up to and including it has been read. */
export interface LogPosition {
  readonly timestamp: number;
  readonly id: number;
}

/** The lines of one log group in the order of their time, the oldest dropped after a day. */
export class LogEvents {
  #events: LogEvent[] = [];
  readonly #keptMs: number;

  constructor(keptMs: number) {
    this.#keptMs = keptMs;
  }

  add(event: LogEvent): void {
    // Nearly always at the end; a late line goes where its time belongs.
    let at = this.#events.length;
    while (at > 0 && (this.#events[at - 1]?.timestamp ?? 0) > event.timestamp) at -= 1;
    this.#events.splice(at, 0, event);
    this.#drop(event.ingestedAt - this.#keptMs);
  }

  /** Lines from that time on (and after that position, if there is one), oldest first. */
  *from(startMs: number, after: LogPosition | undefined): Generator<LogEvent> {
    for (let index = this.#firstFrom(Math.max(startMs, after?.timestamp ?? startMs)); ; index += 1) {
      const event = this.#events[index];
      if (!event) return;
      const read = after && event.timestamp === after.timestamp && event.id <= after.id;
      if (!read) yield event;
    }
  }

  #firstFrom(timestamp: number): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#events[middle]?.timestamp ?? 0) < timestamp) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** In one go when a tenth is too old: taking lines off the front one by one would cost more than it saves. */
  #drop(before: number): void {
    const old = this.#firstFrom(before);
    if (old > 1000 && old * 10 > this.#events.length) this.#events = this.#events.slice(old);
  }
}
