import { describe, expect, it } from 'vitest';
import { decide } from '../../recovery/decide.ts';
import type { Act, Journal } from '../../recovery/journal.ts';
import type { Neighbour } from '../../recovery/ports.ts';
import { standingAfter, worthTelling } from '../../recovery/standing.ts';
import type { Suspicion } from '../../recovery/suspicion.ts';
import type { Trigger } from '../../recovery/trigger.ts';
import type { Verdict } from '../../recovery/verdict.ts';
import * as ex from './examples.ts';
import { ago, at, journal, observation, policy, recovery, verdict } from './examples.ts';

const breaker = { atLeast: 3, share: 0.5, probe: 'restart' } as const;
const restartable = policy({ breaker });
const recreatable = policy({ breaker, remedies: ['recreate'] });
const dead = verdict('dead', { silentSince: ago(900) });

/** Itself, seen silent for five minutes. */
function self(changes: Partial<Suspicion> = {}): Suspicion {
  return { since: ago(300), seenAt: at(0), verdict: 'dead', ...changes };
}

function neighbour(connector: string, changes: Partial<Journal> = {}): Neighbour {
  return { kind: 'read', connector, journal: journal({ connector, ...changes }) };
}

function silent(connector: string, changes: Partial<Suspicion> = {}): Neighbour {
  return neighbour(connector, { stack: { suspected: self({ seenAt: ago(30), since: ago(290), ...changes }) } });
}

const told = { announced: { at: ago(100), probes: 0 } };
/** With it, three of four. */
const manySilent = [silent('returns'), silent('stock'), neighbour('billing')];
const fewSilent = [silent('returns'), neighbour('stock'), neighbour('billing')];

interface Case {
  readonly seen?: Verdict;
  readonly me?: Suspicion | 'not silent';
  readonly others?: readonly Neighbour[];
  readonly written?: Partial<Journal>;
  readonly with?: typeof restartable;
  readonly by?: Trigger;
  readonly isTold?: boolean;
}

function decided({ seen = dead, me = self(), others = manySilent, written, by = ex.alarm, ...rest }: Case) {
  const stack = { ...(rest.isTold === true ? told : {}), ...(me === 'not silent' ? {} : { suspected: me }) };
  return decide(
    observation({ verdict: seen, neighbours: others }),
    journal({ stack, ...written }),
    rest.with ?? restartable,
    by,
  );
}

const waits = { since: ago(20) };
const created: readonly Act[] = [
  {
    kind: 'delete',
    intendedAt: ago(9000),
    arn: 'old',
    version: 'V1',
    recreateFrom: ex.request(),
    endedAt: ago(8700),
    result: 'gone',
    backupClosedAt: ago(8600),
  },
  {
    kind: 'create',
    intendedAt: ago(8700),
    request: ex.request(),
    arn: ex.arn,
    seenAt: ago(8690),
    endedAt: ago(8400),
    result: 'failed',
  },
];
const approval = { at: ago(10), until: at(3000), who: 'anna', arn: ex.arn, version: 'V1' };

