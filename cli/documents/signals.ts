import { signalAlarms } from '../../infra/signalAlarms.ts';
import { commitPeriods, lagDefaults, signalDefaults, stalledPeriods, stalledWithLag } from '../../settings/defaults.ts';
import type { Signal } from '../../settings/connectorSettings.ts';
import { table } from './between.ts';

const fedBy: Readonly<Record<Signal, string>> = {
  connected: 'Debezium’s `Connected`, if it is published',
  'event-clock': 'Debezium’s `MilliSecondsSinceLastEvent`, if it is published; `mysql` and `mariadb` only',
  'offset-commits': 'a metric filter on `logGroup`; not on a sink of 3.7.x, which logs no commits',
  'errored-tasks': 'native `ErroredTaskCount`',
  'running-tasks': 'native `RunningTaskCount`',
  'stalled-records':
    'native `SourceRecordPollRate`, of a sink `SinkRecordReadRate`; with `metrics.lag` beside `SumOffsetLag`',
  lag: 'Debezium’s `MilliSecondsBehindSource`; of a sink `SumOffsetLag`, summed over its topics',
};

/** Where records are known to come, by `heartbeatSeconds` or the owner's word. */
const sooner: Readonly<Partial<Record<Signal, string>>> = {
  'offset-commits': `; ${commitPeriods(60)} with a record every minute, ${commitPeriods(120)} with one every two, and so on`,
  'stalled-records': `; ${stalledPeriods(30)} with a record every 30 s, ${stalledPeriods(60)} every minute, ${stalledPeriods(120)} every two, and so on; sink with \`metrics.lag\` ${stalledWithLag.periods}`,
};

/** Where another condition holds for some. */
const besides: Readonly<Partial<Record<Signal, string>>> = {
  'stalled-records': `; sink with \`metrics.lag\`: more than ${stalledWithLag.threshold} records wait, some waited a minute before, and none is read`,
};

const words: Readonly<Record<string, string>> = {
  LessThanThreshold: 'below',
  LessThanOrEqualToThreshold: 'at most',
  GreaterThanThreshold: 'above',
  GreaterThanOrEqualToThreshold: 'at least',
};

/** The table of alarms for docs/configuration.md, from the tables that the stack is made of. */
export function signalTable(): string {
  const rows = (Object.keys(signalAlarms) as Signal[]).map((signal) => {
    const { statistic, comparison, missing } = signalAlarms[signal];
    const [threshold, periods, does] = settingsOf(signal);
    const when = `${statistic} ${words[comparison] ?? comparison} ${threshold}${besides[signal] ?? ''}`;
    return [`\`${signal}\``, fedBy[signal], when, periods, `\`${missing}\``, `\`${does}\``];
  });
  return table(['signal', 'fed by', 'alarm when', 'minutes in a row', 'missing data', 'does'], rows);
}

function settingsOf(signal: Signal): readonly [threshold: string, periods: string, does: string] {
  if (signal === 'lag') {
    const { source, sink } = lagDefaults;
    return [
      `${source.threshold} ms; sink ${sink.threshold} records`,
      `${source.periods}; sink ${sink.periods}`,
      source.does,
    ];
  }
  const { threshold, periods, does } = signalDefaults[signal];
  const beats = signal === 'event-clock' ? ' (two beats of `metrics.debezium.beatSeconds`, at least 20000)' : '';
  return [`${threshold}${beats}`, `${periods}${sooner[signal] ?? ''}`, does];
}
