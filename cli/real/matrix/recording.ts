import type { CellRecord } from './record.ts';
import { failureEnds } from './signalWords.ts';

/** A cell's series and log as test data of the detection, in the format of `test/recordings/`. */
export interface Recording {
  readonly csv: string;
  /** Each line with its time before it: lines of a stack trace and of java.util.logging have none of their own. */
  readonly log: string;
}

const columns = [
  'time',
  'phase',
  'connector_state',
  'task_state',
  'connected',
  'ms_since_last_event',
  'ms_behind_source',
  'poll_rate',
  'write_rate',
  'offset_commits_since_last_row',
  'error_lines_since_last_row',
];

/** @throws Error when the cell did not run to its end */
export function recordingOf(record: CellRecord): Recording {
  const { brokenAt, cell } = record;
  if (brokenAt === undefined) throw new Error(`${cell} did not run to its end.`);
  const timeOf = (atSeconds: number) =>
    new Date(Date.parse(brokenAt) + atSeconds * 1000)
      .toISOString()
      .slice(11, 23)
      .replace(/\.\d+$/, '');
  const end = failureEnds(record);
  const rows = record.signals.map((sample) =>
    [
      timeOf(sample.atSeconds),
      sample.atSeconds < 0 ? 'before' : sample.atSeconds <= end ? 'during' : 'after',
      sample.connectorState ?? '',
      sample.taskState ?? '',
      sample.connected ?? '',
      sample.msSinceLastEvent ?? '',
      sample.msBehindSource ?? '',
      sample.pollRate ?? '',
      sample.writeRate ?? '',
      sample.commits,
      sample.errors,
    ].join(','),
  );
  return {
    csv: `${[columns.join(','), ...rows].join('\n')}\n`,
    log: record.log.map(({ atSeconds, line }) => `${timeOf(atSeconds)} ${line}\n`).join(''),
  };
}
