import * as v from 'valibot';
import type { Untold } from '../../recovery/journal.ts';
import { PortError } from '../../recovery/ports.ts';
import type { Notifier } from '../../recovery/ports.ts';
import { withUntold } from '../../recovery/telling.ts';
import { secondsBetween } from '../../recovery/time.ts';
import type { Instant } from '../../recovery/time.ts';
import type { Objects } from '../../store/objects.ts';
import { keyOf } from './clusterTroubles.ts';
import type { ClusterTroubles, Trouble } from './clusterTroubles.ts';
import { composeTrouble, composeTroubleOver } from './composeTrouble.ts';

const instant = v.pipe(v.string(), v.isoTimestamp());
const record = v.object({
  schema: v.literal(1),
  cluster: v.string(),
  /** What people were told of and is not over. */
  troubles: v.array(
    v.object({
      kind: v.picklist(['unreadable', 'silent', 'slow', 'lost-its-group']),
      worker: v.optional(v.string()),
      since: instant,
      /** When somebody last saw it, and who. */
      seenAt: instant,
      by: v.string(),
    }),
  ),
  /** What people should have heard, oldest first: written with the change, and told after. */
  untold: v.optional(
    v.array(
      v.object({ at: instant, message: v.object({ connector: v.string(), subject: v.string(), text: v.string() }) }),
    ),
  ),
});
type TroubleRecord = v.InferOutput<typeof record>;
type Told = TroubleRecord['troubles'][number];

/** Whoever saw it ends it; another one only once that one has not said a word for so long. */
const abandonedSeconds = 300;
/** What is stored is read again so often: whoever saw a trouble may be gone, and nobody else would end it. */
const againSeconds = 300;
/** How often a trouble that lasts is written to be seen still. */
const renewSeconds = 60;
/** Who writes something down tells it within this time; what waits for longer, whoever comes by. */
const tellsWithinSeconds = 60;
/** Somebody else may write at the same moment; that two do so ten times is no chance. */
const mostTries = 10;

/** What is kept of a cluster's own troubles in the store, so that people hear of each once, however many watch it, and once when it is over. */
export class TroubleTeller {
  readonly #cluster: string;
  readonly #objects: Objects;
  readonly #notifier: Notifier;
  /** Who we are among several watchdogs. */
  readonly #by: string;
  #known: TroubleRecord | undefined;
  /** When that was read last, or written. */
  #knownAt: Instant | undefined;
  /** When we last wrote something that people are to hear. */
  #wroteAt: Instant | undefined;
  /** What we said last, which may wait in the record still. */
  #said: string | undefined;

  constructor(cluster: string, objects: Objects, notifier: Notifier, by: string) {
    this.#cluster = cluster;
    this.#objects = objects;
    this.#notifier = notifier;
    this.#by = by;
  }

