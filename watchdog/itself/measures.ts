import type { Journal } from '../../recovery/journal.ts';
import { secondsBetween } from '../../recovery/time.ts';
import type { Instant } from '../../recovery/time.ts';
import { Exposition } from './exposition.ts';
import type { Counter, Histogram, Labels } from './exposition.ts';

/** What the page of metrics is made of each time that it is asked for. */
export interface Readings {
  /** By cluster: how many connectors have which verdict, `paused` and the like where none is given. */
  readonly verdicts: () => readonly (readonly [labels: Labels, value: number])[];
  /** By cluster: when its last round ended, in seconds since the epoch. */
  readonly lastRounds: () => readonly (readonly [labels: Labels, value: number])[];
  /** By cluster and state: workers. */
  readonly workers: () => readonly (readonly [labels: Labels, value: number])[];
  readonly recoveriesUnderWay: () => number;
}

/** The watchdog's own metrics. */
export class Measures {
  readonly #page = new Exposition();
  readonly #recoveries: Counter;
  readonly #looks: Counter;
  readonly #tells: Counter;
  readonly #detect: Histogram;
  readonly #recover: Histogram;
  readonly #round: Histogram;
  /** The newest recovery of each connector that was counted. */
  readonly #newest = new Map<string, string>();

  constructor(readings: Readings) {
    const page = this.#page;
    page.gauge('connector_watchdog_up', '1 while the watchdog runs.', () => [[{}, 1]]);
    page.gauge(
      'connector_watchdog_last_round_timestamp_seconds',
      'When the last round over a cluster ended.',
      readings.lastRounds,
    );
    page.gauge('connector_watchdog_connectors', 'Connectors that are looked after, by verdict.', readings.verdicts);
    page.gauge(
      'connector_watchdog_workers',
      'Kafka Connect workers, by what the last round saw of them.',
      readings.workers,
    );
    page.gauge('connector_watchdog_recoveries_under_way', 'Calls of the engine that are under way.', () => [
      [{}, readings.recoveriesUnderWay()],
    ]);
    this.#recoveries = page.counter('connector_watchdog_recoveries_total', 'Recoveries that ended, by outcome.');
    this.#looks = page.counter('connector_watchdog_looks_total', 'Connectors that were handed to the engine.');
    this.#tells = page.counter('connector_watchdog_messages_total', 'Messages to people, by channel and result.');
    this.#detect = page.histogram(
      'connector_watchdog_detect_seconds',
      'From the first moment of a silence, or of a FAILED, to the opening of its recovery.',
      [5, 10, 20, 30, 60, 120, 180, 300, 600, 1800],
    );
    this.#recover = page.histogram(
      'connector_watchdog_recover_seconds',
      'From the opening of a recovery to data seen flowing again.',
      [5, 10, 20, 30, 60, 120, 180, 300, 600, 1800, 3600],
    );
    this.#round = page.histogram(
      'connector_watchdog_round_seconds',
      'How long a round over a cluster took.',
      [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10],
    );
  }

  text(): string {
    return this.#page.text();
  }

  round(cluster: string, seconds: number): void {
    this.#round.observe({ cluster }, seconds);
  }

  look(cluster: string): void {
    this.#looks.add({ cluster });
  }

  told(channel: string, result: 'told' | 'failed'): void {
    this.#tells.add({ channel, result });
  }

  /** Counts how long it took to open the newest recovery of a connector that fell silent at `since`, once. */
  opened(cluster: string, connector: string, since: Instant | undefined, journal: Journal | undefined): void {
    const opened = journal?.recovery ?? journal?.history[0];
    if (opened === undefined || since === undefined || opened.openedAt < since) return;
    if (this.#newest.get(connector) === opened.id) return;
    this.#newest.set(connector, opened.id);
    this.#detect.observe({ cluster }, secondsBetween(since, opened.openedAt));
  }

  /** Memory is bounded by what there is. */
  forgetAllBut(cluster: string, connectors: ReadonlySet<string>): void {
    for (const connector of this.#newest.keys())
      if (connector.startsWith(`${cluster}/`) && !connectors.has(connector)) this.#newest.delete(connector);
  }

  /** Counts the recoveries that `after` knows to have ended and `before` did not. */
  ended(cluster: string, before: Journal | undefined, after: Journal | undefined): void {
    const known = new Set(before?.history.map(({ id }) => id));
    for (const { id, outcome, openedAt, endedAt } of after?.history ?? []) {
      if (known.has(id)) continue;
      this.#recoveries.add({ cluster, outcome });
      if (outcome === 'recovered') this.#recover.observe({ cluster }, secondsBetween(openedAt, endedAt));
    }
  }
}
