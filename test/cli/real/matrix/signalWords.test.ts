import { describe, expect, it } from 'vitest';
import type { SignalSample } from '../../../../cli/real/matrix/record.ts';
import { failureEnds, signalWords } from '../../../../cli/real/matrix/signalWords.ts';

/** A sample every 15 s from 15 s before the break until 300 s after it. */
function series(of: (seconds: number) => Partial<SignalSample>): { signals: SignalSample[] } {
  const signals = Array.from({ length: 22 }, (_, index) => {
    const atSeconds = index * 15 - 15;
    return { atSeconds, commits: 0, errors: 0, ...of(atSeconds) };
  });
  return { signals };
}

const words = (of: (seconds: number) => Partial<SignalSample>) => signalWords(series(of), 300);

describe('what a signal showed', () => {
  it.each<{
    what: string;
    of: (seconds: number) => Partial<SignalSample>;
    shows: Partial<ReturnType<typeof signalWords>>;
  }>([
    {
      what: 'a half-open connection',
      of: (seconds) => ({
        connectorState: 'RUNNING',
        taskState: 'RUNNING',
        connected: 1,
        msSinceLastEvent: Math.max(0, seconds * 1000),
        msBehindSource: 779,
        pollRate: seconds < 60 ? 0.5 : 0,
        commits: seconds < 15 ? 1 : 0,
      }),
      shows: {
        connector: 'RUNNING',
        task: 'RUNNING',
        connected: '1',
        msSinceLastEvent: 'grows to 5 min',
        msBehindSource: 'frozen (779)',
        pollRate: 'above 0, 0 after 60 s',
        commits: 'stop after 0 s',
        errors: 'none',
      },
    },
    {
      what: 'one that healed after 90 s',
      of: (seconds) => ({
        msSinceLastEvent: seconds <= 90 ? Math.max(0, seconds * 1000) : 500,
        msBehindSource: seconds,
      }),
      shows: { msSinceLastEvent: 'grows to 90 s, back after 105 s', msBehindSource: 'at most 0 s' },
    },
    {
      what: 'a task that failed',
      of: (seconds) => ({
        connectorState: 'RUNNING',
        taskState: seconds < 15 ? 'RUNNING' : 'FAILED',
        ...(seconds < 15 ? { connected: 1, msSinceLastEvent: 100 } : {}),
        errors: seconds === 15 ? 2 : 0,
      }),
      shows: {
        task: 'RUNNING, FAILED after 15 s',
        connected: '1, gone after 15 s',
        msSinceLastEvent: 'at most 0 s, gone after 15 s',
        errors: '2, the first after 15 s',
      },
    },
    {
      what: 'an idle database',
      of: (seconds) => ({ msSinceLastEvent: ((seconds + 45) % 48) * 1000 }),
      shows: { msSinceLastEvent: 'at most 45 s', commits: 'none', msBehindSource: 'not published', pollRate: 'gone' },
    },
    {
      what: 'commits once a minute',
      of: (seconds) => ({ commits: seconds % 60 === 0 ? 1 : 0 }),
      shows: { commits: 'go on' },
    },
    {
      what: 'commits that paused',
      of: (seconds) => ({ commits: seconds <= 30 || seconds >= 240 ? 1 : 0 }),
      shows: { commits: 'stop after 30 s, back after 4 min' },
    },
    { what: 'a worker that is gone', of: () => ({}), shows: { connector: 'no answer', task: 'none' } },
  ])('$what', ({ of, shows }) => {
    expect(words(of)).toMatchObject(shows);
  });

  it('what came after the cure is not said', () => {
    const failed = series((seconds) => ({ taskState: seconds < 200 ? 'RUNNING' : 'FAILED' }));
    expect(signalWords(failed, 180).task).toBe('RUNNING');
  });

  it('nothing sampled is nothing seen', () => {
    expect(signalWords({ signals: [] }, 100)).toMatchObject({
      connected: 'not seen',
      commits: 'not seen',
      pollRate: 'not seen',
    });
  });
});

describe('until when the signals speak of the failure', () => {
  const rows = { written: 1, arrived: 1, duplicated: 0, lost: 0, waiting: 0 };
  it.each([
    { what: 'until the act', figures: { actSeconds: 157, dataSeconds: 180, healedByItself: false, rows }, until: 157 },
    { what: 'a little beyond its healing', figures: { dataSeconds: 90, healedByItself: true, rows }, until: 120 },
    {
      what: 'beyond its mending',
      figures: { dataSeconds: 10, mendedSeconds: 200, healedByItself: true, rows },
      until: 230,
    },
    { what: 'to the end', figures: { healedByItself: false, rows }, until: 300 },
  ])('$what', ({ figures, until }) => {
    expect(failureEnds({ ...series(() => ({})), figures })).toBe(until);
  });
});
