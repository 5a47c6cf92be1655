import { PortError } from '../../recovery/ports.ts';
import type { Clock, Refused } from '../../recovery/ports.ts';
import { secondsBetween } from '../../recovery/time.ts';
import { asked } from './asked.ts';
import type { ClusterMemory } from '../memory/clusterMemory.ts';
import type { ConnectRest } from '../rest/connectRest.ts';

/**
 * No restart is begun later: one takes 20 s at most before it is given up, and all of them must have ended before the lease of whoever asked does
 * (90 s). What is left is seen dead by the next look.
 */
const beginWithinSeconds = 50;

/**
 * Restarts tasks by a call each. A worker restarts one after the other, and each may take it the 5 s that a hung task gets to stop
 * (`task.shutdown.graceful.timeout.ms`): so those of one worker are asked for in turn, and all workers at once. Refused where nothing could be restarted.
 * @param onlyTasks else the connector's own instance is restarted before them
 * @throws PortError where none could be, and it may pass
 */
export async function restartOneByOne(
  {
    rest,
    memory,
    clock,
  }: { readonly rest: ConnectRest; readonly memory: ClusterMemory; readonly clock: Pick<Clock, 'now'> },
  name: string,
  tasks: readonly number[],
  onlyTasks: boolean,
): Promise<Refused | undefined> {
  const begunAt = clock.now();
  const sighting = memory.sighting(name, begunAt);
  const seen = sighting.kind === 'present' ? (sighting.connector.tasks ?? []) : [];
  const lanes = Map.groupBy(tasks, (task) => seen.find(({ id }) => id === task)?.worker);
  const refusals: Refused[] = [];
  const errors: unknown[] = [];
  let restarted = 0;
  const restart = async (change: Parameters<typeof asked>[0]) => {
    try {
      const refused = await asked(change);
      if (refused === undefined) restarted += 1;
      else refusals.push(refused);
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      errors.push(error);
    }
  };
  const inTurn = async (lane: readonly number[]) => {
    for (const task of lane) {
      if (secondsBetween(begunAt, clock.now()) > beginWithinSeconds) return;
      // oxlint-disable-next-line no-await-in-loop -- a worker restarts one task after the other
      await restart(() => rest.restartTask(name, task));
    }
  };
  if (!onlyTasks) await restart(() => rest.restart(name, 'none'));
  await Promise.all([...lanes.values()].map(inTurn));
  if (restarted > 0) return undefined;
  if (errors.length > 0) throw errors[0];
  return refusals[0];
}
