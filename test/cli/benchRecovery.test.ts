import { beforeAll, describe, expect, it } from 'vitest';
import { synthesizeDeployments, type Deployment } from '../../cli/bench/deployments.ts';
import { figuresOf } from '../../cli/bench/overhead.ts';
import { recoveryRun } from '../../cli/bench/recoveryRun.ts';
import { awayFromAws } from '../awayFromAws.ts';

const folder = awayFromAws('bench-test-');
let deployments: readonly Deployment[];
beforeAll(async () => {
  deployments = await synthesizeDeployments(folder);
}, 60_000);

function deployment(remedy: Deployment['remedy']): Deployment {
  const found = deployments.find((one) => one.remedy === remedy);
  if (found === undefined) throw new Error(`There is no deployment for ${remedy}.`);
  return found;
}

describe('a recovery in virtual time', () => {
  it.each(['restart', 'recreate'] as const)(
    'by %s is the same for the same seed, and another for another',
    async (remedy) => {
      const run = (seed: number) => recoveryRun(deployment(remedy), { seed, longestTravelMs: 50 });
      const first = await run(7);
      expect(await run(7)).toEqual(first);
      expect((await run(8)).serviceMs).not.toBe(first.serviceMs);
      expect(first.calls).toMatchObject(
        remedy === 'restart'
          ? { RestartConnector: 1, Publish: 1 }
          : { DeleteConnector: 1, CreateConnector: 1, Publish: 1 },
      );
    },
  );

  it('takes no time by itself: where calls take none, nothing passes but the polls', async () => {
    for (const seed of [1, 2, 3, 4]) {
      const run = await recoveryRun(deployment('restart'), { seed, longestTravelMs: 0 });
      expect(run.provedToActMs).toBeGreaterThanOrEqual(0);
      expect(run.provedToActMs).toBeLessThanOrEqual(10_000);
      expect(run.readableToSaidMs).toBeGreaterThanOrEqual(0);
      expect(run.readableToSaidMs).toBeLessThanOrEqual(10_000);
    }
  });

  it('gives the thread its own time back', async () => {
    const real = { Date, setTimeout, clearTimeout };
    await recoveryRun(deployment('restart'), { seed: 1, longestTravelMs: 0 });
    expect({ Date, setTimeout, clearTimeout }).toEqual(real);
  });
});

describe('the figures of many', () => {
  const one = {
    alarmToActMs: 60_500,
    provedToActMs: 500,
    readableToSaidMs: 4000,
    handOvers: 0,
    alarmToSaidMs: 90_000,
    calls: { ListConnectors: 3, Publish: 1 },
  };
  const said = [
    { kind: 'recovered', figures: { ...one, remedy: 'restart', seed: 1, goneToCreateMs: 0, serviceMs: 60_000 } },
    { kind: 'recovered', figures: { ...one, remedy: 'recreate', seed: 2, goneToCreateMs: 2500, serviceMs: 700_000 } },
    { kind: 'failed', remedy: 'recreate', seed: 4, reason: 'nobody said that it is back' },
  ] as const;

  it('add up what the product added, in seconds and as a share, and count what went wrong', () => {
    const values = Object.fromEntries(figuresOf(said, 3).map(({ group, name, value }) => [`${group}: ${name}`, value]));
    expect(values).toMatchObject({
      'orchestration in virtual time: runs that did not recover as expected': 1,
      'restart, Connect 3.7 (1 runs): overhead, both, maximum': 4.5,
      'recreation, Connect 2.7.1 (1 runs): overhead, all three, median': 7,
      'recreation, Connect 2.7.1 (1 runs): overhead, share, maximum': 1,
      'recreation, Connect 2.7.1 (1 runs): AWS calls, all': 4,
      'recreation, Connect 2.7.1 (1 runs): AWS calls, ListConnectors': 3,
    });
  });

  it('say which run was the first that went wrong', () => {
    expect(figuresOf(said, 3)[0]?.measured).toContain('seed 4, recreate: nobody said that it is back');
  });
});
