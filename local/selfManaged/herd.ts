import { SimulatedSource, type SourceKind } from '../connect/simulated/source.ts';
import type { LocalClock } from '../clock.ts';
import type { Random } from '../seededRandom.ts';
import type { AddedConnector, ConnectClusterOptions } from './clusterOptions.ts';
import { ClusterConnector } from './connector.ts';
import { Membership } from './membership.ts';
import type { ClusterWorker } from './worker.ts';

const defaultFlushSeconds = 60;

/** The cluster behind its workers: connectors, and what becomes of them when somebody asks for a change. */
export class Herd {
  readonly version: string;
  readonly workers: readonly ClusterWorker[];
  readonly membership: Membership;
  readonly connectors = new Map<string, ClusterConnector>();
  readonly clock: LocalClock;
  readonly #random: Random;
  readonly #options: ConnectClusterOptions;

  constructor(options: ConnectClusterOptions, workers: readonly ClusterWorker[]) {
    this.#options = options;
    this.clock = options.clock;
    this.#random = options.random;
    this.version = options.version ?? '3.7.1';
    this.workers = workers;
    this.membership = new Membership(options.clock, workers, () => this.connectors.values());
  }

  /** A connector that is there at once, as if it had always run. */
  add(name: string, config: Readonly<Record<string, string>>, added: AddedConnector): void {
    const connector = this.#make(name, config, added);
    for (const slot of [connector.instance, ...connector.tasks]) this.membership.assign(slot);
    connector.settle();
  }

  /** Creates a connector or changes its configuration. Gives whether it is new. */
  configure(name: string, config: Readonly<Record<string, string>>): boolean {
    const known = this.connectors.get(name);
    this.membership.rebalance();
    if (known === undefined) {
      this.#startAll(this.#make(name, config, {}));
      return true;
    }
    const before = known.tasks;
    known.stopTasks(before, () => {
      known.configure(config);
      for (const slot of before) if (!known.tasks.includes(slot)) this.membership.release(slot);
      for (const slot of known.tasks) {
        if (slot.worker === undefined) this.membership.assign(slot);
        known.startTask(slot);
      }
    });
    return false;
  }

  remove(connector: ClusterConnector): void {
    this.connectors.delete(connector.name);
    this.membership.rebalance();
    connector.end();
    for (const slot of [connector.instance, ...connector.tasks]) this.membership.release(slot);
  }

  /** Tasks end, and their places with them; offsets stay. */
  stop(connector: ClusterConnector): void {
    if (connector.target === 'STOPPED') return;
    connector.target = 'STOPPED';
    this.membership.rebalance();
    const { tasks } = connector;
    connector.stopTasks(tasks, () => {
      for (const slot of tasks) this.membership.release(slot);
      connector.tasks = [];
      connector.instance.say('STOPPED', connector.instance.worker);
    });
  }

  resume(connector: ClusterConnector): void {
    if (connector.target === 'PAUSED') connector.unpause();
    if (connector.target !== 'STOPPED') return;
    connector.target = 'STARTED';
    connector.cured('stop-and-resume');
    connector.makeTasks();
    this.#startAll(connector);
  }

  /** The instance alone, which is all that a restart meant before 3.0. */
  restartInstance(connector: ClusterConnector): void {
    connector.startInstance();
  }

  /** One task, on the worker that has it. Calls back when its predecessor has stopped, or was given up. */
  restartTask(connector: ClusterConnector, id: number, then: () => void): void {
    const slot = connector.tasks[id];
    if (slot === undefined) return;
    connector.stopTasks([slot], () => {
      connector.startTask(slot);
      then();
    });
  }

  /** Instance and tasks, or those of them that FAILED; what nobody alive is assigned to stays as it is. */
  restart(connector: ClusterConnector, wanted: { readonly includeTasks: boolean; readonly onlyFailed: boolean }): void {
    const { instance } = connector;
    const alive = (worker: ClusterWorker | undefined) => worker?.process === 'up' && worker.inGroup;
    if ((!wanted.onlyFailed || instance.status?.state === 'FAILED') && alive(instance.worker)) {
      instance.say('RESTARTING', instance.worker);
      connector.startInstance();
    }
    if (!wanted.includeTasks) return;
    const slots = connector.tasks.filter(
      ({ status, worker }) => (!wanted.onlyFailed || status?.state === 'FAILED') && alive(worker),
    );
    if (!wanted.onlyFailed) connector.cured('restart');
    connector.stopTasks(slots, () => {
      for (const slot of slots) {
        slot.say('RESTARTING', slot.worker);
        connector.startTask(slot);
      }
    });
  }

  #startAll(connector: ClusterConnector): void {
    this.membership.rebalance();
    if (connector.instance.worker === undefined) this.membership.assign(connector.instance);
    connector.startInstance();
    for (const slot of connector.tasks) {
      this.membership.assign(slot);
      connector.startTask(slot);
    }
  }

  #make(name: string, config: Readonly<Record<string, string>>, added: AddedConnector): ClusterConnector {
    const { databases, topics, flushSeconds } = this.#options;
    const topic = config['topics']?.split(',')[0]?.trim();
    const source =
      (topic === undefined ? databases?.[config['database.hostname'] ?? ''] : topics?.[topic]) ??
      new SimulatedSource({
        clock: this.clock,
        kind: added.kind ?? kindOf(config),
        rowsPerSecond: added.rowsPerSecond ?? 1,
        existingRows: added.existingRows ?? 0,
      });
    const connector = new ClusterConnector(
      {
        clock: this.clock,
        random: this.#random,
        name,
        source,
        flushMs: (flushSeconds ?? defaultFlushSeconds) * 1000,
        ...(added.partitions !== undefined && { partitions: added.partitions }),
        ...(added.othersWrite !== undefined && { othersWrite: added.othersWrite }),
      },
      config,
    );
    this.connectors.set(name, connector);
    return connector;
  }
}

/** What a connector reads, by its class. */
function kindOf(config: Readonly<Record<string, string>>): SourceKind {
  if (config['topics'] !== undefined || config['topics.regex'] !== undefined) return 'topic';
  const found = /io\.debezium\.connector\.(mysql|mariadb|postgresql)\./.exec(config['connector.class'] ?? '');
  return (found?.[1] as SourceKind | undefined) ?? 'other';
}
