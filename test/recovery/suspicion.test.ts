import { describe, expect, it } from 'vitest';
import type { Act, Journal } from '../../recovery/journal.ts';
import { inStackAfter } from '../../recovery/suspicion.ts';
import type { InStack, Suspicion } from '../../recovery/suspicion.ts';
import type { Verdict } from '../../recovery/verdict.ts';
import { ago, arn, at, journal, live, observation, recovery, request, verdict } from './examples.ts';

const before: Suspicion = { since: ago(400), seenAt: ago(60), verdict: 'dead' };
const soon = { at: at(60), because: 'a beat is overdue' };
const done: Act = {
  kind: 'restart',
  intendedAt: ago(100),
  arn,
  onlyFailedTasks: false,
  endedAt: ago(50),
  result: 'complete',
};
const treated = { recovery: recovery([done]) };
const unproved: Partial<Journal> = {
  standing: { key: 'unknown/acted-unproved', since: ago(900) },
  history: [
    { id: 'r', openedAt: ago(1000), endedAt: ago(900), outcome: 'acted-unproved', acts: ['restart'], verdict: 'dead' },
  ],
};
const planned = { recovery: recovery([done], { verdict: verdict('alive') }) };

function after(seen: Verdict, written: Partial<Journal> = {}, said?: InStack): InStack | undefined {
  return inStackAfter(observation({ verdict: seen }), journal({ ...written, ...(said && { stack: said }) }));
}

describe('what a look says to the stack', () => {
  const fresh = (kind: Suspicion['verdict']): InStack => ({
    suspected: { since: at(0), seenAt: at(0), verdict: kind },
  });
  const still = (kind: Suspicion['verdict']): InStack => ({ suspected: { ...before, seenAt: at(0), verdict: kind } });
  const said: InStack = { suspected: before };
  const old: InStack = { suspected: { ...before, seenAt: ago(601) } };

  it.each<[string, Verdict, Partial<Journal>, InStack | undefined, InStack | undefined]>([
    ['dead', verdict('dead'), {}, undefined, fresh('dead')],
    ['its source is out of reach', verdict('elsewhere'), {}, undefined, fresh('elsewhere')],
    ['its position is gone: a cause of its own', verdict('elsewhere', { positionLostAt: ago(9) }), {}, said, {}],
    ['it lives, but a beat is overdue', verdict('alive', { ripens: soon }), {}, undefined, fresh('ripening')],
    ['a beat is due, in an hour', verdict('idle', { ripens: { ...soon, at: at(3600) } }), {}, undefined, undefined],
    ['it lives, and nobody had suspected it', verdict('alive'), {}, undefined, undefined],
    ['nobody can tell, and nobody had suspected it', verdict('unknown'), {}, undefined, undefined],
    ['some tasks live', verdict('partial'), {}, said, {}],
    ['it lives after all', verdict('alive'), {}, said, {}],
    ['it is idle', verdict('idle'), {}, said, {}],
    ['nobody can tell: the suspicion grows old by itself', verdict('unknown'), {}, said, said],
    ['still dead', verdict('dead'), {}, said, still('dead')],
    [
      'dead, where a beat was overdue',
      verdict('dead'),
      {},
      { suspected: { ...before, verdict: 'ripening' } },
      still('dead'),
    ],
    ['a beat is overdue once more, after it was proved', verdict('unknown', { ripens: soon }), {}, said, still('dead')],
    ['dead again, after ten minutes in which it was not', verdict('dead'), {}, old, fresh('dead')],
    ['nobody can tell since it was restarted', verdict('unknown'), treated, said, still('dead')],
    ['nor long after', verdict('unknown'), unproved, old, still('dead')],
    ['it listens, but no data has come since it was restarted', verdict('idle'), treated, said, still('dead')],
    ['it listens, when all is done', verdict('idle'), unproved, said, {}],
    ['data flows after the restart', verdict('alive'), treated, said, { cameBack: { at: at(0) } }],
    ['data flows long after the restart', verdict('alive'), unproved, undefined, { cameBack: { at: at(0) } }],
    [
      'what flows long after the restart may be other tasks’',
      verdict('alive', { unseenTasks: [0, 1] }),
      { ...unproved, standing: { key: 'untold/acted-unproved', since: ago(900) } },
      undefined,
      undefined,
    ],
    ['data flows after a restart that was due', verdict('alive'), planned, undefined, undefined],
  ])('%s', (_, seen, written, earlier, expected) => {
    expect(after(seen, written, earlier)).toEqual(expected);
  });

  it('is written again only after half a minute', () => {
    const recent = { suspected: { ...before, seenAt: ago(29) } };
    expect(after(verdict('dead'), {}, recent)).toBe(recent);
    expect(after(verdict('dead'), {}, { suspected: { ...before, seenAt: ago(30) } })).toEqual(still('dead'));
  });

  it('keeps that it waits for the breaker, and what it told', () => {
    const waiting = { suspected: { ...before, stands: { since: ago(50) } }, announced: { at: ago(40), probes: 0 } };
    expect(after(verdict('dead'), {}, waiting)).toEqual({
      suspected: { ...waiting.suspected, seenAt: at(0) },
      announced: waiting.announced,
    });
  });

  it.each([
    ['Orders-DB.example.internal ', 'orders-db.example.internal'],
    ['${env:DATABASE_HOST}', '${env:database_host}'],
    ['', undefined],
    [undefined, undefined],
  ])('names the database that it reads: %j', (hostname, host) => {
    const configuration: Record<string, string> = hostname === undefined ? {} : { 'database.hostname': hostname };
    const connector = live({ request: request(configuration) });
    const seen = observation({ verdict: verdict('dead'), sighting: { kind: 'present', connector } });
    expect(inStackAfter(seen, journal())?.suspected?.host).toBe(host);
  });
});
