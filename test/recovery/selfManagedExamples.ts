import type { LiveConnector, TaskState } from '../../recovery/connector.ts';
import type { Policy } from '../../recovery/policy.ts';
import type { Position, Series, Signs, TaskSigns } from '../../recovery/signs.ts';
import { ago, live, minutes, policy, request, signs } from './examples.ts';

/** The connector of the examples on a self-managed Kafka Connect. */
export const selfArn = 'connect://shop/orders-cdc';
export const ladder = ['restart-failed-tasks', 'restart', 'stop-and-resume', 'replace-worker'] as const;

export function selfPolicy(changes: Partial<Policy> = {}, kind: Policy['kind'] = 'mysql'): Policy {
  const before = policy({}, kind);
  return {
    ...before,
    platform: 'self-managed',
    connectVersion: '3.7.1',
    remedies: ladder,
    waits: { ...before.waits, pollSeconds: 10, restartSeconds: 300, verifySeconds: 120 },
    limits: {
      restartsPerRecovery: 1,
      recreationsPerRecovery: 0,
      recoveriesPerDay: 6,
      cooldownSeconds: 60,
      backOffSeconds: [120, 360, 720, 1200, 1800, 2520, 3360],
    },
    ...changes,
  };
}

type SomeTask = Partial<TaskSigns> & Pick<TaskSigns, 'id'>;

/** A task that has been running for an hour. */
export function task(id: number, changes: Partial<TaskSigns> = {}): TaskSigns {
  return { id, state: 'RUNNING', worker: `w${id % 2}:8083`, since: ago(3600), ...changes };
}

/** Of a RUNNING task that takes nothing: offsets that have stood still so long, while ever more records wait. */
export function stuck(id: number, forSeconds = 200, changes: Partial<TaskSigns> = {}): TaskSigns {
  return task(id, { position: stands(forSeconds), waiting: waits(Math.ceil(forSeconds / 10), 5), ...changes });
}

/** Every 10 s a sample of what waits, so many of them until now, each so many more than the one before. */
export function waits(count: number, grows: number, from = 1): Series {
  const samples = Array.from({ length: count }, (_, index) => {
    const to = ago((count - 1 - index) * 10);
    return { from: to, to, value: from + index * grows };
  });
  return { kind: 'read', samples };
}

/** Committed offsets that were last seen to move so long ago, read every 10 s for an hour. */
export function stands(movedAgo: number, changes: Partial<Extract<Position, { kind: 'read' }>> = {}): Position {
  return { kind: 'read', since: ago(3600), movedAt: ago(movedAgo), readAt: ago(0), ...changes };
}

export function selfLive(
  changes: Partial<LiveConnector> = {},
  configuration: Record<string, string> = {},
): LiveConnector {
  return live({ arn: selfArn, request: request(configuration), tasks: [running(0)], worker: 'w0:8083', ...changes });
}

export function running(id: number, changes: Partial<TaskState> = {}): TaskState {
  return { id, state: 'RUNNING', worker: `w${id % 2}:8083`, ...changes };
}

/** What is seen of a connector with those tasks, by REST alone unless the test says more. */
export function selfSigns(tasks: readonly SomeTask[], changes: Partial<Signs> = {}): Signs {
  return signs({ tasks: tasks.map((each) => task(each.id, each)), ...changes });
}

/** A rate of which the last minutes are these. */
export const rate = minutes;