describe('while many are silent at once', () => {
  it.each<[string, Case, object]>([
    ['who would be restarted first writes down that it waits', {}, { kind: 'stand', probe: 'restart' }],
    [
      'then gives others the time to be seen',
      { me: self({ stands: { since: ago(19), remedy: 'restart' } }) },
      { kind: 'wait', seconds: 1 },
    ],
    ['then tells people, for all', { me: self({ stands: { ...waits, remedy: 'restart' } }) }, { kind: 'announce' }],
    [
      'and is restarted, to find out',
      { me: self({ stands: { ...waits, remedy: 'restart' } }), isTold: true },
      { kind: 'restart', forStack: true },
    ],
    [
      'another one is longer silent and waits, too: its turn',
      {
        me: self({ stands: { ...waits, remedy: 'restart' } }),
        isTold: true,
        others: [
          silent('returns', { since: ago(310), stands: { ...waits, remedy: 'restart' } }),
          silent('stock'),
          neighbour('billing'),
        ],
      },
      { kind: 'finish', outcome: { kind: 'refused', objections: ['breaker'], byStack: true } },
    ],
    [
      'another one is there to tell people: it does',
      {
        with: recreatable,
        me: self({ stands: { ...waits, approvable: true } }),
        others: [silent('returns', { stands: { ...waits, remedy: 'restart' } }), silent('stock'), neighbour('billing')],
      },
      { kind: 'finish', outcome: { objections: ['breaker'], byStack: true } },
    ],
    ['who could only be deleted waits for a person', { with: recreatable }, { kind: 'stand', approvable: true }],
    [
      'and is not deleted',
      { with: recreatable, me: self({ stands: { ...waits, approvable: true } }), isTold: true },
      { kind: 'finish', outcome: { objections: ['breaker'], byStack: true } },
    ],
    [
      'unless its owner lets a recreation find out',
      {
        with: policy({ remedies: ['recreate'], breaker: { ...breaker, probe: 'recreate' } }),
        me: self({ stands: { ...waits, remedy: 'recreate', approvable: true } }),
        isTold: true,
      },
      { kind: 'delete', forStack: true },
    ],
    ['a person approved it', { with: recreatable, written: { approval } }, { kind: 'delete', forStack: true }],
    ['a person names the remedy', { with: recreatable, by: ex.person('recreate') }, { kind: 'delete' }],
    ['a person asks without a remedy', { with: recreatable, by: ex.person() }, { kind: 'stand', approvable: true }],
    [
      'the preventive restart of a living one is due',
      { seen: verdict('alive'), me: 'not silent', others: [...manySilent, silent('invoices')], by: ex.schedule },
      { kind: 'finish', outcome: { objections: ['breaker'] } },
    ],
    [
      'some of its tasks live: they are none of the stack’s',
      { seen: verdict('partial'), me: 'not silent', others: [...manySilent, silent('invoices')] },
      { kind: 'restart', onlyFailedTasks: true },
    ],
    [
      'its source is out of reach and it tries by itself: told for all',
      { seen: verdict('elsewhere'), me: self({ stands: waits }), isTold: true },
      { kind: 'finish', outcome: { kind: 'left-alone', byStack: true } },
    ],
    [
      'its position is gone, which is its own cause',
      { seen: verdict('elsewhere', { positionLostAt: ago(60) }), me: 'not silent' },
      { kind: 'finish', outcome: { kind: 'left-alone' } },
    ],
    [
      'it was restarted to find out, and is as dead as before: not deleted',
      {
        isTold: true,
        me: self({ stands: { ...waits, approvable: true } }),
        written: {
          recovery: recovery(
            [
              {
                kind: 'restart',
                intendedAt: ago(200),
                arn: ex.arn,
                onlyFailedTasks: false,
                endedAt: ago(140),
                result: 'complete',
              },
            ],
            { forStack: true },
          ),
        },
      },
      { kind: 'finish', outcome: { objections: ['breaker'], byStack: true } },
    ],
  ])('%s', (_, one, expected) => {
    expect(decided(one)).toMatchObject(expected);
  });

  it('creates all the same what was deleted before', () => {
    const gone = observation({ sighting: { kind: 'absent' }, neighbours: manySilent });
    const written = journal({ stack: { suspected: self() }, recovery: recovery(created.slice(0, 1)) });
    expect(decide(gone, written, recreatable, ex.alarm)).toMatchObject({ kind: 'create' });
  });

  it('never gives up what was created again and FAILED: people go on being told, and one at a time is tried', () => {
    const failed = observation({
      verdict: verdict('dead'),
      neighbours: manySilent,
      sighting: { kind: 'present', connector: ex.live({ state: 'FAILED' }) },
    });
    const written = (stands: Suspicion['stands'], alarmedAgo: number, others = manySilent) =>
      decide(
        { ...failed, neighbours: others },
        journal({
          stack: { ...told, suspected: self({ ...(stands && { stands }) }) },
          recovery: recovery(created, { alarmed: { at: ago(alarmedAgo), times: 1 } }),
        }),
        recreatable,
        ex.alarm,
      );
    const stands = { ...waits, remedy: 'recreate', approvable: true } as const;
    const restartFirst = [
      silent('returns', { stands: { ...waits, remedy: 'restart' } }),
      silent('stock'),
      neighbour('b'),
    ];
    expect(written(undefined, 10)).toMatchObject({ kind: 'stand', probe: 'recreate' });
    expect(written(stands, 10)).toMatchObject({ kind: 'delete', forStack: true });
    expect(written(stands, 10, restartFirst)).toMatchObject({ kind: 'wait', seconds: 60 });
    expect(written(stands, 300, restartFirst)).toMatchObject({ kind: 'raise-alarm' });
  });
});

