import { describe, expect, it } from 'vitest';
import { castFor } from '../../../cli/compare/castFor.ts';
import { faultsOfRuns } from '../../../cli/compare/manyRuns.ts';
import { phasesOf } from '../../../cli/compare/marks.ts';
import { planOf } from '../../../cli/compare/plan.ts';
import { onAllCores } from '../../../cli/compare/virtual/onAllCores.ts';
import { selfManagedRun } from '../../../cli/compare/virtual/selfManagedRun.ts';

const nobody = new AbortController().signal;

describe('the self-managed world in virtual time', () => {
  const ran = (failure: 'half-open' | 'failed-task' | 'heals-itself', connectVersion: '3.7.x' | '2.7.1') => {
    const compared = { failure, connectVersion };
    return selfManagedRun(castFor(compared), planOf(compared, 3));
  };

  it.each([
    ['half-open', '3.7.x', ['POST /connectors/orders-cdc/tasks/0/restart']],
    ['half-open', '2.7.1', ['POST /connectors/billing-cdc/tasks/0/restart']],
    ['failed-task', '3.7.x', ['POST /connectors/orders-cdc/tasks/0/restart']],
    ['failed-task', '2.7.1', ['POST /connectors/billing-cdc/tasks/0/restart']],
    ['heals-itself', '3.7.x', []],
    ['heals-itself', '2.7.1', []],
  ] as const)('%s on %s: done is %j, data comes back, no row is lost', async (failure, version, acts) => {
    const { marks, rows, acts: done } = await ran(failure, version);
    expect(done).toEqual(acts);
    expect(marks.rowsAtMs).toBeGreaterThan(marks.failedAtMs);
    expect(rows.lost).toBe(0);
  });

  it('sees a FAILED task within a poll, and a silent one only once three beats of its database are missing', async () => {
    const failed = phasesOf((await ran('failed-task', '3.7.x')).marks)['failure until it was detected'];
    const silent = phasesOf((await ran('half-open', '3.7.x')).marks)['failure until it was detected'];
    expect(failed).toBeLessThan(11);
    // Three beats of 48 s, less the age of the last event when it broke, and a poll.
    expect(silent).toBeGreaterThan(96);
    expect(silent).toBeLessThan(205);
  });
});

describe('both worlds in virtual time', () => {
  it('come back, break at the same moment, and give the same figures for the same seeds', async () => {
    const asked = {
      failure: 'half-open',
      connectVersion: '3.7.x',
      runs: 2,
      seed: 3,
      progress: () => undefined,
    } as const;
    const first = await onAllCores(asked, nobody);
    expect(faultsOfRuns(first)).toEqual([]);
    for (const run of first) {
      if (run.kind === 'failed') throw new Error(run.reason);
      const [msk, selfManaged] = run.results;
      expect(msk?.acts).toEqual(['RestartConnector']);
      expect(msk?.detectedBy).toBe('ALARM event-clock');
      expect(selfManaged?.marks.failedAtMs).toBe(msk?.marks.failedAtMs);
    }
    expect(first.map(({ seed }) => seed)).toEqual([3, 4]);
    expect(await onAllCores({ ...asked, runs: 1 }, nobody)).toEqual(first.slice(0, 1));
  }, 120_000);

  it('are ended early by whoever asks for it', async () => {
    const asked = { failure: 'half-open', connectVersion: '3.7.x', runs: 500, seed: 1 } as const;
    const stop = new AbortController();
    const running = onAllCores({ ...asked, progress: () => stop.abort(new Error('Interrupted.')) }, stop.signal);
    await expect(running).rejects.toThrow('Interrupted.');
  }, 60_000);
});
