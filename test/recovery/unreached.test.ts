import { describe, expect, it } from 'vitest';
import { alarm, policy } from './examples.ts';
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
