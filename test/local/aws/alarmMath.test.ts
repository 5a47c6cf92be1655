import { describe, expect, it } from 'vitest';
import { readMath } from '../../../local/aws/alarmMath.ts';

/** Minutes newest first, as the alarms read them; `x` is a minute without a value. */
const x = undefined;

describe('SUM([a, b])', () => {
  const math = readMath([{ Id: 'e', Expression: 'SUM([a, b])' }], ['a', 'b']);
  it.each([
    { what: 'adds up', a: [1, 2], b: [10, 20], sum: [11, 22] },
    { what: 'takes what is missing for nothing', a: [1, x], b: [x, 20], sum: [1, 20] },
    { what: 'has no value where there is none at all', a: [x, 2], b: [x, 20], sum: [x, 22] },
  ])('$what', ({ a, b, sum }) => {
    const metrics = new Map([
      ['a', a],
      ['b', b],
    ]);
    expect(math.reckon(metrics)).toEqual(sum);
  });
});

describe('IF(a, 0, IF(b > DIFF(b), b, 0)): what waits while nothing moves', () => {
  const expression = 'IF(a, 0, IF(b > DIFF(b), b, 0))';
  const math = readMath([{ Id: 'e', Expression: expression }], ['a', 'b']);
  it.each([
    { what: 'something moves', a: [0.1], b: [7], is: [0] },
    { what: 'nothing moves, and it waited before, too', a: [0, 0.1], b: [9, 4], is: [9, 0] },
    { what: 'nothing moves, and nothing waited before', a: [0, 0.1], b: [9, 0], is: [0, 0] },
    { what: 'nothing moves, and nothing waits any more', a: [0, 0], b: [0, 9], is: [0, 9] },
    { what: 'nothing moves, and less waits than before', a: [0, 0.1], b: [3, 9], is: [3, 0] },
    // IF(metric1, scalar2, metric3) drops what has no condition, and what is false and has no third value.
    { what: 'whether anything moves is not known', a: [x, 0.1], b: [9, 4], is: [x, 0] },
    { what: 'nothing moves, and what waits is not known', a: [0, 0.1], b: [x, 4], is: [x, 0] },
    { what: 'something moves, and what waits is not known', a: [0.1], b: [x], is: [0] },
    // DIFF goes by the preceding value, however long ago; the oldest has none, and a comparison takes that for 0.
    { what: 'the minute before is missing, and something waited then', a: [0, x, 1], b: [9, x, 4], is: [9, x, 0] },
    { what: 'the minute before is missing, and nothing waited then', a: [0, x, 1], b: [9, x, 0], is: [0, x, 0] },
    { what: 'what waited before is older than all that is known', a: [0], b: [9], is: [9] },
  ])('$what: $is', ({ a, b, is }) => {
    const metrics = new Map([
      ['a', a],
      ['b', b],
    ]);
    expect(math.reckon(metrics)).toEqual(is);
  });

  it('reads the sum of several as well, of which one may be late', () => {
    const several = readMath(
      [
        { Id: 'e', Expression: 'IF(reads, 0, IF(waiting > DIFF(waiting), waiting, 0))' },
        { Id: 'waiting', Expression: 'SUM([m0, m1])', ReturnData: false },
      ],
      ['reads', 'm0', 'm1'],
    );
    const metrics = new Map<string, (number | undefined)[]>([
      ['reads', [0, 0, 2]],
      ['m0', [x, 5, 0]],
      ['m1', [30, 20, 10]],
    ]);
    expect(several.reckon(metrics)).toEqual([30, 25, 0]);
  });
});

describe('what the local alarms cannot reckon is refused', () => {
  const sum = { Id: 'e', Expression: 'SUM([a])' };
  it.each([
    { what: 'another function', entries: [{ Id: 'e', Expression: 'FILL(a, 0)' }], metrics: ['a'] },
    {
      what: 'another series inside',
      entries: [{ Id: 'e', Expression: 'IF(a, 0, IF(b > DIFF(c), b, 0))' }],
      metrics: ['a', 'b', 'c'],
    },
    { what: 'an id that nothing has', entries: [{ Id: 'e', Expression: 'SUM([a, b])' }], metrics: ['a'] },
    { what: 'a metric that nothing reads', entries: [sum], metrics: ['a', 'b'] },
    { what: 'two that are compared', entries: [sum, { Id: 'f', Expression: 'SUM([a])' }], metrics: ['a'] },
    { what: 'none that is compared', entries: [{ ...sum, ReturnData: false }], metrics: ['a'] },
    {
      what: 'an expression that reads itself',
      entries: [sum, { Id: 'f', Expression: 'SUM([f])', ReturnData: false }],
      metrics: ['a'],
    },
    {
      what: 'two inside',
      entries: [
        { Id: 'e', Expression: 'SUM([f, g])' },
        { Id: 'f', Expression: 'SUM([a])', ReturnData: false },
        { Id: 'g', Expression: 'SUM([a])', ReturnData: false },
      ],
      metrics: ['a'],
    },
  ])('$what', ({ entries, metrics }) => {
    expect(() => readMath(entries, metrics)).toThrow(/Invalid alarm: /);
  });
});
