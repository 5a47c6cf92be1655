import type { Befall, History, When } from './history.ts';
import type { HistoryRecord, RecordedCall } from './record.ts';

/** A history as lines that a person reads: what there is, and what befalls when. */
export function inWords(history: History): readonly string[] {
  const { connectors, durations, befalls, clockSpreadSeconds, calmAtSeconds } = history;
  return [
    ...connectors.map((plan, index) => {
      const { name, kind, connectVersion, waits, limits, remedies, ...rest } = plan;
      const more = Object.entries({ ...rest, ...waits, ...limits }).map(([key, value]) => `${key} ${String(value)}`);
      return `connector ${index}: ${name}, ${kind} on ${connectVersion}, remedies ${remedies.join(', ')}; ${more.join(', ')}`;
    }),
    `MSK Connect: ${Object.entries(durations)
      .map(([work, seconds]) => `${work.replace('Seconds', '')} ${seconds} s`)
      .join(', ')}`,
    ...(clockSpreadSeconds === 0 ? [] : [`clocks of invocations up to ${clockSpreadSeconds} s before or behind`]),
    ...befalls.map((befall) => `${whenInWords(befall)}: ${befallInWords(befall)}`),
    `calm from ${calmAtSeconds} s on`,
  ];
}

function whenInWords(befall: Befall): string {
  if (!('when' in befall)) return `creation ${befall.nth}`;
  const { when }: { readonly when: When } = befall;
  return 'atSeconds' in when ? `at ${when.atSeconds} s` : `${when.seconds} s after ${when.after} ${when.nth}`;
}

function befallInWords(befall: Befall): string {
  const { kind, ...rest } = befall;
  const fields = Object.entries(rest)
    .filter(([key]) => key !== 'when' && key !== 'nth')
    .map(([key, value]) => `${key} ${String(value)}`);
  return `${kind}${fields.length === 0 ? '' : ` (${fields.join(', ')})`}`;
}

/** The calls of a record in that stretch of time, a line each, as the services took them. */
export function callsInWords(record: HistoryRecord, fromMs: number, toMs: number): readonly string[] {
  return record.calls
    .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
    .map(
      (call) =>
        `${momentInWords(record, call.atMs)}  ${by(call)}  ${call.operation} ${objectOf(call)}${howItEnded(call)}`,
    );
}

/** A moment of a history: seconds since it began. */
export function momentInWords({ startMs }: Pick<HistoryRecord, 'startMs'>, atMs: number): string {
  return `${((atMs - startMs) / 1000).toFixed(3).padStart(9)} s`;
}

function by({ by: who, invocation }: RecordedCall): string {
  return who === 'person' ? 'a person     ' : `invocation ${String(invocation).padEnd(2)}`;
}

function objectOf({ input }: RecordedCall): string {
  const { Key, connectorArn, connectorName, Subject } = input;
  if (typeof connectorArn === 'string') return connectorArn.split('/').slice(1).join('/').slice(0, 24);
  const named = Key ?? connectorName ?? Subject;
  return typeof named === 'string' ? named : '';
}

function howItEnded({ error, fault, carriedOut, answered }: RecordedCall): string {
  const parts = [
    ...(fault === undefined ? [] : [fault]),
    ...(error === undefined ? [] : [`${error.status} ${error.code}`]),
    ...(carriedOut || error !== undefined ? [] : ['not carried out']),
    ...(answered ? [] : ['no answer']),
  ];
  return parts.length === 0 ? '' : `  -> ${parts.join(', ')}`;
}
