import { describe, expect, it } from 'vitest';
import { ask, changed, lawfulRestart, ms, oldArn, verdictOn, without } from './records.ts';
import type { Made } from './records.ts';

const rule = '7: missing data means unknown, never dead';

const line: Made = {
  step: 'line',
  at: 300,
  invocation: 0,
  service: 'logs',
  operation: 'FilterLogEvents',
  input: {},
  output: { events: [{ timestamp: ms(290), message: 'Committing offsets' }] },
};

describe('rule 7: nothing is done where nothing was seen', () => {
  it.each([
    ['nobody asked', without(lawfulRestart(), 'metrics')],
    [
      'every series was empty',
      changed(lawfulRestart(), 'metrics', { output: { MetricDataResults: [{ Values: [] }] } }),
    ],
    ['the answer was lost', changed(lawfulRestart(), 'metrics', { answered: false })],
  ])('is broken where %s', (_what, calls) => {
    expect(verdictOn({ calls })).toContain(rule);
  });

  it('is kept where the log alone speaks', () => {
    expect(verdictOn({ calls: [...without(lawfulRestart(), 'metrics'), line] })).toEqual([]);
  });

  it('is kept where the state FAILED says it all', () => {
    const states = [{ atMs: ms(0), arn: oldArn, state: 'FAILED' }];
    const calls = changed(without(lawfulRestart(), 'metrics'), 'describe', ask.describe(300, 'FAILED'));
    expect(verdictOn({ calls, connector: { states } })).not.toContain(rule);
  });
});