describe('while only few are silent', () => {
  it.each<[string, Case, object]>([
    [
      'a restart waits for those who were called in the same moment',
      { me: self({ since: ago(19) }), others: fewSilent },
      { kind: 'wait', seconds: 1 },
    ],
    ['and no longer', { me: self({ since: ago(20) }), others: fewSilent }, { kind: 'restart' }],
    [
      'a deletion waits for those whose alarms come in the next minute',
      { with: recreatable, me: self({ since: ago(69) }), others: fewSilent },
      { kind: 'wait', seconds: 1 },
    ],
    ['and no longer', { with: recreatable, me: self({ since: ago(70) }), others: fewSilent }, { kind: 'delete' }],
    [
      'so does the word that its source is away',
      { seen: verdict('elsewhere'), me: self({ since: ago(69) }), others: fewSilent },
      { kind: 'wait' },
    ],
    [
      'a person need not wait',
      { with: recreatable, me: self({ since: ago(1) }), others: fewSilent, by: ex.person() },
      { kind: 'delete' },
    ],
    [
      'a journal that cannot be read may hold the third: not deleted',
      {
        with: recreatable,
        others: [silent('returns'), { kind: 'unreadable', connector: 'stock', reason: '503' }, neighbour('billing')],
      },
      { kind: 'wait' },
    ],
    [
      'but restarted',
      { others: [silent('returns'), { kind: 'unreadable', connector: 'stock', reason: '503' }, neighbour('billing')] },
      { kind: 'restart' },
    ],
    [
      'and deleted after ten minutes: a broken journal blocks nobody for ever',
      {
        with: recreatable,
        me: self({ since: ago(600) }),
        others: [
          silent('returns', { seenAt: ago(30) }),
          { kind: 'unreadable', connector: 'stock', reason: '503' },
          neighbour('billing'),
        ],
      },
      { kind: 'delete' },
    ],
  ])('%s', (_, one, expected) => {
    expect(decided(one)).toMatchObject(expected);
  });

  it('looks at the others before anything is deleted', () => {
    const { neighbours: _neighbours, ...unseen } = observation({ verdict: dead, neighbours: [] });
    expect(decide(unseen, journal(), recreatable, ex.alarm)).toMatchObject({ kind: 'wait' });
  });
});

describe('three of one database, in a large stack', () => {
  const host = 'orders-db';
  const large = [
    silent('returns', { host }),
    silent('stock', { host }),
    ...Array.from({ length: 9 }, (_, n) => neighbour(`n${n}`)),
  ];

  it('are not deleted', () => {
    const me = self({ host, stands: { ...waits, approvable: true } });
    expect(decided({ with: recreatable, me, others: large, isTold: true })).toMatchObject({
      kind: 'finish',
      outcome: { objections: ['breaker'] },
    });
  });

  it('but restarted, each of them', () => {
    expect(decided({ me: self({ host }), others: large })).toMatchObject({ kind: 'restart' });
  });
});

describe('what people hear', () => {
  const held = { kind: 'refused', objections: ['breaker'], reason: 'x', verdict: dead, byStack: true } as const;
  const standing = { key: 'dead/refused', since: ago(600), byStack: true } as const;
  const restarted: Act = {
    kind: 'restart',
    intendedAt: ago(200),
    arn: ex.arn,
    onlyFailedTasks: false,
    endedAt: ago(140),
    result: 'complete',
  };

  it.each<[string, Parameters<typeof worthTelling>[0], Partial<Journal>, boolean]>([
    ['nothing of one that is held, for all were told of', held, {}, false],
    [
      'nor of one that was restarted to find out',
      { kind: 'acted-unproved', reason: 'x', verdict: dead, byStack: true },
      { recovery: recovery([restarted], { forStack: true }) },
      false,
    ],
    [
      'nothing when it comes back by itself',
      { kind: 'left-alone', reason: 'x', verdict: verdict('alive') },
      { standing },
      false,
    ],
    [
      'that it was restarted and is back',
      { kind: 'recovered', reason: 'x', verdict: verdict('alive') },
      { standing, recovery: recovery([restarted]) },
      true,
    ],
    [
      'what is found of it once the breaker is closed',
      { kind: 'refused', objections: ['drift'], reason: 'x', verdict: dead },
      { standing },
      true,
    ],
  ])('%s', (_, outcome, written, isTold) => {
    expect(worthTelling(outcome, journal(written))).toBe(isTold);
  });

  it('who told for all tells when it is back, and so does who was told of before', () => {
    const suspected = self();
    expect(standingAfter(held, journal({ stack: { suspected } }), at(0))).toEqual({
      key: 'dead/refused',
      since: at(0),
      byStack: true,
    });
    expect(standingAfter(held, journal({ stack: { suspected, ...told } }), at(0))).toEqual({
      key: 'dead/refused',
      since: at(0),
    });
    const before = { key: 'dead/refused', since: ago(600) };
    expect(standingAfter(held, journal({ stack: { suspected }, standing: before }), at(0))).toEqual(before);
  });
});
