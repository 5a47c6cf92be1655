import type { LiveConnector } from './connector.ts';
import { incurable } from './incurable.ts';
import { reachSaid } from './outOfReach.ts';
import { positionLost, saysPositionLost } from './positionLost.ts';
import { rebalanceSeconds } from './rebalance.ts';
import type { Signs } from './signs.ts';
import { duration, secondsBetween } from './time.ts';
import type { Evidence, Verdict } from './verdict.ts';
import { excerpt } from './trace.ts';

/**
 * What the connector's own instance on a self-managed Kafka Connect says, beside its tasks, which may run on without it; `undefined`: nothing against
 * it. `stateReason` is its trace.
 */
export function verdictOnInstance(connector: LiveConnector, signs: Signs): Verdict | undefined {
  if (connector.state === 'UNASSIGNED') return unassigned(connector, signs);
  if (connector.state !== 'FAILED') return undefined;
  const { stateReason: trace, stateSince: since = connector.createdAt } = connector;
  const tasks = signs.tasks ?? [];
  const said = reachSaid(trace ?? '');
  const isUnreached = said === 'out of reach' || said === 'perhaps';
  const seen = `its own state is FAILED${trace === undefined ? '' : `: ${excerpt(trace)}`}`;
  const evidence: Evidence = { source: 'connector state', seen, since, says: isUnreached ? 'out of reach' : 'errored' };
  if (saysPositionLost(trace ?? '')) return positionLost(since, signs.to, [{ ...evidence, says: 'position lost' }]);
  const running = tasks.filter(({ state }) => state === 'RUNNING').length;
  const rest = running === 0 ? '' : ` ${running} of ${tasks.length} tasks still run; it cannot be given new ones.`;
  const dead = tasks.filter((task) => task.state === 'FAILED' && incurable(task.trace) === undefined);
  const why = incurable(trace);
  const told = {
    evidence: [evidence],
    silentSince: since,
    deadTasks: dead.map(({ id }) => id),
    ...(why === undefined ? {} : { incurable: { ...why, tasks: [] } }),
  };
  if (why === undefined && isUnreached)
    return {
      kind: 'elsewhere',
      because: `The connector could not reach what it reads from or writes to: ${seen}.${rest}`,
      wouldChange: 'That it can be reached when the connector begins anew.',
      ...told,
      diedUnconnectedAt: since,
    };
  return {
    kind: running === 0 ? 'dead' : 'partial',
    because: `The connector itself does not run: ${seen}.${rest}`,
    wouldChange: 'Its state.',
    ...told,
  };
}

/** No worker has the instance, which no restart reaches: for longer than a rebalance may take, people are told. */
function unassigned({ stateSince }: LiveConnector, { to }: Signs): Verdict | undefined {
  if (stateSince === undefined || secondsBetween(stateSince, to) <= rebalanceSeconds) return undefined;
  const seen = `its own state is UNASSIGNED for ${duration(secondsBetween(stateSince, to))}`;
  return {
    kind: 'elsewhere',
    because: `No worker has taken up the connector, longer than a rebalance may take (scheduled.rebalance.max.delay.ms, 5 min by default): ${seen}. A restart reaches only what a worker has.`,
    wouldChange: 'A worker that joins the group and takes it: look at the workers and their logs.',
    evidence: [{ source: 'connector state', seen, since: stateSince, says: 'silent' }],
    silentSince: stateSince,
  };
}
