import { describe, expect, it } from 'vitest';
import { ask, changed, iso, lawfulRecreation, verdictOn, without } from './records.ts';

const rule = '3: nothing is deleted unless the sweep is known to be running';

describe('rule 3: nothing is deleted without a sweep that would finish it', () => {
  it.each([
    ['its record was not read', without(lawfulRecreation(), 'get sweep.json')],
    [
      'it ran ten minutes ago',
      changed(lawfulRecreation(), 'get sweep.json', ask.get(300, 'sweep.json', { at: iso(-300) })),
    ],
    ['its record is no record', changed(lawfulRecreation(), 'get sweep.json', ask.get(300, 'sweep.json', 'nothing'))],
  ])('is broken where %s', (_what, calls) => {
    expect(verdictOn({ calls })).toContain(rule);
  });

  it('is kept where it ran four minutes ago', () => {
    const calls = changed(lawfulRecreation(), 'get sweep.json', ask.get(300, 'sweep.json', { at: iso(60) }));
    expect(verdictOn({ calls })).toEqual([]);
  });
});
