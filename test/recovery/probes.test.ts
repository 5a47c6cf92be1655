import { describe, expect, it } from 'vitest';
import { past } from '../../recovery/ending.ts';
import type { Act, Recovery } from '../../recovery/journal.ts';
import type { Outcome } from '../../recovery/outcome.ts';
import { worthTelling } from '../../recovery/standing.ts';
import { ago, alarm, arn, at, journal, person, recovery, request, verdict } from './examples.ts';

const restart: Act = {
  kind: 'restart',
  intendedAt: ago(400),
  arn,
  onlyFailedTasks: false,
  endedAt: ago(340),
  result: 'complete',
};
const creation: Act = {
  kind: 'create',
  intendedAt: ago(400),
  request: request(),
  endedAt: ago(340),
  result: 'running',
};
const away = { verdict: verdict('elsewhere'), trigger: alarm };
const unproved: Outcome = { kind: 'acted-unproved', reason: 'no record was seen', verdict: verdict('elsewhere') };
const recovered: Outcome = { kind: 'recovered', reason: 'data flows', verdict: verdict('alive') };

describe('a restart that is to find out whether a source is back', () => {
  it.each<[string, readonly Act[], Partial<Recovery>, Outcome, 'a probe' | 'a recovery']>([
    ['it is still away', [restart], away, unproved, 'a probe'],
    ['it is back: that was a recovery', [restart], away, recovered, 'a recovery'],
    ['the connector was dead, not its source away', [restart], { verdict: verdict('dead') }, unproved, 'a recovery'],
    ['it was recreated', [creation], away, unproved, 'a recovery'],
    ['it was restarted, and then recreated', [restart, creation], away, unproved, 'a recovery'],
    ['a person asked for it', [restart], { ...away, trigger: person('restart') }, unproved, 'a recovery'],
  ])('%s', (_, acts, changes, outcome, kind) => {
    expect(past(recovery(acts, changes), outcome, at(0)).probe).toBe(kind === 'a probe' ? true : undefined);
  });

  it.each<[string, readonly Act[], Partial<Recovery>, boolean]>([
    ['once more found away: no news', [restart], away, false],
    ['a recreation is always told', [creation], away, true],
    ['what a person asked for is told', [restart], { ...away, trigger: person('restart') }, true],
  ])('%s', (_, acts, changes, told) => {
    const written = journal({
      recovery: recovery(acts, changes),
      standing: { key: 'elsewhere/acted-unproved', since: ago(3600) },
    });
    expect(worthTelling(unproved, written)).toBe(told);
  });
});
