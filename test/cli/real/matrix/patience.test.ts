import { describe, expect, it } from 'vitest';
import { cell } from '../../../../cli/real/matrix/core.ts';
import { patience, settled, type Progress } from '../../../../cli/real/matrix/patience.ts';

const off = { keepAliveOff: true };
const dead = cell('half-open', 'mariadb-3.7', off);
const byHand = cell('half-open', 'mysql-2.7.1', { ...off, pinned: false }, 'product-then-by-hand');
const heals = cell('half-open', 'mariadb-3.7');

function progress(changes: Partial<Progress> & { readonly outcome?: readonly [string, number] } = {}): Progress {
  const { outcome } = changes;
  return {
    seconds: 300,
    sinceOutcome: (wanted) => (outcome?.[0] === wanted ? outcome[1] : undefined),
    sinceFlow: undefined,
    byHand: false,
    sinceLastAct: undefined,
    ...changes,
  };
}

describe('when a cell is over', () => {
  it.each([
    { what: 'recovered a minute ago', which: dead, now: progress({ outcome: ['recovered', 60] }), over: true },
    { what: 'recovered just now', which: dead, now: progress({ outcome: ['recovered', 5] }), over: false },
    { what: 'handed to a person', which: dead, now: progress({ outcome: ['gave-up', 60] }), over: true },
    { what: 'left alone for now', which: dead, now: progress({ outcome: ['left-alone', 60] }), over: false },
    { what: 'nothing yet', which: dead, now: progress(), over: false },
    {
      what: 'refused, and nobody did it by hand',
      which: byHand,
      now: progress({ outcome: ['refused', 60] }),
      over: false,
    },
    { what: 'done by hand long ago', which: byHand, now: progress({ byHand: true, sinceLastAct: 100 }), over: true },
    {
      what: 'to heal by itself: watched to its end',
      which: heals,
      now: progress({ outcome: ['recovered', 60] }),
      over: false,
    },
    {
      what: 'recovered while its database is still to come back',
      which: cell('database-stopped', 'mysql-2.7.1'),
      now: progress({ seconds: 200, outcome: ['recovered', 60] }),
      over: false,
    },
    {
      what: 'flowing again by itself, long after its database came back',
      which: cell('database-stopped', 'mysql-2.7.1'),
      now: progress({ seconds: 560, sinceFlow: 230 }),
      over: true,
    },
    {
      what: 'flowing again by itself, but a moment ago its database was still away',
      which: cell('database-stopped', 'mysql-2.7.1'),
      now: progress({ seconds: 400, sinceFlow: 90 }),
      over: false,
    },
  ])('$what: $over', ({ which, now, over }) => {
    expect(settled(which, now)).toBe(over);
  });

  it.each([
    { which: heals, seconds: 390 },
    { which: dead, seconds: 900 },
    { which: cell('hole-5min', 'mariadb-3.7'), seconds: 540 },
    { which: cell('hole-30s', 'mariadb-3.7'), seconds: 420 },
    { which: cell('idle', 'mariadb-3.7'), seconds: 600 },
  ])('$which.id is watched for at most $seconds s', ({ which, seconds }) => {
    expect(patience(which).longestSeconds).toBe(seconds);
  });
});
