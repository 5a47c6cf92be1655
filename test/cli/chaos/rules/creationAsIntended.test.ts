import { describe, expect, it } from 'vitest';
import { ask, changed, lawfulRecreation, newArn, oldArn, request, verdictOn } from './records.ts';

const intended = '3: what is created is what was written down';
const beside = '3: nothing is created beside a living one';

describe('rule 3: what is created is what was meant', () => {
  it('is broken by a request that differs in one field', () => {
    const calls = changed(lawfulRecreation(), 'create', { input: request({ connectorDescription: 'new' }) });
    expect(verdictOn({ calls })).toEqual([intended]);
  });

  it('is kept by the same request with its fields in another order', () => {
    const input = Object.fromEntries(Object.entries(request()).toReversed());
    expect(verdictOn({ calls: changed(lawfulRecreation(), 'create', { input }) })).toEqual([]);
  });

  it('is broken where one of that name had just been listed', () => {
    const calls = lawfulRecreation().map((call) =>
      call.step === 'list' && call.at === 500 ? ask.list(500, [[newArn, 'RUNNING']]) : call,
    );
    expect(verdictOn({ calls })).toEqual([beside]);
  });

  it.each([
    ['what was listed is being deleted', ask.list(500, [[oldArn, 'DELETING']])],
    ['the list was an old one', { ...ask.list(500, [[oldArn, 'RUNNING']]), fault: 'stale-reads' }],
  ])('is kept where %s', (_what, list) => {
    const calls = lawfulRecreation().map((call) => (call.step === 'list' && call.at === 500 ? list : call));
    expect(verdictOn({ calls })).toEqual([]);
  });
});
