import type { Sighting } from '../../recovery/connector.ts';
import { PortError } from '../../recovery/ports.ts';
import type { Clock, Connectors, Refused, RestartHow, SavedConfigs } from '../../recovery/ports.ts';
import { asked } from './asked.ts';
import type { ClusterMemory } from '../memory/clusterMemory.ts';
import type { ReplaceWorker } from './replaceWorker.ts';
import type { ConnectRest } from '../rest/connectRest.ts';
import { restartOneByOne } from './restartOneByOne.ts';

export interface ConnectorsAccess {
  readonly cluster: string;
  readonly rest: ConnectRest;
  readonly memory: ClusterMemory;
  readonly clock: Pick<Clock, 'now'>;
  /** For the names of operations. */
  readonly newId: () => string;
  /** How long a worker may take for an answer to a question. */
  readonly timeoutMs: number;
  /** Absent: nobody said how a worker is replaced. */
  readonly replace?: ReplaceWorker;
}

/** What the watchdog never does, whoever asks. */
const deletesNothing = {
  kind: 'refused',
  code: 'NotSelfManaged',
  reason:
    'the watchdog deletes and creates no connector: its configuration lies in Kafka Connect, and a restart reaches all of it',
} as const;

/** The port Connectors on a self-managed Kafka Connect. */
export function restConnectors(access: ConnectorsAccess): Connectors {
  const { memory, rest, clock } = access;
  return {
    async find(full): Promise<Sighting> {
      const name = nameIn(access.cluster, full);
      if (name === undefined) return { kind: 'absent' };
      const answer = await rest.status(name, access.timeoutMs);
      const at = clock.now();
      if (answer.kind === 'answered') memory.seeStates(name, answer.value, at);
      const remembered = memory.sighting(name, at);
      if (answer.kind === 'answered' && remembered.kind === 'absent')
        throw new PortError('unavailable', `${full} is there, and no round has seen it yet`);
      if (answer.kind !== 'answered' && remembered.kind === 'present')
        throw new PortError('unavailable', `${full} is not shown now: ${answer.reason}`);
      return remembered;
    },

    async restart(arn, how) {
      const name = nameOf(access.cluster, arn);
      const at = clock.now();
      const refused = await carryOut(access, name, how);
      if (refused !== undefined) return refused;
      const operationArn = `${arn}#${access.newId()}`;
      memory.beginRestart(name, operationArn, how, at);
      return { kind: 'started', operationArn };
    },

    delete: async () => deletesNothing,
    create: async () => deletesNothing,
    offsetSurvival: async () => ({ kind: 'unknown', reason: deletesNothing.reason }),
    findPin: async () => deletesNothing,
    findEarlierPin: async () => deletesNothing,
    makePin: async () => deletesNothing,
  };
}

/** The port SavedConfigs where there is nothing to save: Kafka Connect keeps the configurations in a topic of its own. */
export function noSavedConfigs(cluster: string): SavedConfigs {
  const place = `the configurations that Kafka Connect keeps itself (config.storage.topic of ${cluster})`;
  return {
    read: async () => ({ kind: 'unreadable', reason: 'a self-managed Kafka Connect has no saved config', place }),
    capture: async () => ({ kind: 'exists', place }),
    replace: async () => ({ kind: 'lost', place }),
    writeBackup: async () => {
      throw new PortError('unexpected', deletesNothing.reason);
    },
    newestBackup: async () => undefined,
  };
}

/** A connector's name in Connect, of `<cluster>/<name>`; `undefined`: it is none of this cluster. */
export function nameIn(cluster: string, full: string): string | undefined {
  return full.startsWith(`${cluster}/`) ? full.slice(cluster.length + 1) : undefined;
}

/** As `nameIn`, of `connect://<cluster>/<name>`. @throws PortError */
export function nameOf(cluster: string, arn: string): string {
  const name = nameIn(cluster, arn.replace(/^connect:\/\//, ''));
  if (name === undefined) throw new PortError('unexpected', `${arn} is no connector of ${cluster}`);
  return name;
}

async function carryOut(access: ConnectorsAccess, name: string, how: RestartHow): Promise<Refused | undefined> {
  const { rest } = access;
  switch (how.by) {
    case 'stop-and-resume':
      return asked(() => rest.stop(name));
    case 'replace-worker':
      return replace(access, how);
    case undefined:
      if (how.tasks === undefined) return asked(() => rest.restart(name, how.onlyFailedTasks ? 'failed' : 'all'));
      return restartOneByOne(access, name, how.tasks, how.onlyFailedTasks);
  }
}

async function replace(
  { replace: replaceWorker }: ConnectorsAccess,
  { worker }: RestartHow,
): Promise<Refused | undefined> {
  if (replaceWorker === undefined || worker === undefined) {
    return { kind: 'refused', code: 'NoMeans', reason: 'nobody said how a worker of this cluster is replaced' };
  }
  return replaceWorker(worker);
}
