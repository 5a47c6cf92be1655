import { expect, it } from 'vitest';
import type { Act } from '../../recovery/journal.ts';
import { observe } from '../../recovery/observe.ts';
import type { Policy } from '../../recovery/policy.ts';
import { ago, alarm, arn, at, journal, policy, recovery, request, signs } from './examples.ts';
import { World } from './world.ts';

/** From when on a look at noon reads the log. */
async function looksFrom(
  acts: readonly Act[],
  changes: Partial<Policy['waits']> = {},
  rules: Policy = policy(),
): Promise<string | undefined> {
  const { ports } = new World('dead');
  let read: string | undefined;
  const written = journal(acts.length === 0 ? {} : { recovery: recovery(acts) });
  const signsOfLife = {
    look(_connector: unknown, from: string) {
      read = from;
      return Promise.resolve(signs({ from }));
    },
  };
  await observe({ ...ports, signsOfLife }, { ...rules, waits: { ...rules.waits, ...changes } }, written, alarm);
  return read;
}

it('looks back as far as its patience with an absent source lasts: what it died of must still be seen then', async () => {
  expect(await looksFrom([])).toBe(ago(960));
  expect(await looksFrom([], { outOfReachSeconds: 60 })).toBe(ago(900));
  expect(await looksFrom([], { outOfReachSeconds: 3600 })).toBe(ago(3660));
});

it('looks back far enough to see the proof that its owner asks for: nothing is waited for that can never be seen', async () => {
  const world = new World('idle');
  if (world.connector !== undefined) world.connector.request = request({ 'heartbeat.interval.ms': '5000' });
  world.pass(1800);
  const patient = policy({ evidence: { livelySeconds: 120, missedBeats: 17, learnQuiet: true } }, 'postgresql');
  await world.invoke(alarm, patient);
  expect(world.accepted[0]).toBe('restart');
  const lively = policy({ evidence: { livelySeconds: 1000, missedBeats: 3, learnQuiet: true } });
  expect(await looksFrom([], {}, lively)).toBe(ago(1500));
});

const deleted = {
  kind: 'delete',
  intendedAt: ago(7000),
  arn: arn.replace('000000000001', '000000000000'),
  version: 'V1',
  recreateFrom: request(),
  endedAt: ago(6700),
  result: 'gone',
} as const;
const failed = (beganAgo: number) =>
  ({
    kind: 'create',
    intendedAt: ago(beganAgo),
    request: request(),
    arn,
    seenAt: ago(beganAgo - 5),
    endedAt: ago(beganAgo - 1200),
    result: 'failed',
  }) as const;

it('reads the whole log of what was created and failed, up to three hours back: why it failed is asked again at each attempt', async () => {
  expect(await looksFrom([deleted, failed(6600)])).toBe(ago(6600));
  expect(await looksFrom([deleted, failed(20_000)])).toBe(at(-10_800));
});
