import { restartsSoFar } from './attempts.ts';
import type { LiveConnector } from './connector.ts';
import type { Act, RestartAct } from './journal.ts';
import { platformOf, restartsInOneCall } from './platforms.ts';
import type { Policy, Remedy } from './policy.ts';
import type { RestartHow } from './ports.ts';
import type { Verdict } from './verdict.ts';

/** Which rung of the ladder an act was. */
function rungOf({ by, onlyFailedTasks }: RestartAct): Remedy {
  return by ?? (onlyFailedTasks ? 'restart-failed-tasks' : 'restart');
}

/**
 * The gentlest rung that fits what is dead and has not been used up; `undefined`: there is none, or a gentler one could not be tried now, which is
 * no reason for a harsher one.
 */
export function nextRung(
  ladder: readonly Remedy[],
  verdict: Verdict,
  connector: LiveConnector,
  acts: readonly Act[],
  policy: Policy,
): Remedy | undefined {
  for (const remedy of ladder) {
    if (!fits(remedy, verdict, connector, policy)) continue;
    const tried = restartsSoFar(acts, connector, policy, (act) => rungOf(act) === remedy);
    if (tried === 'open') return remedy;
    if (tried === 'kept from it') return undefined;
  }
  return undefined;
}

/** Whether this remedy can do anything for what is dead. */
function fits(remedy: Remedy, verdict: Verdict, connector: LiveConnector, policy: Policy): boolean {
  if (!platformOf(policy).can(remedy, policy.connectVersion)) return false;
  if (remedy === 'restart-failed-tasks') return isReachedAlone(verdict, connector, policy);
  if (remedy === 'replace-worker' && workerToReplace(verdict, connector) === undefined) return false;
  // A FAILED task has given up its thread, and the living ones are nobody's to interrupt for it; one that is stuck may hold more than its own.
  const isOfSome = verdict.kind === 'partial' && connector.state !== 'FAILED';
  return !isOfSome || deadTasksOf(verdict).some((id) => !isFailed(id, connector));
}

/** Whether what is dead can be restarted, and the rest goes on. */
function isReachedAlone(verdict: Verdict, connector: LiveConnector, { connectVersion }: Policy): boolean {
  const dead = deadTasksOf(verdict);
  if (connector.state !== 'FAILED') return dead.length > 0;
  return restartsInOneCall(connectVersion) && dead.every((id) => isFailed(id, connector));
}

/** How a remedy other than a recreation is asked for. */
export function howOf(remedy: Remedy, verdict: Verdict, connector: LiveConnector, policy: Policy): RestartHow {
  const { tasks = [], state } = connector;
  const dead = deadTasksOf(verdict);
  const isOneCall = restartsInOneCall(policy.connectVersion);
  switch (remedy) {
    case 'restart-failed-tasks': {
      const failed = tasks.filter((task) => task.state === 'FAILED');
      const isAllThatFailed = failed.length === dead.length && failed.every(({ id }) => dead.includes(id));
      const atOnce = isOneCall && (state === 'FAILED' || (isAllThatFailed && dead.length > 1));
      return { onlyFailedTasks: true, ...(atOnce ? {} : { tasks: dead }) };
    }
    case 'stop-and-resume':
      return { onlyFailedTasks: false, by: remedy };
    case 'replace-worker': {
      const worker = workerToReplace(verdict, connector);
      return { onlyFailedTasks: false, by: remedy, ...(worker === undefined ? {} : { worker }) };
    }
    case 'restart':
    case 'recreate': {
      const leavesTasks = policy.platform === 'self-managed' && !isOneCall;
      return { onlyFailedTasks: false, ...(leavesTasks ? { tasks: tasks.map(({ id }) => id) } : {}) };
    }
  }
}

/** The worker that has most of the dead tasks that are not FAILED, or else of the dead ones, or of a connector without tasks its instance. */
export function workerToReplace(verdict: Verdict, { tasks = [], worker }: LiveConnector): string | undefined {
  const dead = deadTasksOf(verdict);
  const ofDead = tasks.filter(({ id }) => dead.length === 0 || dead.includes(id));
  const stuck = ofDead.filter(({ state }) => state !== 'FAILED');
  const counts = new Map<string, number>();
  for (const task of stuck.length > 0 ? stuck : ofDead) counts.set(task.worker, (counts.get(task.worker) ?? 0) + 1);
  const [most] = [...counts].toSorted(([a, ofA], [b, ofB]) => ofB - ofA || (a < b ? -1 : 1));
  return most?.[0] ?? worker;
}

/** Whether what is dead stays so by itself: Kafka Connect never restarts what is FAILED. */
export function isFinal(verdict: Verdict, connector: LiveConnector): boolean {
  if (connector.state === 'FAILED') return true;
  const dead = deadTasksOf(verdict);
  return dead.length > 0 && dead.every((id) => isFailed(id, connector));
}

function deadTasksOf({ deadTasks = [] }: Verdict): readonly number[] {
  return deadTasks;
}

function isFailed(id: number, { tasks = [] }: LiveConnector): boolean {
  return tasks.some((task) => task.id === id && task.state === 'FAILED');
}
