import { describe, expect, it } from 'vitest';
import type { Journal } from '../../../recovery/journal.ts';
import type { Verdict } from '../../../recovery/verdict.ts';
import { planLooks } from '../../../watchdog/looks/planLooks.ts';
import type { Judged } from '../../../watchdog/looks/planLooks.ts';

const now = '2026-11-21T12:00:00.000Z';
const ago = (seconds: number) => new Date(Date.parse(now) - seconds * 1000).toISOString();
const verdict = (kind: Verdict['kind'], more: Partial<Verdict> = {}): Verdict => ({
  kind,
  because: 'as it was seen',
  wouldChange: 'a record',
  evidence: [],
  ...more,
});
const journal = (more: Partial<Journal> = {}): Judged['journal'] => ({
  kind: 'read',
  journal: { schema: 1, connector: 'shop/orders', history: [], ...more },
});
const recovery: Journal['recovery'] = {
  id: 'r1',
  openedAt: ago(100),
  trigger: { kind: 'sweep', connector: 'shop/orders', why: 'x' },
  verdict: verdict('dead'),
  acts: [],
};
const stands = { key: 'dead/gave-up', since: ago(4000) };

function whyOf(judged: Partial<Judged>): string | undefined {
  const one: Judged = {
    connector: 'shop/orders',
    state: 'RUNNING',
    journal: { kind: 'read', journal: undefined },
    since: ago(4000),
    ...judged,
  };
  return planLooks([one], now)[0]?.why;
}

describe('the engine is handed', () => {
  it.each<[string, Partial<Judged>, string]>([
    ['a connector that is dead, at once', { verdict: verdict('dead'), since: now }, 'it was seen to be dead'],
    ['one of which some tasks are dead', { verdict: verdict('partial') }, 'it was seen to be dead in part'],
    [
      'one that another process looked at a moment ago and found well',
      { verdict: verdict('dead'), journal: journal({ lookedAt: ago(5) }) },
      'it was seen to be dead',
    ],
    [
      'one that is dead, and of which nothing stands yet, after a minute',
      {
        verdict: verdict('dead'),
        lastLook: { endedAt: ago(61), seen: 'dead' },
        journal: journal({ lookedAt: ago(61) }),
      },
      'it was seen to be dead',
    ],
    [
      'one that died of a source out of reach',
      { verdict: verdict('elsewhere', { diedUnconnectedAt: ago(50) }) },
      'it was seen to be silent for a reason that lies elsewhere',
    ],
    [
      'a recovery that nobody continues, whatever is seen',
      { verdict: verdict('alive'), journal: journal({ recovery }) },
      'recovery r1 is not finished',
    ],
    [
      'a recovery whose holder is gone for longer than clocks differ',
      { journal: journal({ recovery, lease: { holder: 'x', until: ago(11) } }) },
      'recovery r1 is not finished',
    ],
    [
      'a recovery that waits, when something has changed',
      {
        verdict: verdict('alive'),
        journal: journal({ recovery }),
        lastLook: { endedAt: ago(5), seen: 'dead' },
      },
      'recovery r1 is not finished',
    ],
    [
      'one that is alive while people think it dead',
      { verdict: verdict('alive'), journal: journal({ standing: stands, lookedAt: ago(301) }) },
      `dead/gave-up stands since ${stands.since}`,
    ],
    [
      'the same at once, where it was dead at the last look',
      {
        verdict: verdict('alive'),
        journal: journal({ standing: stands, lookedAt: ago(20) }),
        lastLook: { endedAt: ago(20), seen: 'dead' },
      },
      `dead/gave-up stands since ${stands.since}`,
    ],
    [
      'one of which people could not be told',
      {
        verdict: verdict('alive'),
        journal: journal({ untold: [{ at: ago(400), message: { connector: 'a', subject: 'b', text: 'c' } }] }),
      },
      `people could not be told since ${ago(400)}`,
    ],
    [
      'one that a person has said a word on since',
      {
        verdict: verdict('dead'),
        journal: journal({
          standing: stands,
          lookedAt: ago(30),
          interventions: [{ did: 'release', at: ago(3), who: 'kim' }],
        }),
        lastLook: { endedAt: ago(30), seen: 'dead' },
      },
      'kim ordered: release',
    ],
    [
      'one that was deleted while its recovery was under way',
      { state: undefined, journal: journal({ recovery }) },
      'recovery r1 is not finished',
    ],
    [
      'one that waits for the breaker no more',
      {
        verdict: verdict('dead'),
        journal: journal({ standing: stands, lookedAt: ago(5) }),
        lastLook: { endedAt: ago(5), seen: 'dead' },
        freeOfBreaker: 'that is over',
      },
      'that is over',
    ],
    [
      'one of which nobody can tell for five minutes',
      { verdict: verdict('unknown'), since: ago(300) },
      'nothing tells whether it is dead or idle',
    ],
    [
      'one whose journal is broken',
      { verdict: verdict('alive'), journal: { kind: 'broken', reason: 'not JSON' } },
      'not JSON',
    ],
  ])('%s', (_title, judged, why) => {
    expect(whyOf(judged)).toBe(why);
  });
});

