import type { Act, Cell, CellOptions, Expectation } from './cell.ts';
import { variants } from './variants.ts';
import type { Variant } from './variants.ts';

const untouched: readonly Act[] = [];
const restarted: readonly Act[] = ['RestartConnector'];
const recreated: readonly Act[] = ['DeleteConnector', 'CreateConnector'];
/** What is created while its source is away is FAILED, and never given up (rule 3 of the design): it is tried again. */
const recreatedTwice: readonly Act[] = [...recreated, ...recreated];

const none = { least: 0, most: 0 } as const;
/** `recovery`'s `waits.healSeconds`: with keep-alive on, a half-open connection was measured to heal within 107 s. */
const healSeconds = 110;

/** What must come about; the rules of issue 4 for each course that a failure can take. Written before a cell runs. */
export function expectationOf(cell: Omit<Cell, 'id' | 'expects'>): Expectation {
  const variant = variants[cell.variant];
  switch (cell.failure) {
    case 'half-open':
      return halfOpen(cell, variant);
    case 'dropped-packets':
      if (variant.hasKeepAlive && !cell.options.keepAliveOff) {
        return { acts: [untouched], dataFlows: true, healsByItself: true, neverVerdict: 'dead', lost: lostBy(variant) };
      }
      // Whether TCP gives up, and what becomes of it then, is what this cell is to find out; the stream must be found dead meanwhile.
      return { acts: [untouched], verdict: 'dead', lost: lostBy(variant) };
    case 'hole-30s':
    case 'hole-60s':
    case 'reset':
      return cell.failure === 'reset' && variant.connect === '2.7.1'
        ? taskFailed(cell, variant)
        : { acts: [untouched], dataFlows: true, healsByItself: true, neverVerdict: 'dead', lost: lostBy(variant) };
    case 'hole-5min':
      if (cell.options.keepAliveOff && cell.remedy !== 'watch') {
        // With keep-alive off nothing that is seen from outside tells a hole from a half-open connection, so it may be restarted; no row may be lost.
        return { acts: [untouched, restarted, recreated, recreatedTwice], dataFlows: true, lost: lostBy(variant) };
      }
      return { acts: [untouched], dataFlows: true, healsByItself: true, lost: lostBy(variant) };
    case 'database-stopped':
    case 'database-killed':
      return databaseAway(cell, variant);
    case 'database-hangs':
      return { acts: [untouched], dataFlows: true, healsByItself: true, neverVerdict: 'dead', lost: lostBy(variant) };
    case 'password-changed':
      return databaseAway(cell, variant);
    case 'failover':
    case 'binlog-purged':
      // The rows in between may be gone from the log that it reads; what becomes of it is to be seen, and no deletion can help. It is not idle.
      return {
        acts: cell.remedy === 'watch' ? [untouched] : [untouched, restarted],
        neverVerdict: 'idle',
        lost: { least: 0, most: Infinity, because: 'they may not be in the log any more' },
      };
    case 'broker-hangs':
    case 'broker-stopped':
      return {
        acts: cell.remedy === 'watch' ? [untouched] : [untouched, restarted],
        dataFlows: true,
        lost: lostBy(variant),
      };
    case 'worker-killed':
      // MSK Connect starts a container again [inferred]; the stand-in does so after 10 s.
      return { acts: [untouched], dataFlows: true, healsByItself: true, lost: lostBy(variant) };
    case 'task-exception':
      return taskFailed(cell, variant);
    case 'idle':
      return { acts: [untouched], dataFlows: true, healsByItself: true, neverVerdict: 'dead', lost: none };
  }
}

function halfOpen(cell: Omit<Cell, 'id' | 'expects'>, variant: Variant): Expectation {
  const { options } = cell;
  if (variant.hasKeepAlive && !options.keepAliveOff && (cell.remedy === 'watch' || cell.remedy === 'product')) {
    return { acts: [untouched], dataFlows: true, healsByItself: true, neverVerdict: 'dead', lost: lostBy(variant) };
  }
  if (variant.id === 'postgres-3.7' && !options.heartbeats && (cell.remedy === 'watch' || cell.remedy === 'product')) {
    // Nothing that Connect shows tells it from an idle one (measured): never acted on.
    return { acts: [untouched], dataFlows: false, neverVerdict: 'dead', lost: none };
  }
  return dead(cell, variant);
}

