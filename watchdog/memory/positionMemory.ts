import type { Position } from '../../recovery/signs.ts';
import { secondsBetween } from '../../recovery/time.ts';
import type { Instant } from '../../recovery/time.ts';

/** Between readings that lie further apart nobody knows what happened. */
const gapSeconds = 120;

/** Whether committed offsets move, as successive readings show. Of the offsets themselves only a text is kept that tells them apart. */
export class PositionMemory {
  #text: string | undefined;
  #since: Instant = '';
  #readAt: Instant = '';
  #movedAt: Instant | undefined;
  #movedAfter: Instant | undefined;

  /** `text`: the same whenever the offsets are. */
  add(at: Instant, text: string): void {
    if (at <= this.#readAt) return;
    if (this.#text === undefined || secondsBetween(this.#readAt, at) > gapSeconds) {
      this.#since = at;
      this.#movedAt = undefined;
    } else if (text !== this.#text) {
      this.#movedAt = at;
      this.#movedAfter = this.#readAt;
    }
    this.#text = text;
    this.#readAt = at;
  }

  /** What comes now has nothing to do with what was: others hold it, or nobody moved it on purpose. */
  forget(): void {
    this.#text = undefined;
    this.#movedAt = undefined;
  }

  /** `undefined`: nothing was read, or too long ago to be of use. */
  get(now: Instant): Position | undefined {
    if (this.#text === undefined || secondsBetween(this.#readAt, now) > gapSeconds) return undefined;
    const moved =
      this.#movedAt === undefined || this.#movedAfter === undefined
        ? {}
        : { movedAt: this.#movedAt, movedAfter: this.#movedAfter };
    return { kind: 'read', since: this.#since, readAt: this.#readAt, ...moved };
  }
}