it('whom nobody has looked at comes first, the longest silent before the others, then whoever was looked at longest ago', () => {
  const dead = (connector: string, more: Partial<Judged>): Judged => ({
    connector,
    state: 'RUNNING',
    journal: { kind: 'read', journal: undefined },
    since: ago(50),
    verdict: verdict('dead', { silentSince: ago(60) }),
    ...more,
  });
  const looks = planLooks(
    [
      dead('a', { lastLook: { endedAt: ago(61), seen: 'dead' } }),
      dead('b', { lastLook: { endedAt: ago(90), seen: 'dead' } }),
      dead('c', {}),
      dead('d', { verdict: verdict('dead', { silentSince: ago(500) }) }),
    ],
    now,
  );
  expect(looks.map(({ connector }) => connector)).toEqual(['d', 'c', 'b', 'a']);
});

describe('nobody is troubled with', () => {
  it.each<[string, Partial<Judged>]>([
    ['a connector that is alive', { verdict: verdict('alive') }],
    ['an idle one', { verdict: verdict('idle'), journal: journal({ lookedAt: ago(9000) }) }],
    ['a paused one', { state: 'PAUSED' }],
    ['one that is gone and left nothing', { state: undefined }],
    [
      'a dead one that somebody else works on',
      { verdict: verdict('dead'), journal: journal({ lease: { holder: 'x', until: ago(-60) } }) },
    ],
    [
      'one whose lease may still hold in a clock that goes slow',
      { verdict: verdict('dead'), journal: journal({ recovery, lease: { holder: 'x', until: ago(9) } }) },
    ],
    [
      'a dead one while the store is out of reach',
      { verdict: verdict('dead'), journal: { kind: 'unreadable', reason: 'down' } },
    ],
    [
      'a recovery that waits, and was looked at a moment ago',
      { verdict: verdict('dead'), journal: journal({ recovery }), lastLook: { endedAt: ago(59), seen: 'dead' } },
    ],
    [
      'what people know, and was looked at a moment ago by whomever',
      { verdict: verdict('dead'), journal: journal({ standing: stands, lookedAt: ago(299) }) },
    ],
    [
      'what nobody can tell from here, where another watchdog sees more',
      { verdict: verdict('unknown'), since: ago(300), isSeenBetterElsewhere: true },
    ],
    ['what has just begun to be watched', { verdict: verdict('unknown'), since: ago(299) }],
    [
      'what nobody can tell, and was looked at ten minutes ago',
      { verdict: verdict('unknown'), lastLook: { endedAt: ago(599), seen: 'unknown' } },
    ],
    [
      'a word that a look has followed',
      {
        verdict: verdict('alive'),
        journal: journal({ lookedAt: ago(2), interventions: [{ did: 'release', at: ago(3), who: 'kim' }] }),
      },
    ],
  ])('%s', (_title, judged) => {
    expect(whyOf(judged)).toBeUndefined();
  });
});
