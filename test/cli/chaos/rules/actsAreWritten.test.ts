import { describe, expect, it } from 'vitest';
import { ask, bucket, changed, intents, iso, lawfulRecreation, lawfulRestart, verdictOn, without } from './records.ts';
import type { Made } from './records.ts';

const written = '3, 4: an act is written down before it is done';
const held = '4: one recovery at a time per connector: who acts holds the journal';
const overlap = '4: acts of two recoveries never overlap on one connector';

describe('an act is written before it is done', () => {
  it('is kept by a restart', () => {
    expect(verdictOn({ calls: lawfulRestart() })).toEqual([]);
  });

  it.each([
    ['a restart without a journal', without(lawfulRestart(), 'journal restart')],
    ['a restart that is written afterwards', changed(lawfulRestart(), 'journal restart', { at: 303 })],
    ['a restart whose journal was refused', changed(lawfulRestart(), 'journal restart', { carriedOut: false })],
    ['a creation that no journal names', without(lawfulRecreation(), 'journal create')],
    [
      'a restart that was answered before',
      changed(lawfulRestart(), 'journal restart', ask.journal(301, { ...intents.restart, operationArn: 'x' })),
    ],
  ])('is broken by %s', (_what, calls) => {
    expect(verdictOn({ calls })).toContain(written);
  });
});

describe('rule 4: a lease is waited for', () => {
  const taken = (at: number, holder: string, invocation: number) => {
    const lease = { holder, until: iso(390) };
    const body = JSON.stringify({ schema: 1, connector: 'orders-cdc', history: [], lease });
    return { ...ask.journal(at, undefined), invocation, input: { ...ask.journal(at, undefined).input, Body: body } };
  };

  it('is broken where another invocation takes it before its end', () => {
    expect(verdictOn({ calls: [taken(300, 'a', 0), taken(350, 'b', 1)] })).toEqual([held]);
  });

  it.each([
    ['it has ended', [taken(300, 'a', 0), taken(405, 'b', 1)]],
    ['it is renewed', [taken(300, 'a', 0), taken(350, 'a', 0)]],
  ])('is kept where %s', (_what, calls) => {
    expect(verdictOn({ calls })).toEqual([]);
  });
});

describe('rule 4: who acts holds the journal', () => {
  it('is broken where another invocation stored it since', () => {
    const calls = [...lawfulRestart(), { ...ask.journal(301.5, intents.restart), invocation: 1 }];
    expect(verdictOn({ calls })).toContain(held);
  });

  it('is broken where a recovery acts that was followed by another', () => {
    const calls = [...lawfulRestart(300, 'r-1'), ...lawfulRestart(2400, 'r-2'), ...lawfulRestart(4500, 'r-1')];
    expect(verdictOn({ calls })).toContain(overlap);
  });

  const destroyed = (at: number): Made => ({
    step: 'tampering',
    at,
    by: 'person',
    service: 's3',
    operation: 'DeleteObject',
    input: { Bucket: bucket, Key: 'journals/orders-cdc.json' },
  });

  it.each([
    ['kept where its journal was destroyed since it acted last', 2000, false],
    ['kept where its journal was destroyed between its intent and its act', 301.5, false],
    ['broken where its journal was destroyed before it acted', 100, true],
  ])('is %s', (_what, at, isBroken) => {
    const calls = [...lawfulRestart(300, 'r-1'), ...lawfulRestart(2400, 'r-2'), ...lawfulRestart(4500, 'r-1')];
    expect(verdictOn({ calls: [...calls, destroyed(at)] }).includes(overlap)).toBe(isBroken);
  });

  it('is kept where one recovery follows the other', () => {
    const calls = [...lawfulRestart(300, 'r-1'), ...lawfulRestart(2400, 'r-2')];
    expect(verdictOn({ calls })).not.toContain(overlap);
  });
});
