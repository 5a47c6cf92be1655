import type { ConnectorSeen, InstanceState, TaskSeen } from '../round/seen.ts';
import { isRecord, listAt, NotUnderstood, recordAt, textAt } from './answers.ts';

/** A connector as `GET /connectors?expand=status&expand=info` shows it. */
export type ConnectorReport = Omit<ConnectorSeen, 'offsets' | 'lag'>;

/** @see https://github.com/apache/kafka/blob/3.7/connect/runtime/src/main/java/org/apache/kafka/connect/runtime/AbstractStatus.java — `State` */
const instanceStates: ReadonlySet<string> = new Set<InstanceState>([
  'RUNNING',
  'FAILED',
  'PAUSED',
  'STOPPED',
  'UNASSIGNED',
  'RESTARTING',
  'DESTROYED',
]);

/**
 * Reads the expanded list of connectors. One that has no status yet is not in it, and neither is, here, one whose configuration has just been
 * deleted: Connect gives `null` for it.
 *
 * @throws NotUnderstood
 * @see https://github.com/apache/kafka/blob/3.7/connect/runtime/src/main/java/org/apache/kafka/connect/runtime/rest/resources/ConnectorsResource.java — `listConnectors`
 */
export function readStatuses(body: unknown): readonly ConnectorReport[] {
  const reports: ConnectorReport[] = [];
  for (const [name, value] of Object.entries(recordAt(body, 'the list'))) {
    const { status, info } = recordAt(value, name);
    if (isRecord(info)) reports.push(readReport(name, status, info));
  }
  return reports;
}

function readReport(name: string, status: unknown, info: Readonly<Record<string, unknown>>): ConnectorReport {
  const seen = readStatus(name, status);
  const configuration = readConfiguration(name, info['config']);
  return { ...seen, tasks: withUnstarted(seen.tasks, info['tasks']), configuration };
}

/** Tasks that are configured and have no status yet are assigned to nobody. */
function withUnstarted(tasks: readonly TaskSeen[], configured: unknown): readonly TaskSeen[] {
  if (!Array.isArray(configured)) return tasks;
  const ids = configured.map((task) => (isRecord(task) ? task['task'] : undefined));
  const missing = ids.filter((id): id is number => typeof id === 'number' && !tasks.some((task) => task.id === id));
  return missing.length === 0
    ? tasks
    : [...tasks, ...missing.map((id): TaskSeen => ({ id, state: 'UNASSIGNED', worker: '' }))];
}

/** What `GET /connectors/{name}/status` shows. @throws NotUnderstood */
export function readStatus(name: string, body: unknown): Omit<ConnectorReport, 'configuration'> {
  const status = recordAt(body, `the status of ${name}`);
  const instance = recordAt(status['connector'], `the state of ${name}`);
  const { type } = status;
  return {
    name,
    type: type === 'source' || type === 'sink' ? type : 'unknown',
    state: readState(name, instance['state']),
    worker: textAt(instance['worker_id'], `the worker of ${name}`),
    ...traceOf(instance),
    tasks: listAt(status['tasks'], `the tasks of ${name}`).flatMap((task) => readTask(name, task)),
  };
}

function readState(name: string, state: unknown): InstanceState {
  if (typeof state === 'string' && instanceStates.has(state)) return state as InstanceState;
  throw new NotUnderstood(`${name} has a state that is not known`);
}

function readTask(name: string, value: unknown): readonly TaskSeen[] {
  const task = recordAt(value, `a task of ${name}`);
  const state = readState(name, task['state']);
  // Gone, and about to leave the list.
  if (state === 'DESTROYED') return [];
  if (typeof task['id'] !== 'number') throw new NotUnderstood(`a task of ${name} has no number`);
  return [
    { id: task['id'], state, worker: textAt(task['worker_id'], `the worker of a task of ${name}`), ...traceOf(task) },
  ];
}

function traceOf({ trace }: Readonly<Record<string, unknown>>): { readonly trace?: string } {
  return typeof trace === 'string' && trace !== '' ? { trace } : {};
}

function readConfiguration(name: string, value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(recordAt(value, `the configuration of ${name}`));
  // Connect lets a value be null.
  return Object.fromEntries(entries.flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])));
}
