import { describe, expect, it } from 'vitest';
import { decide } from '../../recovery/decide.ts';
import type { Act } from '../../recovery/journal.ts';
import { observe } from '../../recovery/observe.ts';
import { ago, alarm, arn, journal, live, observation, policy, recovery, request, signs, verdict } from './examples.ts';
import { World } from './world.ts';

const recreateOnly = policy({ remedies: ['recreate'] });
const denied = { kind: 'refused', code: 'ForbiddenException', reason: 'iam:PassRole' } as const;

describe('what was created again and could not reach its source', () => {
  it('is deleted for another try, and cannot be created: people hear of it as of any deletion, whatever they heard before', async () => {
    const world = new World('dead');
    // Each creation ends FAILED, a second before it would run.
    world.fault = (call, _count, when) => {
      const { connector } = world;
      if (call !== 'create' || when !== 'after' || connector?.state !== 'CREATING') return;
      world.after(299, () =>
        Object.assign(connector, { state: 'FAILED', stateReason: 'java.net.ConnectException: Connection refused' }),
      );
    };
    const deletions = () => world.accepted.filter((call) => call === 'delete').length;
    world.createRefused = () => (deletions() < 3 ? undefined : denied);
    await world.invoke(alarm, recreateOnly);
    let deletedAt = 0;
    world.after(0, function watch() {
      deletedAt = world.elapsed;
      if (deletions() < 3) world.after(10, watch);
    });
    await world.sweepFor(recreateOnly, 180);
    const news = world.told.filter(({ message }) => message.subject.includes('DELETED AND NOT BACK YET'));
    const first = news[0]?.at ?? Infinity;
    expect(first - deletedAt).toBeLessThan(300);
    // The sweep comes once a minute.
    expect(news.map((told) => 5 * Math.round((told.at - first) / 300))).toEqual([0, 5, 15, 60, 120]);
  });
});

describe('what was created again, was restarted to find out, and still cannot reach its source', () => {
  const newArn = arn.replace('000000000001', '000000000002');
  const acts = (restartedAgo: number): readonly Act[] => [
    {
      kind: 'delete',
      intendedAt: ago(9000),
      arn,
      version: 'V1',
      recreateFrom: request(),
      endedAt: ago(8700),
      result: 'gone',
      backupClosedAt: ago(8600),
    },
    {
      kind: 'create',
      intendedAt: ago(8700),
      request: request(),
      arn: newArn,
      seenAt: ago(8690),
      endedAt: ago(8400),
      result: 'running',
    },
    {
      kind: 'restart',
      intendedAt: ago(restartedAgo + 60),
      arn: newArn,
      onlyFailedTasks: false,
      endedAt: ago(restartedAgo),
      result: 'complete',
    },
  ];
  const decided = (restartedAgo: number, alarmed = { at: ago(5), times: 1 }) =>
    decide(
      observation({
        sighting: { kind: 'present', connector: live({ arn: newArn }) },
        verdict: verdict('elsewhere', { diedUnconnectedAt: ago(restartedAgo) }),
      }),
      journal({ recovery: recovery(acts(restartedAgo), { alarmed }) }),
      policy(),
      alarm,
    );

  it('is not given up: it is tried again after twice the pause', () => {
    expect(decided(1799)).toMatchObject({ kind: 'wait', seconds: 1 });
    expect(decided(1800)).toMatchObject({ kind: 'delete', arn: newArn });
  });

  it('is told of meanwhile', () => {
    expect(decided(600, { at: ago(300), times: 1 }).kind).toBe('raise-alarm');
  });

  it('is looked at back to that restart, for what it died of', async () => {
    const world = new World('dead');
    if (world.connector !== undefined) world.connector.arn = newArn;
    let from: string | undefined;
    const signsOfLife = {
      look(_connector: unknown, since: string) {
        from = since;
        return Promise.resolve(signs());
      },
    };
    const written = journal({ recovery: recovery(acts(1700)) });
    await observe({ ...world.ports, signsOfLife }, policy(), written, alarm);
    expect(from).toBe(ago(1760));
  });
});
