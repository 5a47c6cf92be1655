import { describe, expect, it } from 'vitest';
import { ask, changed, lawfulRecreation, oldArn, verdictOn } from './records.ts';

const rule = '3: a deletion names the ARN and version that were observed';

describe('rule 3: a deletion names what was seen', () => {
  it.each([
    ['it names no version', changed(lawfulRecreation(), 'delete', { input: { connectorArn: oldArn } })],
    [
      'it names a version that nobody saw',
      changed(lawfulRecreation(), 'delete', { input: { connectorArn: oldArn, currentVersion: 'V2' } }),
    ],
    ['another invocation had looked', changed(lawfulRecreation(), 'describe', { invocation: 1 })],
    ['the answer of the look was lost', changed(lawfulRecreation(), 'describe', { answered: false })],
  ])('is broken where %s', (_what, calls) => {
    expect(verdictOn({ calls })).toContain(rule);
  });

  it('is kept where the look was answered with the past: that named it as well', () => {
    expect(verdictOn({ calls: changed(lawfulRecreation(), 'describe', { fault: 'stale-reads' }) })).not.toContain(rule);
  });

  it('is kept where it was looked at twice', () => {
    expect(verdictOn({ calls: [ask.describe(250), ...lawfulRecreation()] })).toEqual([]);
  });
});
