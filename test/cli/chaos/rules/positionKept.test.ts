import { describe, expect, it } from 'vitest';
import { ask, changed, lawfulRecreation, request, verdictOn, without } from './records.ts';

const rule = '2: nothing is deleted if its position would be lost';
const unpinned = changed(lawfulRecreation(), 'worker', ask.worker(300, 'key.converter=x\n'));

describe('rule 2: the offsets survive a recreation', () => {
  it('is broken where the worker configuration pins no topic', () => {
    expect(verdictOn({ calls: unpinned })).toContain(rule);
  });

  it('is broken where nobody looked at the worker configuration', () => {
    expect(verdictOn({ calls: without(lawfulRecreation(), 'worker') })).toContain(rule);
  });

  it('is broken where the request names no worker configuration', () => {
    const { workerConfiguration: _named, ...bare } = request();
    const calls = changed(lawfulRecreation(), 'backup', ask.backup(302, { recreateFrom: bare }));
    expect(verdictOn({ calls })).toContain(rule);
  });

  it.each([
    ['the owner allows the position to be lost', { offsets: 'may-be-lost' } as const],
    ['it is a sink, whose group keeps its place by name', { kind: 'sink' } as const],
  ])('is kept where %s', (_what, plan) => {
    expect(verdictOn({ calls: unpinned, plan })).not.toContain(rule);
  });
});
