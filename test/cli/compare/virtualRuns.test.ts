import { describe, expect, it } from 'vitest';
import { castFor } from '../../../cli/compare/castFor.ts';
import { faultsOfRuns } from '../../../cli/compare/manyRuns.ts';
import { phasesOf } from '../../../cli/compare/marks.ts';
import { planOf, type Plan } from '../../../cli/compare/plan.ts';
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

describe('what is drawn for a run', () => {
  const plans = Array.from({ length: 200 }, (_, seed) =>
    planOf({ failure: 'half-open', connectVersion: '3.7.x' }, seed),
  );

  it.each<[string, (plan: Plan) => number, number, number]>([
    ['restart of a stuck task, MSK Connect', ({ msk }) => msk.taskStarts.afterStuckSeconds, 11, 17],
    ['restart of a stuck task, self-managed', (plan) => plan.selfManaged.taskStarts.afterStuckSeconds, 11, 17],
    ['restart of a task that ended, MSK Connect', ({ msk }) => msk.taskStarts.afterEndedSeconds, 1, 2],
    ['restart of a task that ended, self-managed', (plan) => plan.selfManaged.taskStarts.afterEndedSeconds, 1, 2],
    ["the exporter's phase", ({ msk }) => msk.exporterPhaseSeconds, 0, 15],
    ["the native metrics' phase", ({ msk }) => msk.nativePhaseSeconds, 0, 60],
    ["the watchdog's phase", (plan) => plan.selfManaged.pollPhaseSeconds, 0, 10],
    ['RestartConnector', ({ durations }) => durations.restartSeconds, 42, 78],
    ['DeleteConnector', ({ durations }) => durations.deleteSeconds, 180, 300],
    ['CreateConnector', ({ durations }) => durations.createSeconds, 180, 300],
  ])('%s: all of its range, and nothing else', (_, pick, from, to) => {
    const values = plans.map(pick);
    const edge = (to - from) / 10;
    expect(Math.min(...values)).toBeGreaterThanOrEqual(from);
    expect(Math.min(...values)).toBeLessThan(from + edge);
    expect(Math.max(...values)).toBeLessThanOrEqual(to);
    expect(Math.max(...values)).toBeGreaterThan(to - edge);
  });

  it('is each world its own, where both have it', () => {
    for (const { msk, selfManaged } of plans) expect(msk.taskStarts).not.toEqual(selfManaged.taskStarts);
  });

  it('is what the self-managed world then lives by', async () => {
    const plan = planOf({ failure: 'half-open', connectVersion: '3.7.x' }, 3);
    const phase = async (
      name: 'detected until the act' | 'the act until data arrived',
      own: Partial<Plan['selfManaged']>,
    ) => {
      const { marks } = await selfManagedRun(castFor(plan), { ...plan, selfManaged: { ...plan.selfManaged, ...own } });
      return phasesOf(marks)[name] ?? 0;
    };
    const starts = (afterStuckSeconds: number) => ({ taskStarts: { afterStuckSeconds, afterEndedSeconds: 1 } });
    const soon = await phase('the act until data arrived', starts(11));
    const late = await phase('the act until data arrived', starts(17));
    expect(late - soon).toBeGreaterThan(5);
    expect(late - soon).toBeLessThan(7);
    const prompt = await phase('detected until the act', { latencyMs: [5, 5] });
    const slow = await phase('detected until the act', { latencyMs: [500, 500] });
    expect(slow).toBeGreaterThan(prompt + 0.4);
  });

  it('is when its watchdog looks', async () => {
    const plan = planOf({ failure: 'failed-task', connectVersion: '3.7.x' }, 3);
    const detectedAtMs = async (pollPhaseSeconds: number) => {
      const selfManaged = { ...plan.selfManaged, pollPhaseSeconds, latencyMs: [5, 5] as const };
      const { marks } = await selfManagedRun(castFor(plan), { ...plan, selfManaged });
      return marks.detectedAtMs ?? 0;
    };
    // Polls every 10 s: 3 s later, or, where the failure then comes before the look, 7 s sooner.
    const later = ((await detectedAtMs(5)) - (await detectedAtMs(2)) + 10_000) % 10_000;
    expect(Math.abs(later - 3000)).toBeLessThan(500);
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
      // A row comes every second.
      const { afterStuckSeconds } = planOf(asked, run.seed).msk.taskStarts;
      const flowedAfter = msk === undefined ? 0 : (phasesOf(msk.marks)['the act until data arrived'] ?? 0);
      expect(Math.abs(flowedAfter - afterStuckSeconds)).toBeLessThan(1.5);
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
