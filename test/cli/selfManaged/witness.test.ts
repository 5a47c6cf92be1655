import { describe, expect, it, vi } from 'vitest';
import { sources } from '../../../cli/selfManaged/cast.ts';
import { Witness } from '../../../cli/selfManaged/witness.ts';

const cutAtMs = Date.parse('2026-11-21T12:00:00Z');
const request = (method: string, path: string, status = 202) => ({ method, path, status, userAgent: 'x' });

function witness() {
  const seen = vi.fn<(what: string, name: string, fate: unknown, text: string) => void>();
  const made = new Witness(sources(undefined), seen);
  return { made, told: () => seen.mock.calls.map(([what, name, , text]) => `${what} ${name}: ${text}`) };
}

describe('what was done to a connector is what its worker was asked for', () => {
  it.each([
    ['POST', '/connectors/orders-cdc/restart?includeTasks=true&onlyFailed=true'],
    ['POST', '/connectors/orders-cdc/tasks/0/restart'],
    ['PUT', '/connectors/orders-cdc/stop'],
    ['PUT', '/connectors/orders-cdc/resume'],
    ['PUT', '/connectors/orders-cdc/pause'],
    ['DELETE', '/connectors/orders-cdc'],
    ['PATCH', '/connectors/orders-cdc/offsets'],
  ])('%s %s is an act', (method, path) => {
    const { made, told } = witness();
    made.answered(request(method, path));

    expect(told()).toEqual([`acted orders-cdc: ${method} ${path} 202`]);
  });

  it.each([
    ['GET', '/connectors/orders-cdc/status', 'only asks'],
    ['PUT', '/connectors/orders-cdc/config', 'is how we register it'],
    ['POST', '/connectors/orders-cdc/tasks', 'is said by a worker to its leader'],
    ['PUT', '/connectors/orders-cdc/fence', 'is said by a worker to its leader'],
    ['POST', '/connectors/orders-cdc/restart?includeTasks=true&forward=false', 'hands on what was asked elsewhere'],
    ['POST', '/connectors/other/restart', 'is about nobody of ours'],
  ])('%s %s is none: it %s', (method, path) => {
    const { made, told } = witness();
    made.answered(request(method, path));

    expect(told()).toEqual([]);
  });

  it('one that was refused is told, and is not accepted', () => {
    const { made } = witness();
    made.answered(request('POST', '/connectors/orders-cdc/restart', 409));

    expect(made.fate('orders-cdc').acts).toMatchObject([
      { text: 'POST /connectors/orders-cdc/restart 409', accepted: false },
    ]);
  });
});

describe("the watchdog's log tells", () => {
  const line = { atMs: cutAtMs + 4000, event: 'look', connector: 'shop/orders-cdc', why: 'it was seen to be dead' };
  const after = (seconds: number, event: string, reason: string) => ({
    ...line,
    atMs: cutAtMs + seconds * 1000,
    event,
    reason,
  });

  it('when it saw that something is wrong, what it waits for, and when it decided to act: each once', () => {
    const { made, told } = witness();
    made.fate('orders-cdc').cutAtMs = cutAtMs;
    for (const heard of [
      line,
      after(4, 'waiting', 'it may heal'),
      after(14, 'waiting', 'it may heal still'),
      after(24, 'look', ''),
      after(25, 'decided.restart', 'FAILED'),
      after(26, 'waiting', 'the restart is under way'),
      after(60, 'decided.restart', 'FAILED again'),
    ])
      made.heard(heard);

    expect(made.fate('orders-cdc')).toMatchObject({ seenAtMs: cutAtMs + 4000, decidedAtMs: cutAtMs + 25_000 });
    expect(told()).toEqual([
      'seen orders-cdc: it was seen to be dead',
      'waits orders-cdc: it may heal',
      'decided orders-cdc: FAILED',
    ]);
  });

  it.each([
    ['before the cut', line, false],
    ['of a connector that it was not asked to look at', after(9, 'waiting', 'x'), true],
    ['of a cluster of another name', { ...line, connector: 'other/orders-cdc' }, true],
  ])('nothing %s', (_, heard, cut) => {
    const { made, told } = witness();
    if (cut) made.fate('orders-cdc').cutAtMs = cutAtMs;
    made.heard(heard);

    expect(told()).toEqual([]);
  });

  it('when it has the connector back', () => {
    const { made } = witness();
    made.fate('orders-cdc').cutAtMs = cutAtMs;
    made.heard({ ...line, event: 'finished', outcome: 'unproved' });
    expect(made.fate('orders-cdc').provedAtMs).toBeUndefined();
    made.heard({ ...line, event: 'finished', outcome: 'recovered', atMs: cutAtMs + 7000 });

    expect(made.fate('orders-cdc')).toMatchObject({ outcomes: ['unproved', 'recovered'], provedAtMs: cutAtMs + 7000 });
  });
});

describe('rows arrive again', () => {
  const rows = (arrivals: readonly (readonly [number, number])[]) => ({
    arrivals: new Map(arrivals),
    count: () => ({ written: 0, arrived: 0, duplicated: 0, lost: 0, waiting: 0 }),
    readToEnd: () => Promise.resolve(),
    close: () => Promise.resolve(),
  });

  it.each<[string, readonly (readonly [number, number])[]]>([
    ['the first of them alone', [[3, cutAtMs + 7000]]],
    [
      'all of them',
      [
        [3, cutAtMs + 7000],
        [4, cutAtMs + 7000],
        [5, cutAtMs + 7010],
        [6, cutAtMs + 7100],
      ],
    ],
  ])('as many had waited as were written since the cut, whether the look finds %s', (_, arrivedByThen) => {
    vi.useFakeTimers({ now: cutAtMs + 5000 });
    const { made, told } = witness();
    made.fate('orders-cdc').cutAtMs = cutAtMs;
    made.answered(request('POST', '/connectors/orders-cdc/restart'));
    const written = new Map([
      [1, cutAtMs - 100],
      [2, cutAtMs + 50],
      [3, cutAtMs + 1000],
      [4, cutAtMs + 4000],
      [5, cutAtMs + 6000],
      [6, cutAtMs + 7050],
    ]);
    const before = [
      [1, cutAtMs + 100],
      [2, cutAtMs + 110],
    ] as const;
    made.look('orders-cdc', rows(before), written);
    expect(made.fate('orders-cdc').rowsAtMs).toBeUndefined();
    made.look('orders-cdc', rows([...before, ...arrivedByThen]), written);
    vi.useRealTimers();

    expect(made.fate('orders-cdc')).toMatchObject({ rowsAtMs: cutAtMs + 7000, rowsWaited: 3 });
    expect(told().at(-1)).toBe('rows orders-cdc: rows arrive again, 3 that had waited first');
  });

  it('not where nothing was done', () => {
    const { made } = witness();
    made.fate('orders-cdc').cutAtMs = cutAtMs;
    made.look('orders-cdc', rows([[9, cutAtMs + 9000]]), new Map());

    expect(made.fate('orders-cdc').rowsAtMs).toBeUndefined();
  });
});
