import type { LocalClock } from '../../clock.ts';
import type { Random } from '../../seededRandom.ts';
import type { TaskLog } from './taskLog.ts';

export interface KeepAliveParts {
  readonly clock: LocalClock;
  readonly random: Random;
  readonly log: TaskLog;
  /** Host and port. */
  readonly server: string;
  /** `connect.keep.alive.interval.ms`. */
  readonly intervalMs: number;
  readonly reachable: () => boolean;
  /** The old connection is given up. */
  readonly seeking: () => void;
  readonly connected: () => void;
}

/** How long an attempt to connect lasts before it is given up: Debezium's default `connect.timeout.ms`. */
const attemptMs = 30_000;

/** When silence was noticed in the measurements, after the break: 75 to 107 s at an interval of 60 s. */
const noticed = { fromSeconds: 75, toSeconds: 107, atIntervalMs: 60_000 };

/** The binlog client's keep-alive: it notices that nothing comes any more and connects anew, again and again (measured: every 90 s). */
export class BinlogKeepAlive {
  readonly #parts: KeepAliveParts;
  #attempting = false;
  #callOff: () => void = () => undefined;

  constructor(parts: KeepAliveParts) {
    this.#parts = parts;
  }

  /** The connection went silent now. */
  watch(noticedAfterSeconds?: number): void {
    const { clock, random, intervalMs } = this.#parts;
    const share = intervalMs / noticed.atIntervalMs;
    const drawn = (noticed.fromSeconds + random() * (noticed.toSeconds - noticed.fromSeconds)) * share;
    this.#wake(clock.now() + (noticedAfterSeconds ?? drawn) * 1000, () => this.#attempt());
  }

  /** The source answers again: an attempt under way succeeds; between two, the next one will. */
  sourceBack(): void {
    if (this.#attempting) this.#succeed();
  }

  end(): void {
    this.#attempting = false;
    this.#callOff();
  }

  #attempt(): void {
    const { clock, log, server, intervalMs, reachable, seeking } = this.#parts;
    log.lostConnection(server);
    seeking();
    this.#attempting = true;
    if (reachable()) {
      this.#succeed();
      return;
    }
    this.#wake(clock.now() + attemptMs, () => {
      this.#attempting = false;
      log.stillLost(server, intervalMs);
      this.#wake(clock.now() + intervalMs, () => this.#attempt());
    });
  }

  #succeed(): void {
    this.end();
    this.#parts.connected();
  }

  #wake(whenMs: number, callback: () => void): void {
    this.#callOff();
    this.#callOff = this.#parts.clock.at(whenMs, callback);
  }
}
