import { describe, expect, it } from 'vitest';
import { planSweep } from '../../lambda/sweepPlan.ts';
import type { Compared, SweptJournal } from '../../lambda/sweepPlan.ts';
import type { Journal } from '../../recovery/journal.ts';

const now = '2026-11-21T05:00:00.000Z';

function journal(change: Partial<Journal>): SweptJournal {
  return { kind: 'read', journal: { schema: 1, connector: 'orders-cdc', history: [], ...change } };
}

const recovery: Journal['recovery'] = {
  id: 'r1',
  openedAt: '2026-11-21T04:50:00.000Z',
  trigger: { kind: 'sweep', connector: 'orders-cdc', why: 'x' },
  verdict: { kind: 'dead', because: 'x', wouldChange: 'y', evidence: [] },
  acts: [],
};
const standing = { key: 'dead/refused', since: '2026-11-21T04:00:00.000Z' };
const untold = [{ at: '2026-11-21T04:30:00.000Z', message: { connector: 'orders-cdc', subject: 'back', text: 'x' } }];
const free = { lease: { holder: 'a', until: '2026-11-21T04:59:00.000Z' } };
const held = { lease: { holder: 'a', until: '2026-11-21T05:01:00.000Z' } };
const justLooked = { lookedAt: '2026-11-21T04:56:00.000Z' };
const lookedBefore = { lookedAt: '2026-11-21T04:55:00.000Z' };
const nobody: SweptJournal = { kind: 'read', journal: undefined };
const fine: Compared = { state: 'RUNNING', savedConfig: 'there' };
const alarm = ['shop/orders-cdc/event-clock'];

describe('which connectors the sweep hands over', () => {
  it.each<[string, SweptJournal, readonly string[], Compared | undefined, string | undefined]>([
    ['nothing is the matter', journal(lookedBefore), [], fine, undefined],
    ['no journal and nothing the matter', nobody, [], undefined, undefined],
    [
      'its journal was lost, or it is new: a backup may promise what nobody remembers',
      nobody,
      [],
      fine,
      'its journal knows of no look at it',
    ],
    ['a recovery is not finished', journal({ recovery, ...justLooked }), [], undefined, 'recovery r1 is not finished'],
    ['its lease is free', journal({ recovery, ...free }), [], undefined, 'recovery r1 is not finished'],
    [
      'somebody is at work on it',
      journal({ recovery, ...held }),
      alarm,
      { state: 'FAILED', savedConfig: 'there' },
      undefined,
    ],
    [
      'an alarm stays, never looked at',
      nobody,
      alarm,
      undefined,
      'alarm shop/orders-cdc/event-clock is still in ALARM',
    ],
    ['an alarm stays, looked at 4 min ago', journal(justLooked), alarm, undefined, undefined],
    [
      'an alarm stays, looked at 5 min ago',
      journal(lookedBefore),
      alarm,
      undefined,
      'alarm shop/orders-cdc/event-clock is still in ALARM',
    ],
    ['something stands, looked at 4 min ago', journal({ standing, ...justLooked }), [], undefined, undefined],
    [
      'something stands, looked at 5 min ago',
      journal({ standing, ...lookedBefore }),
      [],
      undefined,
      'dead/refused stands since 2026-11-21T04:00:00.000Z',
    ],
    [
      'people could not be told, looked at 5 min ago',
      journal({ untold, ...lookedBefore }),
      [],
      undefined,
      'people could not be told since 2026-11-21T04:30:00.000Z',
    ],
    ['people could not be told, looked at 4 min ago', journal({ untold, ...justLooked }), [], undefined, undefined],
    [
      'it was called off, looked at 5 min ago: it may live again',
      journal({ calledOff: { at: '2026-11-21T04:40:00.000Z', who: 'kim' }, ...lookedBefore }),
      [],
      undefined,
      'called off since 2026-11-21T04:40:00.000Z',
    ],
    [
      'it was called off, looked at 4 min ago',
      journal({ calledOff: { at: '2026-11-21T04:40:00.000Z', who: 'kim' }, ...justLooked }),
      [],
      undefined,
      undefined,
    ],
    ['it FAILED', nobody, [], { state: 'FAILED', savedConfig: 'there' }, 'the connector is FAILED'],
    ['it vanished', nobody, [], { state: undefined, savedConfig: 'there' }, 'the connector does not exist'],
    [
      'it has no saved config',
      nobody,
      [],
      { state: 'RUNNING', savedConfig: 'missing' },
      'its configuration is not saved yet',
    ],
    [
      'it has no saved config and is being created',
      nobody,
      [],
      { state: 'CREATING', savedConfig: 'missing' },
      undefined,
    ],
    ['nobody can say whether it has one', nobody, [], { state: 'RUNNING', savedConfig: 'unknown' }, undefined],
    ['its journal is broken', { kind: 'broken', reason: 'not JSON' }, [], fine, 'not JSON'],
    [
      'its journal is broken, between two comparisons',
      { kind: 'broken', reason: 'not JSON' },
      alarm,
      undefined,
      undefined,
    ],
    ['its journal could not be read this time', { kind: 'unreadable', reason: '503' }, alarm, fine, undefined],
  ])('%s', (_title, swept, alarms, compared, why) => {
    const plan = planSweep([{ connector: 'orders-cdc', journal: swept, alarms, ...(compared && { compared }) }], now);
    expect(plan).toEqual(why === undefined ? [] : [{ connector: 'orders-cdc', why }]);
  });

  const other = 'shop/orders-cdc/running-tasks';
  it.each([
    {
      what: 'looked at 59 min ago, and another alarm would call of a silence: not handed over',
      alarms: alarm,
      isCalledOtherwise: true,
      lookedAt: '2026-11-21T04:01:00.000Z',
      why: undefined,
    },
    {
      what: 'looked at an hour ago',
      alarms: alarm,
      isCalledOtherwise: true,
      lookedAt: '2026-11-21T04:00:00.000Z',
      why: 'alarm shop/orders-cdc/event-clock is still in ALARM',
    },
    {
      what: 'looked at 5 min ago, and nothing else would call of a silence',
      alarms: alarm,
      isCalledOtherwise: false,
      lookedAt: '2026-11-21T04:55:00.000Z',
      why: 'alarm shop/orders-cdc/event-clock is still in ALARM',
    },
    {
      what: 'another alarm beside it, looked at 5 min ago',
      alarms: [...alarm, other],
      isCalledOtherwise: true,
      lookedAt: '2026-11-21T04:55:00.000Z',
      why: 'alarm shop/orders-cdc/running-tasks is still in ALARM',
    },
    {
      what: 'never looked at',
      alarms: alarm,
      isCalledOtherwise: true,
      why: 'alarm shop/orders-cdc/event-clock is still in ALARM',
    },
  ])("an alarm on a dead task's metric, $what", ({ alarms, isCalledOtherwise, lookedAt, why }) => {
    const swept = journal(lookedAt === undefined ? {} : { lookedAt });
    const one = { connector: 'orders-cdc', journal: swept, alarms, alarmsOfTheDead: alarm, isCalledOtherwise };
    expect(planSweep([one], now)).toEqual(why === undefined ? [] : [{ connector: 'orders-cdc', why }]);
  });
});
