import { describe, expect, test } from 'vitest';
import type { Journal } from '../../recovery/journal.ts';
import { recover } from '../../recovery/recover.ts';
import { standingAfter, worthTelling } from '../../recovery/standing.ts';
import type { Outcome } from '../../recovery/outcome.ts';
import { ago, name } from './examples.ts';
import { selfPolicy } from './selfManagedExamples.ts';
import { SelfManagedWorld } from './selfManagedWorld.ts';

const bug = 'java.lang.NullPointerException\n\tat com.example.Task.put(Task.java:1)';
const sink = (changes: Parameters<typeof selfPolicy>[0] = {}) => selfPolicy(changes, 'sink');
const what = (world: SelfManagedWorld) => world.done.map((deed) => deed.what);
const trigger = { kind: 'sweep', connector: name, why: 'it was seen to be dead' } as const;

describe('what died again soon after it was restarted', () => {
  /** Back after the first restart, and dead again half a minute later. */
  async function diedAgain(backOffSeconds: readonly number[]) {
    const world = new SelfManagedWorld([{ trace: bug }]);
    const policy = sink({ limits: { ...sink().limits, backOffSeconds } });
    await world.watch(600, { policy });
    const backAt = world.elapsed;
    world.moveTo(world.nowMs + 30_000);
    for (const task of world.tasks)
      Object.assign(task, { state: 'FAILED', life: { trace: bug }, sinceMs: world.nowMs });
    const told = world.told.length;
    const ended = (await world.watch(400, { policy })).at(-1);
    return { world, backAt, ended, told: world.told.slice(told).map(({ subject }) => subject) };
  }

  test('waits out a pause that is over soon, and people hear of the restart only', async () => {
    const { world, backAt, ended, told } = await diedAgain([120]);
    expect(what(world)).toEqual(['restart task 0', 'restart task 0']);
    expect(world.done[1]?.at).toBeGreaterThanOrEqual(backAt + 120 - 30);
    expect(ended).toMatchObject({ kind: 'finished', outcome: { kind: 'recovered' } });
    expect(told).toEqual(['[connector-recovery] orders-cdc: back: restarted, and data flows again']);
  });

  test('is told where the pause is long', async () => {
    const { world, ended, told } = await diedAgain([1200]);
    expect(what(world)).toEqual(['restart task 0']);
    expect(ended).toMatchObject({ kind: 'finished', outcome: { kind: 'refused', objections: ['limit'] } });
    expect(told).toHaveLength(1);
  });
});

describe('that no restart cures it is news', () => {
  const refused = (objection: 'incurable' | 'limit'): Outcome => ({
    kind: 'refused',
    objections: [objection],
    reason: 'see its trace',
    verdict: { kind: 'dead', because: '', wouldChange: '', evidence: [] },
  });
  const journal = (key: string): Journal => ({
    schema: 1,
    connector: name,
    history: [],
    standing: { key, since: ago(600) },
  });

  test.each([
    ['after something else forbade the restart', 'dead/refused', true],
    ['after it was held', 'dead/held', true],
    ['but once only', 'dead/incurable', false],
  ])('%s', (_what, key, told) => {
    expect(worthTelling(refused('incurable'), journal(key))).toBe(told);
    expect(standingAfter(refused('incurable'), journal(key), ago(0))).toEqual({
      key: 'dead/incurable',
      since: told ? ago(0) : ago(600),
    });
  });
});

test('one that is gone is looked at without a question for saved configs and backups, which nobody keeps', async () => {
  const world = new SelfManagedWorld(['moves']);
  const ports = {
    ...world.ports,
    connectors: { ...world.ports.connectors, find: async () => ({ kind: 'absent' }) as const },
  };
  const ended = await recover(trigger, sink(), ports, {
    until: new Date(world.nowMs + 600_000).toISOString(),
    holder: 'first',
  });
  expect(ended).toMatchObject({ kind: 'finished', outcome: { kind: 'refused', objections: ['absent'] } });
  expect(what(world)).toEqual([]);
});

test('who else lives on a worker is asked only when its process is what is left', async () => {
  const world = new SelfManagedWorld(['moves', 'stuck']);
  world.cure = 'worker';
  const askedAfter: (string | undefined)[] = [];
  const { workers } = world.ports;
  if (workers === undefined) throw new Error('It has workers.');
  Object.assign(world.ports, {
    workers: {
      ...workers,
      on: async (connector: Parameters<typeof workers.on>[0]) => {
        askedAfter.push(world.done.at(-1)?.what);
        return workers.on(connector);
      },
    },
  });
  world.loads = [{ worker: 'w1', others: [] }];
  await world.watch(7200, { policy: sink() });
  expect(what(world).at(-1)).toBe('replace w1');
  expect(askedAfter.length).toBeGreaterThan(0);
  expect(new Set(askedAfter)).toEqual(new Set(['resume']));
});
