import type { Journal } from '../../recovery/journal.ts';
import { PortError } from '../../recovery/ports.ts';
import type { Journals, Neighbour, Neighbours } from '../../recovery/ports.ts';
import { secondsBetween } from '../../recovery/time.ts';
import type { Instant } from '../../recovery/time.ts';
import { callsAtOnce, inBatches } from '../../store/inBatches.ts';

/** A journal as it was last seen. */
export interface KnownJournal {
  readonly readAt: Instant;
  readonly found:
    | { readonly kind: 'read'; readonly journal: Journal | undefined }
    | { readonly kind: 'broken'; readonly reason: string }
    /** The store did not give it; nobody acts on what he cannot write down. */
    | { readonly kind: 'unreadable'; readonly reason: string };
}

/** What a look at the store says of the store itself. */
export type StoreSeen =
  | { readonly kind: 'reached' }
  | { readonly kind: 'out-of-reach'; readonly error: PortError }
  /** Everything was known already: whether it could be read, nobody can say. */
  | { readonly kind: 'not-asked' };

/** Whatever nothing stands in is read again so often: another watchdog, or a person's order, may have written it. */
const againSeconds = 300;
/** Of a neighbour no older view than this bears on what is done. */
const neighbourSeconds = 60;
/** Journals that are read again in one round, at most: a store of a cloud counts them. */
const mostAgain = 25;

/**
 * What is known of journals without asking the store each time: what was read last, and what was written through `port` since. The engine itself
 * always reads and writes the store, by compare and swap; this only tells whom to look at.
 */
export class KnownJournals {
  readonly #store: Journals;
  readonly #now: () => Instant;
  readonly #known = new Map<string, KnownJournal>();

  constructor(store: Journals, now: () => Instant) {
    this.#store = store;
    this.#now = now;
  }

  /** The port Journals, which remembers what goes through it. */
  get port(): Journals {
    return {
      read: async (connector) => {
        const found = await this.#store.read(connector);
        this.#remember(
          connector,
          'kind' in found ? { kind: 'broken', reason: found.reason } : { kind: 'read', journal: found.journal },
        );
        return found;
      },
      write: async (connector, journal, tag) => {
        const answer = await this.#store.write(connector, journal, tag);
        // Whoever was faster wrote something that nobody here has seen.
        if (answer.kind === 'written') this.#remember(connector, { kind: 'read', journal });
        else this.#known.delete(connector);
        return answer;
      },
    };
  }

  of(connector: string): KnownJournal | undefined {
    return this.#known.get(connector);
  }

  /** Connectors in whose journals something is under way, stands, or waits to be told. */
  unfinished(): readonly string[] {
    return [...this.#known].flatMap(([connector, { found }]) =>
      found.kind === 'read' && isUnfinished(found.journal) ? [connector] : [],
    );
  }

  /**
   * Reads what is not known yet, what could not be read, what somebody may be writing, and a part of the rest in its turn. Gives whether the store
   * could be read.
   */
  async refresh(connectors: readonly string[]): Promise<StoreSeen> {
    const now = this.#now();
    const due = connectors.map((connector) => {
      const known = this.#known.get(connector);
      if (known === undefined || known.found.kind === 'unreadable') return { connector, first: true, age: Infinity };
      const { found, readAt } = known;
      const first = found.kind === 'read' && isUnfinished(found.journal);
      return { connector, first, age: secondsBetween(readAt, now) };
    });
    const again = due
      .filter(({ first, age }) => !first && age >= againSeconds)
      .toSorted((a, b) => b.age - a.age)
      .slice(0, mostAgain);
    const asked = [...due.filter(({ first }) => first), ...again].map(({ connector }) => connector);
    if (asked.length === 0) return { kind: 'not-asked' };
    const error = await this.#readAll(asked);
    return error === undefined ? { kind: 'reached' } : { kind: 'out-of-reach', error };
  }

  /** The port Neighbours, from what is known, a minute old at most. `among`: every connector of the stack. */
  neighbours(among: () => readonly string[]): Neighbours {
    return {
      of: async (self) => {
        const others = among().filter((connector) => connector !== self);
        const now = this.#now();
        const old = others.filter((connector) => {
          const known = this.#known.get(connector);
          return (
            known === undefined ||
            known.found.kind === 'unreadable' ||
            secondsBetween(known.readAt, now) > neighbourSeconds
          );
        });
        await this.#readAll(old);
        return others.map((connector) => neighbourOf(connector, this.#known.get(connector)));
      },
    };
  }

  /** As `neighbours`, without asking anybody. */
  knownNeighbours(self: string, among: readonly string[]): readonly Neighbour[] {
    return among
      .filter((connector) => connector !== self)
      .map((connector) => neighbourOf(connector, this.#known.get(connector)));
  }

  /** Forgets those of a cluster that are gone and leave nothing unfinished. */
  forgetAllBut(cluster: string, connectors: ReadonlySet<string>): void {
    const kept = new Set([...connectors, ...this.unfinished()]);
    for (const connector of this.#known.keys())
      if (connector.startsWith(`${cluster}/`) && !kept.has(connector)) this.#known.delete(connector);
  }

  async #readAll(connectors: readonly string[]): Promise<PortError | undefined> {
    let failure: PortError | undefined;
    await inBatches(connectors, callsAtOnce, async (connector) => {
      try {
        await this.port.read(connector);
      } catch (error) {
        if (!(error instanceof PortError)) throw error;
        failure = error;
        this.#remember(connector, { kind: 'unreadable', reason: error.message });
      }
    });
    return failure;
  }

  #remember(connector: string, found: KnownJournal['found']): void {
    this.#known.set(connector, { readAt: this.#now(), found });
  }
}

function neighbourOf(connector: string, known: KnownJournal | undefined): Neighbour {
  if (known === undefined) return { kind: 'unreadable', connector, reason: 'not read' };
  const { found } = known;
  return found.kind === 'read'
    ? { kind: 'read', connector, journal: found.journal }
    : { kind: 'unreadable', connector, reason: found.reason };
}

/** Whether a journal asks for looks though its connector may be well. */
function isUnfinished(journal: Journal | undefined): boolean {
  if (journal === undefined) return false;
  const { lease, recovery, standing, untold = [], calledOff, stack } = journal;
  return [lease, recovery, standing, calledOff, stack?.suspected].some((one) => one !== undefined) || untold.length > 0;
}