/**
 * As `dead`, but nothing is to be waited for: Kafka Connect never starts a FAILED task again by itself.
 * https://kafka.apache.org/documentation/#connect_administration
 */
function taskFailed(cell: Omit<Cell, 'id' | 'expects'>, variant: Variant): Expectation {
  const { notBeforeSeconds: _none, ...expects } = dead(cell, variant);
  return expects;
}

/** It stays dead until somebody acts. */
function dead(cell: Omit<Cell, 'id' | 'expects'>, variant: Variant): Expectation {
  const found = { detectedWithinSeconds: detectionSeconds(cell.options), verdict: 'dead' } as const;
  const cured = { dataFlows: true, healsByItself: false, lost: lostBy(variant) } as const;
  switch (cell.remedy) {
    case 'watch':
      return { ...found, acts: [untouched], outcome: 'refused', dataFlows: false, healsByItself: false, lost: none };
    case 'product':
      return {
        ...found,
        ...cured,
        acts: [variant.connect === '2.7.1' ? recreated : restarted],
        notBeforeSeconds: healSeconds,
        outcome: 'recovered',
      };
    case 'product-then-by-hand':
      return {
        ...found,
        ...cured,
        acts: [untouched],
        outcome: 'refused',
        // The snapshot that Debezium takes without offsets brings every row again: what it costs is rows that come twice.
        lost: none,
      };
    case 'restart':
      // On 2.7.1 it reaches no task, and what the old one shows is older than the act: nothing proves that it helped, nothing that it did not.
      return variant.connect === '2.7.1'
        ? { acts: [restarted], outcome: 'acted-unproved', dataFlows: false, healsByItself: false, lost: none }
        : { ...cured, acts: [restarted], outcome: 'recovered' };
    case 'recreate':
      return { ...cured, acts: [recreated], outcome: 'recovered' };
  }
}

/**
 * Where the task lives through it (the binlog client's keep-alive tries on), nothing is to be done. Where it dies of it, no act can help before the
 * database is back, and afterwards nothing but one does: on 2.7.1 it dies if its connection is reset, on PostgreSQL whenever the server is gone (measured).
 */
function databaseAway(cell: Omit<Cell, 'id' | 'expects'>, variant: Variant): Expectation {
  // A task that is refused its password FAILS on every version: that is no error that Debezium tries again.
  const mayDie = variant.connect === '2.7.1' || variant.id === 'postgres-3.7' || cell.failure === 'password-changed';
  if (!mayDie) {
    return { acts: [untouched], dataFlows: true, healsByItself: true, neverVerdict: 'dead', lost: lostBy(variant) };
  }
  if (cell.remedy === 'watch') return { acts: [untouched], lost: none };
  const cures = variant.connect === '2.7.1' ? [recreated, recreatedTwice] : [restarted];
  return { acts: [untouched, ...cures], notBeforeSeconds: 300, dataFlows: true, lost: none };
}

/** Issue 4: 180 s for a connector that carries data, 300 s for an idle one, 120 s with `connect.keep.alive.interval.ms` lowered to 10 s. */
function detectionSeconds(options: CellOptions): number {
  if (options.rowsPerSecond === 0) return 300;
  return options.keepAliveSeconds === undefined ? 180 : 120;
}

/** The one pairing that was measured to lose the first row after a restart or a retry: Debezium's doing, not the product's. */
function lostBy(variant: Variant): Expectation['lost'] {
  return variant.id === 'mariadb-unsupported-3.7'
    ? {
        least: 0,
        most: 3,
        because: 'Debezium MySQL 2.7 does not support MariaDB, and skips a row where it starts to read',
      }
    : none;
}
