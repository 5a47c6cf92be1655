import type { Breaker, Policy } from '../recovery/policy.ts';
import { policyDefaults } from './defaults.ts';

/** What holds in `watchdog.json` where nothing is said. */
export const watchdogDefaults = {
  name: 'connector-watchdog',
  // A round of 500 connectors takes under 2 s (`npm run bench`), and a FAILED task is worth seconds, not minutes.
  pollSeconds: 10,
  connectors: ['*'],
  // Shorter than a poll, so that a worker that hangs costs its own answer and not the round; twice what an expanded list of 500 connectors takes.
  timeoutSeconds: 5,
  // Kafka Connect's own default: https://kafka.apache.org/documentation/#connectconfigs_offset.flush.interval.ms
  offsetFlushSeconds: 60,
  prometheusPath: '/metrics',
  // Nobody else sees what it shows, until somebody says so.
  host: '127.0.0.1',
  // Free on a worker's host: Connect's REST interface has 8083, the JMX agents mostly take 9404 or 7071.
  port: 8089,
  // A recovery mostly waits; so many at once are no load, and a cluster that is down as a whole is held by the breaker anyway.
  recoveriesAtOnce: 20,
  others: 'must-be-none',
} as const;

/** Two may be chance; half of a cluster is not. A restart finds out whether the cause is over. */
export const clusterBreaker: Breaker = { atLeast: 3, share: 0.5, probe: 'restart' };

/** What is allowed, and how patiently, for connectors of a self-managed Kafka Connect. */
export const selfManagedDefaults = {
  missedBeats: policyDefaults.evidence.missedBeats,
  waits: {
    // The REST call answers within moments, a rebalance takes seconds; Connect's own worker gives a task 5 s to stop
    // (task.shutdown.graceful.timeout.ms), and one that does not stop is left behind. Two minutes are more than any of it.
    restartSeconds: 120,
    // Measured: after a restart commits came back after at most 115 s (Debezium waits for the dead task's metrics names), flushed once a minute.
    verifySeconds: 180,
    // Measured: with keep-alive on, a half-open connection heals within 75 to 107 s. What is FAILED heals never, and is not waited for.
    healSeconds: policyDefaults.waits.healSeconds,
    outOfReachSeconds: policyDefaults.waits.outOfReachSeconds,
  },
  limits: {
    // Each rung of the ladder once: what the first did not cure, a second seldom does.
    restartsPerRecovery: 1,
    // A restart is cheap here, and the pauses between them grow; what fails more often than this in a day needs a person.
    recoveriesPerDay: 10,
    // After the first restart that finds a source still away; every other pause is one of `backOffSeconds`, which begin at two minutes.
    cooldownSeconds: 120,
  },
} as const satisfies {
  readonly missedBeats: number;
  readonly waits: Partial<Policy['waits']>;
  readonly limits: Partial<Policy['limits']>;
};

/**
 * Records or commits at most this old are a sign of life: two flush intervals of the worker, for within one every healthy position stands still, and
 * never less than three polls, for what is looked at every so often is seen no sooner.
 */
export function livelySecondsOf(offsetFlushSeconds: number, pollSeconds: number): number {
  return Math.max(2 * offsetFlushSeconds, 3 * pollSeconds);
}

/**
 * n² + n minutes after the nth act in a row that brought nothing back, as Strimzi's operator pauses between its restarts of a connector:
 * 2, 6, 12, 20, 30, 42, 56 minutes.
 * @see https://strimzi.io/docs/operators/latest/deploying#con-auto-restart-connector-str
 */
export const backOffSeconds: readonly number[] = [120, 360, 720, 1200, 1800, 2520, 3360];
