import { describe, expect, it } from 'vitest';
import { bucket, lawfulRestart, ms, oldArn, verdictOn } from './records.ts';
import type { Made } from './records.ts';

const perRecovery = '8: attempts are limited in one recovery';
const perDay = '8: attempts are limited in a day';
const resting = '8: after a recovery that ended no other is opened so soon';

/** Restarts of a recovery each, so many seconds apart. */
function restarts(count: number, everySeconds: number): Made[] {
  return Array.from({ length: count }, (_, index) => lawfulRestart(300 + index * everySeconds, `r-${index}`)).flat();
}

const cutJournal: Made = {
  step: 'tampering',
  at: 4000,
  by: 'person',
  service: 's3',
  operation: 'PutObject',
  input: { Bucket: bucket, Key: 'journals/orders-cdc.json', Body: '{' },
};

const connector = { truth: [{ fromMs: ms(0), arn: oldArn, is: 'dead' as const }] };

describe('rule 8: attempts are limited', () => {
  it('allows one restart in one recovery', () => {
    const calls = [...lawfulRestart(300), ...lawfulRestart(2400)];
    expect(verdictOn({ calls })).toContain(perRecovery);
    expect(verdictOn({ calls, plan: { limits: { restartsPerRecovery: 2 } } })).not.toContain(perRecovery);
  });

  it('allows three recoveries in a day', () => {
    expect(verdictOn({ calls: restarts(3, 2000), connector })).toEqual([]);
    expect(verdictOn({ calls: restarts(4, 2000), connector })).toEqual([perDay]);
    expect(verdictOn({ calls: restarts(4, 30_000), connector })).toEqual([]);
  });

  it('counts no restart that only finds out whether the source is back', () => {
    const truth = [{ fromMs: ms(0), arn: oldArn, is: 'unreachable' as const }];
    expect(verdictOn({ calls: restarts(5, 2000), connector: { truth } })).toEqual([]);
  });

  it('asks for a rest between two recoveries', () => {
    expect(verdictOn({ calls: restarts(2, 600), connector })).toEqual([resting]);
  });

  it('asks for nothing of a journal that a person destroyed', () => {
    expect(verdictOn({ calls: [...restarts(4, 2000), cutJournal], connector })).toEqual([]);
  });

  it.each([
    ['counts no restart from before', 1000, [300, 2400], false],
    ['counts those after it', 200, [300, 2400], true],
    ['counts those after it, also where there was one before', 1000, [300, 2400, 4500], true],
  ])('of one recovery whose journal was destroyed it %s', (_what, at, moments, isBroken) => {
    const calls = [...moments.flatMap((moment) => lawfulRestart(moment)), { ...cutJournal, at }];
    expect(verdictOn({ calls, connector }).includes(perRecovery)).toBe(isBroken);
  });
});
