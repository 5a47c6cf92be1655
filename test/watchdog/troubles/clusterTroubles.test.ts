import { describe, expect, it } from 'vitest';
import { memoryObjects } from '../../../cli/compare/virtual/memoryObjects.ts';
import { PortError } from '../../../recovery/ports.ts';
import { ClusterTroubles, untouchableWorkers } from '../../../watchdog/troubles/clusterTroubles.ts';
import type { ClusterSeen, WorkerAnswer } from '../../../watchdog/round/seen.ts';
import { TroubleTeller } from '../../../watchdog/troubles/troubleRecord.ts';

const beginMs = Date.UTC(2026, 0, 5, 8);
const at = (seconds: number) => new Date(beginMs + seconds * 1000).toISOString();
const well: WorkerAnswer = { kind: 'answers', tookMs: 5 };
const slow: WorkerAnswer = { kind: 'slow', tookMs: 4200 };
const silent = (since: number): WorkerAnswer => ({ kind: 'silent', since: at(since), reason: 'ECONNREFUSED' });
const lost = (since: number): WorkerAnswer => ({ kind: 'lost-its-group', since: at(since) });

/** A round at that second; without workers nobody answered. */
function round(seconds: number, ...answers: readonly WorkerAnswer[]): ClusterSeen {
  const workers = answers.map((answer, index) => ({ worker: `w${index + 1}:8083`, answer, rebalancing: false }));
  return {
    cluster: 'shop',
    at: at(seconds),
    tookSeconds: 0.1,
    workers,
    metrics: [],
    rebalancing: false,
    connectors: workers.some(({ answer }) => answer.kind !== 'silent')
      ? { kind: 'read', at: at(seconds), by: 'w1:8083', list: [], others: [] }
      : { kind: 'unreadable', reason: 'nobody answers' },
  };
}

/** Rounds every 10 s from second 0 on, as `answers` says of each second (`undefined`: that watchdog is gone), watched by so many watchdogs over one store. */
async function watch(
  seconds: number,
  answers: (second: number, instance: number) => readonly WorkerAnswer[] | undefined,
  instances = 1,
  refuses: (second: number) => boolean = () => false,
  storeIsAway: (second: number, toldSoFar: number) => boolean = () => false,
): Promise<readonly string[]> {
  const told: string[] = [];
  const store = memoryObjects();
  let second = 0;
  const reached = <T>(call: () => Promise<T>): Promise<T> =>
    storeIsAway(second, told.length) ? Promise.reject(new PortError('unavailable', 'the store is away')) : call();
  const objects = {
    ...store,
    read: (key: string) => reached(() => store.read(key)),
    swap: (key: string, text: string, tag: string | undefined) => reached(() => store.swap(key, text, tag)),
  };
  const notifier = {
    tell: async ({ subject }: { readonly subject: string }) => {
      if (refuses(second)) throw new PortError('unavailable', 'nobody listens');
      told.push(`${second} ${subject.replace('[connector-recovery] shop: ', '')}`);
    },
  };
  const watchdogs = Array.from({ length: instances }, (_, index) => ({
    troubles: new ClusterTroubles(),
    teller: new TroubleTeller('shop', objects, notifier, `w${index}`),
  }));
  for (; second <= seconds; second += 10) {
    // oxlint-disable-next-line no-await-in-loop -- one round after the other is the point
    await Promise.all(
      watchdogs.map(async ({ troubles, teller }, index) => {
        const seen = answers(second, index);
        if (seen === undefined) return;
        troubles.note(round(second, ...seen));
        await teller.bringUpToDate(troubles, at(second)).catch((error: unknown) => {
          if (!(error instanceof PortError)) throw error;
        });
      }),
    );
  }
  return told;
}

