import type { Strike } from '../../local/actors/strike.ts';
import { seededRandom } from '../../local/seededRandom.ts';
import { failures, type Compared, type Failure } from './compareOptions.ts';
import { drawDurations, rowsPerSecond, type DrawnDurations } from './durations.ts';

/** What is the same for both worlds in one run, and what is drawn for it. */
export interface Plan extends Compared {
  /** Of every chance inside the worlds. */
  readonly seed: number;
  /** In the run's own time, milliseconds since the epoch, as all of these. */
  readonly startMs: number;
  /** When the product is put beside connectors that run already. */
  readonly deployAtMs: number;
  readonly failAtMs: number;
  /** Nobody waits longer than that. */
  readonly giveUpAtMs: number;
  readonly rowsPerSecond: number;
  /** What MSK Connect takes for its part. */
  readonly durations: DrawnDurations['durations'];
  /** What is the MSK Connect world's own. */
  readonly msk: DrawnDurations['msk'];
  /** What is the self-managed world's own. */
  readonly selfManaged: DrawnDurations['selfManaged'];
  /** From a request's departure to its arrival, and the same for the answer: drawn evenly up to so long. */
  readonly longestTravelMs: number;
}

const minuteMs = 60_000;
/** Longer than any creation. */
const untilDeployedMs = 6 * minuteMs;
/** Sweeps have run, the configuration is saved, the alarms know their metrics, the watchdog has polled for a while. */
const healthyMs = 6 * minuteMs;
/** A recreation takes up to ten minutes, and its proof some more. */
const longestMs = 60 * minuteMs;

/** The plan of the run with that seed: the failure comes at any moment of a minute, and so of a flush and of a poll. */
export function planOf(compared: Compared, seed: number): Plan {
  const random = seededRandom(seed);
  const startMs = Date.UTC(2026, 0, 5, 8) + Math.floor(random() * minuteMs);
  const deployAtMs = startMs + untilDeployedMs;
  const failAtMs = deployAtMs + healthyMs + Math.floor(random() * minuteMs);
  return {
    ...compared,
    seed,
    startMs,
    deployAtMs,
    failAtMs,
    giveUpAtMs: failAtMs + longestMs,
    rowsPerSecond,
    ...drawDurations(random),
  };
}

export function failureText(failure: Failure): string {
  return failures[failure];
}

/** With keep-alive on, the same broken connection heals. */
export function strikeOf(failure: Failure): Strike {
  return failure === 'failed-task' ? 'failed-task' : 'half-open';
}

/** Kafka Connect's own name for it, which a self-managed worker says. */
export function workerVersionOf(connectVersion: Compared['connectVersion']): string {
  return connectVersion === '3.7.x' ? '3.7.1' : connectVersion;
}
