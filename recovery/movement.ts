import { freshSeconds, isFresh, readSeries } from './readings.ts';
import { duration, later, secondsBetween } from './time.ts';
import type { Evidence } from './verdict.ts';
import type { Scene } from './weigh.ts';

/** MSK Connect's `offset.flush.interval.ms` unless the worker configuration sets another. */
export const flushSeconds = 60;

/** Whether records moved, by the rate at which they are read. */
export function recordEvidence({ signs, policy }: Scene): Evidence[] {
  const verb = policy.kind === 'sink' ? 'read by the sink' : 'polled from the source';
  const reading = readSeries(signs.recordsIn);
  if (reading === undefined) return [];
  if (reading.zeroSince === undefined) {
    const seen = `${rate(reading.newest.value)} records/s ${verb}`;
    return [{ source: 'records in', seen, since: reading.newest.at, says: 'alive' }];
  }
  const quietSeconds = secondsBetween(reading.zeroSince, reading.newest.at);
  const limit = policy.evidence.recordsAtLeastEverySeconds;
  const fresh = isFresh(reading.newest.at, signs.to, freshSeconds);
  const broken = fresh && limit !== undefined && quietSeconds > limit;
  const stale = fresh ? '' : `, as last published ${duration(secondsBetween(reading.newest.at, signs.to))} ago`;
  const seen = `no record ${verb} for ${duration(quietSeconds)}${stale}`;
  return [
    {
      source: 'records in',
      seen: broken ? `${seen}, where its owner says that one comes at least every ${duration(limit)}` : seen,
      since: reading.zeroSince,
      says: broken ? 'dead' : fresh ? 'silent' : 'nothing',
    },
  ];
}

/** Whether offsets were committed, by the log. */
export function commitEvidence({ signs }: Scene): Evidence[] {
  if (signs.log.kind !== 'read' || signs.log.commits === undefined) return [];
  const { commits, complete, wholeSince, newestLineAt } = signs.log;
  const readSince = complete ? signs.from : wholeSince;
  const since = later(commits.lastAt ?? signs.from, readSince) ?? signs.from;
  const quiet = duration(secondsBetween(since, signs.to));
  if (commits.lastAt !== undefined && isFresh(commits.lastAt, signs.to, 2 * flushSeconds)) {
    return [{ source: 'offset commits', seen: `offsets committed ${quiet} ago`, since, says: 'alive' }];
  }
  // An absence counts only beside a witness that the channel worked: every page read, and lines delivered long enough after.
  const witnessed =
    readSince !== undefined && newestLineAt !== undefined && secondsBetween(since, newestLineAt) > 2 * flushSeconds;
  return [
    {
      source: 'offset commits',
      seen: witnessed
        ? `no offset commit in the log for ${quiet}`
        : `no offset commit in the log for ${quiet}, but nothing shows that the log was delivered to its end meanwhile`,
      since,
      says: witnessed ? 'silent' : 'nothing',
    },
  ];
}

function rate(value: number): string {
  return value >= 10 ? value.toFixed(0) : value.toPrecision(2);
}