  /** Brings the record up to date with what is seen, and tells what is new. @throws PortError */
  async bringUpToDate(seen: ClusterTroubles, now: Instant): Promise<void> {
    if (this.#knownAt !== undefined && secondsBetween(this.#knownAt, now) >= againSeconds) this.#known = undefined;
    for (let tries = 1; tries <= mostTries; tries += 1) {
      // What is known may be old; that something is to be written is found out on what is stored now.
      if (this.#known !== undefined && this.#after(this.#known, seen, now) === undefined) break;
      // oxlint-disable-next-line no-await-in-loop -- each try reads what the one before lost against
      const { before, tag } = await this.#read();
      const after = this.#after(before, seen, now);
      this.#known = after ?? before;
      this.#knownAt = now;
      if (after === undefined) break;
      // oxlint-disable-next-line no-await-in-loop -- as above
      const answer = await this.#objects.swap(this.#key, JSON.stringify(after, undefined, 2), tag);
      if (answer.kind === 'written') {
        this.#wroteAt = now;
        break;
      }
      this.#known = undefined;
    }
    await this.#tell(now);
  }

  get #key(): string {
    return `clusters/${this.#cluster}.json`;
  }

  /** The record with what has changed; `undefined`: nothing has. Pure. */
  #after(before: TroubleRecord, seen: ClusterTroubles, now: Instant): TroubleRecord | undefined {
    const lasting = seen.lasting;
    const told = new Set(before.troubles.map(keyOf));
    const begun = lasting.filter((one) => !told.has(keyOf(one)));
    const over = before.troubles.filter((one) => !seen.isSuspected(one) && this.#mayEnd(one, now));
    const renewed = before.troubles.filter(
      (one) => seen.isSuspected(one) && secondsBetween(one.seenAt, now) >= renewSeconds,
    );
    if (begun.length + over.length + renewed.length === 0) return undefined;
    const messages = [
      ...begun.map((one) => composeTrouble(this.#cluster, one)),
      ...over.map((one) => composeTroubleOver(this.#cluster, plain(one), now)),
    ];
    const untold = messages.reduce<readonly Untold[]>(
      (all, message) => withUntold(all, now, message),
      before.untold ?? [],
    );
    const stay = before.troubles
      .filter((one) => !over.includes(one))
      .map((one) => (renewed.includes(one) ? { ...one, seenAt: now, by: this.#by } : one));
    const next = begun.map(({ reason: _reason, ...one }) => ({ ...one, seenAt: now, by: this.#by }));
    return {
      schema: 1,
      cluster: this.#cluster,
      troubles: [...stay, ...next],
      ...(untold.length === 0 ? {} : { untold: [...untold] }),
    };
  }

  #mayEnd({ by, seenAt }: Told, now: Instant): boolean {
    return by === this.#by || secondsBetween(seenAt, now) >= abandonedSeconds;
  }

  /**
   * Says what waits, the oldest first; each is written as told before the next is said. Where that cannot be written, it is not said again by us, and
   * what is known may be old: whether it waits still, the store says.
   */
  async #tell(now: Instant): Promise<void> {
    for (let told = 0; told < mostTries; told += 1) {
      if (!this.#isDue(this.#known, now)) return;
      // oxlint-disable-next-line no-await-in-loop -- in their order
      const { before, tag } = await this.#read();
      this.#known = before;
      const [first, ...left] = before.untold ?? [];
      if (first === undefined || !this.#isDue(before, now)) return;
      const key = `${first.at} ${first.message.subject}`;
      // oxlint-disable-next-line no-await-in-loop -- as above
      if (this.#said !== key) await this.#notifier.tell(first.message);
      this.#said = key;
      const { untold: _untold, ...rest } = before;
      const after: TroubleRecord = left.length === 0 ? rest : { ...rest, untold: left };
      // oxlint-disable-next-line no-await-in-loop -- as above
      const answer = await this.#objects.swap(this.#key, JSON.stringify(after, undefined, 2), tag);
      this.#known = answer.kind === 'lost' ? undefined : after;
    }
  }

  /** Whether something waits to be said, by us or by anybody. */
  #isDue(known: TroubleRecord | undefined, now: Instant): boolean {
    const [first] = known?.untold ?? [];
    return first !== undefined && (first.at === this.#wroteAt || secondsBetween(first.at, now) > tellsWithinSeconds);
  }

  /** The record as it is stored; one that cannot be understood is begun anew, at the cost of telling once more. */
  async #read(): Promise<{ readonly before: TroubleRecord; readonly tag: string | undefined }> {
    const blank: TroubleRecord = { schema: 1, cluster: this.#cluster, troubles: [] };
    const found = await this.#objects.read(this.#key);
    switch (found.kind) {
      case 'missing':
        return { before: blank, tag: undefined };
      case 'denied':
        throw new PortError('denied', `${this.#objects.bucket}/${this.#key}: access denied`);
      case 'too-large':
        return { before: blank, tag: found.tag };
      case 'read': {
        try {
          const parsed = v.safeParse(record, JSON.parse(found.text));
          if (parsed.success && parsed.output.cluster === this.#cluster)
            return { before: parsed.output, tag: found.tag };
        } catch {
          // Falls through to what is begun anew.
        }
        return { before: blank, tag: found.tag };
      }
    }
  }
}

function plain({ kind, worker, since }: Told): Omit<Trouble, 'reason'> {
  return { kind, since, ...(worker === undefined ? {} : { worker }) };
}
