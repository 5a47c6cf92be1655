import { describe, expect, it } from 'vitest';
import { lawfulRestart, ms, oldArn, verdictOn } from './records.ts';

const rule = 'people hear once for each change of connector, verdict and outcome';
const connector = { truth: [{ fromMs: ms(0), arn: oldArn, is: 'dead' as const }] };

function told(...messages: readonly (readonly [number, string])[]) {
  return {
    messages: messages.map(([at, text]) => ({
      atMs: ms(at),
      subject: '[connector-recovery] orders-cdc: dead, and not touched',
      text,
    })),
  };
}

describe('people hear once for each change', () => {
  it('is broken by the same news five minutes later', () => {
    const record = told([1000, 'silent for 3 min'], [1300, 'silent for 8 min']);
    expect(verdictOn({ calls: [], connector, record })).toEqual([rule]);
  });

  it.each([
    ['another reason', told([1000, 'no sweep'], [1300, 'no saved config'])],
    ['an hour and more in between', told([1000, 'no sweep'], [4700, 'no sweep'])],
    [
      'a fault in between',
      { ...told([1000, 'no sweep'], [1300, 'no sweep']), hits: [{ kind: 'answer-lost', atMs: ms(1100) }] },
    ],
  ])('is kept by %s', (_what, record) => {
    expect(verdictOn({ calls: [], connector, record })).toEqual([]);
  });

  it('is kept where something was done in between', () => {
    const record = told([290, 'no sweep'], [900, 'no sweep']);
    expect(verdictOn({ calls: lawfulRestart(), connector, record })).toEqual([]);
  });
});
