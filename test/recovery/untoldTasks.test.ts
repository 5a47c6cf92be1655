import { describe, expect, test } from 'vitest';
import { diagnose } from '../../recovery/diagnose.ts';
import { composeOutcome } from '../../recovery/compose.ts';
import { decide } from '../../recovery/decide.ts';
import type { Decision } from '../../recovery/decision.ts';
import type { Journal, RestartAct } from '../../recovery/journal.ts';
import type { Outcome } from '../../recovery/outcome.ts';
import type { Policy } from '../../recovery/policy.ts';
import type { Signs, TaskSigns } from '../../recovery/signs.ts';
import { awaitsProof, standingAfter, worthTelling } from '../../recovery/standing.ts';
import { plusSeconds } from '../../recovery/time.ts';
import type { Verdict } from '../../recovery/verdict.ts';
import { ago, journal as blank, name, steady } from './examples.ts';
import { running, selfArn, selfLive, selfPolicy, selfSigns, stands, task, waits } from './selfManagedExamples.ts';

const now = ago(0);
const directions = { links: () => [], command: () => 'order', captureCommand: () => 'capture' };
/** Committed offsets move, as they did before. */
const moves: Partial<Signs> = { position: stands(2) };
const unread = { kind: 'unreadable', reason: 'the agent does not answer' } as const;
const taskZero: Partial<RestartAct> = { onlyFailedTasks: true, tasks: [0] };

interface Case {
  readonly what: string;
  readonly tasks?: readonly TaskSigns[];
  readonly signs?: Partial<Signs>;
  readonly kind?: Policy['kind'];
  readonly act?: Partial<RestartAct>;
  /** Which tasks were dead when it was opened. */
  readonly dead?: readonly number[];
  readonly actedAgo: number;
  readonly ends: Outcome['kind'] | 'wait';
  readonly says?: string;
  readonly cure?: string;
}

function acted({ act = taskZero, dead = [0], actedAgo }: Pick<Case, 'act' | 'dead' | 'actedAgo'>): Journal {
  const verdict: Verdict = { kind: 'partial', because: 'dead', wouldChange: '', evidence: [], deadTasks: dead };
  const done: RestartAct = {
    kind: 'restart',
    intendedAt: ago(actedAgo + 5),
    arn: selfArn,
    onlyFailedTasks: false,
    endedAt: ago(actedAgo),
    result: 'complete',
    ...act,
  };
  const trigger = { kind: 'sweep', connector: name, why: 'a task of it is dead' } as const;
  return {
    ...blank(),
    recovery: { id: 'r1', openedAt: ago(actedAgo + 10), trigger, verdict, acts: [done] },
  };
}

function decided(one: Case): Decision {
  const { kind = 'mysql', tasks = [task(0), task(1)], signs = moves } = one;
  const connector = selfLive({ tasks: tasks.map(({ id, worker }) => running(id, { worker })) });
  const policy = selfPolicy({}, kind);
  const verdict = diagnose(connector, selfSigns(tasks, signs), policy, ago(one.actedAgo));
  const observation = { at: now, sighting: { kind: 'present', connector }, verdict } as const;
  return decide(observation, acted(one), policy, { kind: 'sweep', connector: name, why: 'a task of it is dead' });
}

const elsewhere = task(1, { worker: 'w9:8083' });