describe('people hear once, and once when it is over,', () => {
  it.each<[string, (second: number) => readonly WorkerAnswer[], readonly string[]]>([
    ['nothing of a cluster that is well', () => [well, well], []],
    ['nothing of one missed answer', (second) => [well, second === 100 ? silent(100) : well], []],
    [
      'of a worker that answers no more',
      (second) => [well, second >= 100 && second < 300 ? silent(100) : well],
      ['130 worker w2:8083 answers no more', '350 worker w2:8083 answers again'],
    ],
    [
      'of a worker that answers slowly',
      (second) => [well, second >= 100 && second < 300 ? slow : well],
      ['160 worker w2:8083 answers slowly', '350 worker w2:8083 answers as usual again'],
    ],
    [
      'of a worker that lost its group',
      (second) => [well, second >= 100 && second < 300 ? lost(100) : well],
      ['160 worker w2:8083 has lost its group', '350 worker w2:8083 is back in its group'],
    ],
    [
      'of a worker that comes and goes, while it does',
      (second) => [well, second >= 100 && second < 900 && second % 100 < 60 ? silent(second - (second % 100)) : well],
      ['130 worker w2:8083 answers no more', '910 worker w2:8083 answers again'],
    ],
    [
      'of the cluster, where none of its workers answers',
      (second) => (second >= 100 && second < 300 ? [silent(100), silent(100)] : [well, well]),
      ['130 the cluster answers no more', '350 the cluster answers again'],
    ],
  ])('%s', async (_title, answers, told) => {
    expect(await watch(1500, answers)).toEqual(told);
  });

  it('also where three watchdogs see it', async () => {
    const answers = (second: number) => [well, second >= 100 && second < 300 ? silent(100) : well];
    expect(await watch(1500, answers, 3)).toEqual([
      '130 worker w2:8083 answers no more',
      '350 worker w2:8083 answers again',
    ]);
  });

  it('also where only one of two watchdogs sees it, for the other has another way to it', async () => {
    const answers = (second: number, instance: number) => [
      well,
      instance === 0 && second >= 100 && second < 900 ? silent(100) : well,
    ];
    expect(await watch(1500, answers, 2)).toEqual([
      '130 worker w2:8083 answers no more',
      '950 worker w2:8083 answers again',
    ]);
  });

  it('and again of the next trouble, though the watchdog that saw the first is gone for good', async () => {
    const answers = (second: number, instance: number) => {
      if (instance === 0) return second <= 200 ? [well, second >= 100 ? silent(100) : well] : undefined;
      return [well, second >= 1200 && second < 1300 ? silent(1200) : well];
    };
    expect(await watch(1500, answers, 2)).toEqual([
      '130 worker w2:8083 answers no more',
      '490 worker w2:8083 answers again',
      '1230 worker w2:8083 answers no more',
      '1350 worker w2:8083 answers again',
    ]);
  });

  it('also where one of two watchdogs saw it a moment longer than the one that tells its end', async () => {
    const answers = (second: number, instance: number) => [
      well,
      second >= 100 && second <= 240 + 40 * instance ? silent(100) : well,
    ];
    expect(await watch(1500, answers, 2)).toEqual([
      '130 worker w2:8083 answers no more',
      '300 worker w2:8083 answers again',
    ]);
  });

  it('and later, where they could not be told at once', async () => {
    const answers = (second: number) => [well, second >= 100 ? silent(100) : well];
    expect(await watch(600, answers, 1, (second) => second < 400)).toEqual(['400 worker w2:8083 answers no more']);
  });

  it.each([1, 2])('also where the store goes away once it was told, watched by %i', async (instances) => {
    const answers = (second: number) => [well, second >= 100 && second < 700 ? silent(100) : well];
    const away = (second: number, toldSoFar: number) => toldSoFar > 0 && second < 400;
    expect(await watch(1500, answers, instances, undefined, away)).toEqual([
      '130 worker w2:8083 answers no more',
      '750 worker w2:8083 answers again',
    ]);
  });
});

it('what lives on a silent worker, or on one that lost its group, is not touched', () => {
  expect([...untouchableWorkers(round(100, well, silent(50), slow, lost(50)))]).toEqual(['w2:8083', 'w4:8083']);
});
