import { expect, it } from 'vitest';
import { alarm, policy } from './examples.ts';
import { World } from './world.ts';

it('a deletion whose journal was put back by somebody, and that a list which lags does not show, is not ordered twice: the connector comes back', async () => {
  const world = new World('dead');
  const recreate = policy({ remedies: ['recreate'] });
  // An older journal, from a look that found nothing: it knows of a look, and of no recovery.
  const older = { schema: 1, connector: 'orders-cdc', history: [], lookedAt: world.now() } as const;
  let putBack = false;
  world.fault = (call, _count, when) => {
    if (call !== 'delete' || when !== 'after' || putBack) return;
    putBack = true;
    world.journal = older;
    world.tag += 1;
    // The description lags: for 49 s everybody still sees it RUNNING.
    const { connector } = world;
    if (connector !== undefined) {
      connector.state = 'RUNNING';
      world.after(49, () => {
        connector.state = 'DELETING';
      });
    }
    world.deleteRefused = { kind: 'refused', code: 'BadRequestException', reason: 'it is being deleted' };
  };
  await world.invoke(alarm, recreate);
  await world.sweepFor(recreate, 40);
  expect(world.accepted).toEqual(['delete', 'create']);
  expect(world.connector?.state).toBe('RUNNING');
  expect(world.backups.filter(({ closed }) => closed === undefined)).toEqual([]);
});
