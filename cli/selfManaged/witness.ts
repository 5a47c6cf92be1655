import type { RestRequest } from '../../local/selfManagedReal/connectCluster.ts';
import type { TopicRows } from '../../local/real/rows/topicRows.ts';
import type { Source } from './cast.ts';
import type { WatchdogLine } from './watchdogProcess.ts';
import { clusterName } from './world.ts';

/** How one connector fared, in milliseconds since the epoch. */
export interface Fate {
  cutAtMs?: number;
  /** When the watchdog first saw that something is wrong with it. */
  seenAtMs?: number;
  /** Whether it said meanwhile what it waits for. */
  waited?: boolean;
  /** When it first decided to do something. */
  decidedAtMs?: number;
  /** Each change that was asked of Kafka Connect for it, as the worker's own log has it. */
  readonly acts: { readonly atMs: number; readonly text: string; readonly accepted: boolean }[];
  /** When the first row arrived that was written after the cut. */
  rowsAtMs?: number;
  /** How many rows were written between the cut and then, and had not arrived before. */
  rowsWaited?: number;
  /** When the watchdog said that data was seen flowing. */
  provedAtMs?: number;
  /** Outcomes that it finished with since the cut. */
  readonly outcomes: string[];
}

/**
 * A follower gives a task's configuration to the leader, and hands on what it was asked (with `forward`).
 * @see https://github.com/apache/kafka/blob/3.7/connect/runtime/src/main/java/org/apache/kafka/connect/runtime/rest/resources/InternalClusterResource.java
 */
const amongWorkers = /\/(tasks|fence)(\?|$)|[?&]forward=/;

/** What a witness tells whoever shows it. */
export type Seen = (
  what: 'seen' | 'waits' | 'decided' | 'acted' | 'rows' | 'finished',
  name: string,
  fate: Fate,
  text: string,
) => void;

/** Watches from outside: the watchdog's log, the requests that the workers answered, the rows in the topics. */
export class Witness {
  readonly #seen: Seen;
  readonly #fates: ReadonlyMap<string, Fate>;

  constructor(sources: readonly Source[], seen: Seen) {
    this.#seen = seen;
    this.#fates = new Map(sources.map(({ name }) => [name, { acts: [], outcomes: [] }]));
  }

  fate(name: string): Fate {
    const fate = this.#fates.get(name);
    if (fate === undefined) throw new Error(`${name} is not in the cast.`);
    return fate;
  }

  /** A line of the watchdog's log. */
  heard({ atMs, event, connector, why = '', reason = '', outcome }: WatchdogLine): void {
    const name =
      connector?.startsWith(`${clusterName}/`) === true ? connector.slice(clusterName.length + 1) : undefined;
    const fate = name === undefined ? undefined : this.#fates.get(name);
    if (name === undefined || fate?.cutAtMs === undefined) return;
    if (event === 'look' && fate.seenAtMs === undefined) {
      fate.seenAtMs = atMs;
      this.#seen('seen', name, fate, why);
    }
    if (event === 'waiting' && fate.seenAtMs !== undefined && fate.decidedAtMs === undefined && fate.waited !== true) {
      fate.waited = true;
      this.#seen('waits', name, fate, reason);
    }
    if (event === 'decided.restart' && fate.decidedAtMs === undefined) {
      fate.seenAtMs ??= atMs;
      fate.decidedAtMs = atMs;
      this.#seen('decided', name, fate, reason);
    }
    if (event === 'finished' && outcome !== undefined) {
      fate.outcomes.push(outcome);
      if (outcome === 'recovered') fate.provedAtMs ??= atMs;
      this.#seen('finished', name, fate, `${outcome}: ${reason}`);
    }
  }

  /** A request that a worker answered. What only asks, and what creates or configures, as we do, is no act; nor is what workers say to each other. */
  answered({ method, path, status }: RestRequest): void {
    const [, encoded] = /^\/connectors\/([^/?]+)/.exec(path) ?? [];
    if (method === 'GET' || encoded === undefined || /\/config(\?|$)/.test(path) || amongWorkers.test(path)) return;
    const name = decodeURIComponent(encoded);
    const fate = this.#fates.get(name);
    if (fate === undefined) return;
    const text = `${method} ${path} ${status}`;
    fate.acts.push({ atMs: Date.now(), text, accepted: status < 300 });
    this.#seen('acted', name, fate, text);
  }

  /** Looks for the first row that was written after something was done, or after the cut where nothing was. */
  look(name: string, rows: TopicRows, writtenAtMs: ReadonlyMap<number, number>): void {
    const fate = this.fate(name);
    const { cutAtMs, rowsAtMs } = fate;
    const sinceMs = fate.acts.find(({ accepted }) => accepted)?.atMs;
    if (cutAtMs === undefined || sinceMs === undefined || rowsAtMs !== undefined) return;
    const first = Math.min(...[...rows.arrivals.values()].filter((atMs) => atMs > sinceMs));
    if (first === Number.POSITIVE_INFINITY) return;
    fate.rowsAtMs = first;
    // By when they were written, not by who is here already: how many of them came by this look depends on when it is taken.
    fate.rowsWaited = [...writtenAtMs].filter(
      ([id, atMs]) => atMs >= cutAtMs && atMs < first && (rows.arrivals.get(id) ?? first) >= first,
    ).length;
    this.#seen('rows', name, fate, `rows arrive again, ${fate.rowsWaited} that had waited first`);
  }
}