describe('one of several tasks was restarted', () => {
  test.each<Case>([
    { what: 'others may be who commits: waited for', actedAgo: 4, ends: 'wait' },
    {
      what: 'others may be who commits, to the end',
      actedAgo: 3000,
      ends: 'acted-unproved',
      says: 'It was restarted, and task 0 is RUNNING, but nothing shows records of its own',
    },
    {
      what: 'the agents are named and do not answer',
      signs: { ...moves, recordsIn: unread },
      actedAgo: 3000,
      ends: 'acted-unproved',
      cure: 'make readable: the agent does not answer',
    },
    {
      what: 'a sink whose groups nobody reads',
      kind: 'sink',
      signs: { ...moves, lag: { kind: 'not-watched', cure: 'name the brokers in `kafka`' } },
      actedAgo: 3000,
      ends: 'acted-unproved',
      cure: 'name the brokers in `kafka`',
    },
    {
      what: 'its own rate says that it takes records',
      tasks: [task(0, { recordsIn: steady(3, 2) }), task(1)],
      signs: { ...moves, recordsIn: steady(3, 2) },
      actedAgo: 4,
      ends: 'recovered',
    },
    {
      what: 'rates are read, and nothing came for it',
      tasks: [task(0, { recordsIn: steady(0, 2) }), task(1, { recordsIn: steady(3, 2) })],
      signs: { ...moves, recordsIn: steady(3, 2) },
      actedAgo: 3000,
      ends: 'recovered',
      says: 'Nothing has come for task 0 since.',
    },
    {
      what: 'its own partitions are committed',
      kind: 'sink',
      tasks: [task(0, { position: stands(2), waiting: waits(2, 0) }), task(1)],
      signs: { ...moves, lag: waits(2, 0) },
      actedAgo: 4,
      ends: 'recovered',
    },
    { what: 'it is the only one', tasks: [task(0)], actedAgo: 4, ends: 'recovered' },
    { what: 'all were', act: { onlyFailedTasks: true, tasks: [0, 1] }, dead: [0, 1], actedAgo: 4, ends: 'recovered' },
    {
      what: 'all that FAILED, which were all',
      act: { onlyFailedTasks: true },
      dead: [0, 1],
      actedAgo: 4,
      ends: 'recovered',
    },
    { what: 'all that FAILED, which was one', act: { onlyFailedTasks: true }, actedAgo: 4, ends: 'wait' },
    { what: 'connector and tasks', act: {}, actedAgo: 4, ends: 'recovered' },
    { what: 'connector and tasks, each by name', act: { tasks: [0, 1] }, actedAgo: 4, ends: 'recovered' },
    {
      what: 'stopped and resumed',
      act: { by: 'stop-and-resume', stoppedAt: ago(60), resumes: { times: 1, lastAt: ago(30), acceptedAt: ago(30) } },
      actedAgo: 4,
      ends: 'recovered',
    },
    {
      what: 'the worker that has them all was replaced',
      tasks: [task(0), task(1, { worker: 'w0:8083' })],
      act: { by: 'replace-worker', worker: 'w0:8083' },
      actedAgo: 4,
      ends: 'recovered',
    },
    {
      what: 'its worker was replaced, and another task is on another',
      tasks: [task(0), elsewhere],
      act: { by: 'replace-worker', worker: 'w0:8083' },
      actedAgo: 4,
      ends: 'wait',
    },
  ])('$what, $actedAgo s after: $ends', (one) => {
    const decision = decided(one);
    const outcome = decision.kind === 'finish' ? decision.outcome : undefined;
    expect(outcome?.kind ?? decision.kind).toBe(one.ends);
    expect(outcome?.reason ?? '').toContain(one.says ?? '');
    expect(outcome?.verdict?.wouldChange ?? '').toContain(one.cure ?? '');
  });
});

describe('people hear once that nothing shows records of its own', () => {
  const decision = decided({ what: '', actedAgo: 3000, ends: 'acted-unproved' });
  if (decision.kind !== 'finish') throw new Error('It has not ended.');
  const { outcome } = decision;
  const journal = acted({ actedAgo: 3000 });
  const standing = standingAfter(outcome, journal, now);
  const later: Journal = { ...blank(), ...(standing === undefined ? {} : { standing }) };
  const alive = (unseenTasks?: readonly number[]): Outcome => ({
    kind: 'left-alone',
    reason: '',
    verdict: { kind: 'alive', because: '', wouldChange: '', evidence: [], ...(unseenTasks && { unseenTasks }) },
  });

  test('in words that say what was seen', () => {
    expect(worthTelling(outcome, journal)).toBe(true);
    const { subject, text } = composeOutcome(selfPolicy(), outcome, journal, now, { directions });
    expect(subject).toBe('[connector-recovery] orders-cdc: restarted and RUNNING, but nothing shows records of task 0');
    expect(text).toContain('nothing shows records of its own');
    expect(text).toContain('To know next time: ');
    expect(text).not.toContain('No record');
    expect(text).not.toContain('data flows again');
  });

  test.each([
    ['what flows may be the others’, a minute later', 60, [0, 1], false, true],
    ['the same, an hour later: it ends without a word', 3600, [0, 1], false, false],
    ['records of its own are seen', 60, undefined, true, false],
  ] as const)('%s', (_what, seconds, unseen, isTold, remains) => {
    expect(standing !== undefined && awaitsProof(standing)).toBe(true);
    const after = standingAfter(alive(unseen), later, plusSeconds(now, seconds));
    expect([worthTelling(alive(unseen), later), after !== undefined]).toEqual([isTold, remains]);
  });

  test('what was silent as a whole and flows again is told, whoever commits', () => {
    const silent: Journal = { ...later, standing: { key: 'unknown/acted-unproved', since: now } };
    expect(worthTelling(alive([0, 1]), silent)).toBe(true);
    expect(standingAfter(alive([0, 1]), silent, now)).toBeUndefined();
  });
});
