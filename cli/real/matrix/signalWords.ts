import { duration } from '../../../recovery/time.ts';
import type { CellRecord, SignalSample } from './record.ts';

/** What each signal showed from the break until something was done or it healed, in the words of the table. */
export interface SignalWords {
  readonly connector: string;
  readonly task: string;
  readonly connected: string;
  readonly msSinceLastEvent: string;
  readonly msBehindSource: string;
  readonly pollRate: string;
  readonly writeRate: string;
  readonly commits: string;
  readonly errors: string;
}

/** A beat of the database's own, and a sample: an event clock that stays below has been reset all along. */
const beatMs = 65_000;

/** @param untilSeconds what is later speaks of the cure */
export function signalWords(record: Pick<CellRecord, 'signals'>, untilSeconds: number): SignalWords {
  const samples = record.signals.filter(({ atSeconds }) => atSeconds >= 0 && atSeconds <= untilSeconds);
  return {
    connector: runs(samples, ({ connectorState }) => connectorState ?? 'no answer'),
    task: runs(samples, ({ taskState }) => taskState ?? 'none'),
    connected: runs(samples, ({ connected }) => (connected === undefined ? 'gone' : String(connected))),
    msSinceLastEvent: clock(samples),
    msBehindSource: behind(samples),
    pollRate: rate(samples, ({ pollRate }) => pollRate),
    writeRate: rate(samples, ({ writeRate }) => writeRate),
    commits: commits(samples),
    errors: errors(samples),
  };
}

/** Until when the signals speak of the failure and not of its cure. */
export function failureEnds({ figures, signals }: Pick<CellRecord, 'figures' | 'signals'>): number {
  const end = signals.at(-1)?.atSeconds ?? 0;
  const { actSeconds, dataSeconds, mendedSeconds } = figures ?? {};
  if (actSeconds !== undefined) return actSeconds;
  if (dataSeconds === undefined) return end;
  return Math.min(end, Math.max(dataSeconds, mendedSeconds ?? 0) + 30);
}

/** `1, 0 after 92 s, gone after 120 s`; a state that came for a single sample counts. */
function runs(samples: readonly SignalSample[], of: (sample: SignalSample) => string): string {
  const changes = samples.filter((sample, index) => {
    const before = samples[index - 1];
    return before === undefined || of(sample) !== of(before);
  });
  if (changes.length === 0) return 'not seen';
  const shown = changes.length > 5 ? changes.slice(0, 5) : changes;
  const words = shown.map((sample, index) =>
    index === 0 ? of(sample) : `${of(sample)} after ${duration(sample.atSeconds)}`,
  );
  return changes.length > 5 ? `${words.join(', ')}, and on` : words.join(', ');
}

function clock(samples: readonly SignalSample[]): string {
  const read = samples.flatMap(({ atSeconds, msSinceLastEvent: ms }) => (ms === undefined ? [] : [{ atSeconds, ms }]));
  const top = read.reduce((highest, each) => (each.ms > highest.ms ? each : highest), { atSeconds: 0, ms: -1 });
  if (read.length === 0) return samples.length === 0 ? 'not seen' : 'not published';
  const gone = goneAfter(samples, ({ msSinceLastEvent }) => msSinceLastEvent);
  if (top.ms < 0) return `no event yet${gone}`;
  if (top.ms <= beatMs) return `at most ${duration(top.ms / 1000)}${gone}`;
  const back = read.find(({ atSeconds, ms }) => atSeconds > top.atSeconds && ms < beatMs);
  const grown = `grows to ${duration(top.ms / 1000)}`;
  return back === undefined ? `${grown}${gone}` : `${grown}, back after ${duration(back.atSeconds)}${gone}`;
}

function behind(samples: readonly SignalSample[]): string {
  const read = samples.flatMap(({ atSeconds, msBehindSource: ms }) =>
    ms === undefined || atSeconds < 20 ? [] : [{ atSeconds, ms }],
  );
  const [first] = read;
  if (first === undefined) return samples.length === 0 ? 'not seen' : 'not published';
  const gone = goneAfter(samples, ({ msBehindSource }) => msBehindSource);
  if (read.length > 2 && read.every(({ ms }) => ms === first.ms)) return `frozen (${first.ms})${gone}`;
  return `at most ${duration(Math.max(...read.map(({ ms }) => ms)) / 1000)}${gone}`;
}

function goneAfter(samples: readonly SignalSample[], of: (sample: SignalSample) => number | undefined): string {
  const last = samples.findLastIndex((sample) => of(sample) !== undefined);
  const next = samples[last + 1];
  return last < 0 || next === undefined ? '' : `, gone after ${duration(next.atSeconds)}`;
}

function rate(samples: readonly SignalSample[], of: (sample: SignalSample) => number | undefined): string {
  if (samples.length === 0) return 'not seen';
  return runs(samples, (sample) => {
    const value = of(sample);
    if (value === undefined) return 'gone';
    return value > 0 ? 'above 0' : '0';
  });
}

/** A flush comes every ten seconds or every minute: a pause of up to two of them is none. */
const pauseSeconds = 130;

function commits(samples: readonly SignalSample[]): string {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return 'not seen';
  const seen = samples.filter((sample) => sample.commits > 0).map(({ atSeconds }) => atSeconds);
  const [begin] = seen;
  if (begin === undefined) return 'none';
  const gap = [...seen, last.atSeconds].findIndex(
    (at, index, all) => index > 0 && at - (all[index - 1] ?? at) > pauseSeconds,
  );
  if (gap < 0) return begin > pauseSeconds ? `none until ${duration(begin)}` : 'go on';
  const back = seen[gap];
  const stopped = `stop after ${duration(seen[gap - 1] ?? 0)}`;
  return back === undefined ? stopped : `${stopped}, back after ${duration(back)}`;
}

function errors(samples: readonly SignalSample[]): string {
  const found = samples.filter((sample) => sample.errors > 0);
  const [first] = found;
  if (first === undefined) return 'none';
  const count = found.reduce((sum, sample) => sum + sample.errors, 0);
  return `${count}, the first after ${duration(first.atSeconds)}`;
}
