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
  /** Their offsets are still there. */
  readonly #removed = new Map<string, ClusterConnector>();
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
      if (known.target !== 'STOPPED') known.startInstance();
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
    this.#removed.set(connector.name, connector);
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
    connector.tasks = [];
    connector.instance.say('STOPPED', connector.instance.worker);
    connector.stopTasks(tasks, () => undefined);
    for (const slot of tasks) this.membership.release(slot);
  }

  pause(connector: ClusterConnector): void {
    if (connector.target === 'STOPPED') this.#leaveStopped(connector, 'PAUSED');
    else connector.pause();
  }

  resume(connector: ClusterConnector): void {
    if (connector.target === 'STOPPED') this.#leaveStopped(connector, 'STARTED');
    else connector.unpause();
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
      // A thread that was given up says nothing; one that stopped does.
      if (slot.running?.life === 'stopped' && slot.status?.state === 'RUNNING') slot.say('UNASSIGNED', slot.worker);
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
    connector.stopTasks(slots, (stopped) => {
      for (const slot of stopped) {
        slot.say('RESTARTING', slot.worker);
        connector.startTask(slot);
      }
    });
  }

  /** Tasks are made again, and placed anew. */
  #leaveStopped(connector: ClusterConnector, target: 'STARTED' | 'PAUSED'): void {
    connector.target = target;
    connector.cured('stop-and-resume');
    // Workers that wait for a thread to stop start nothing before they have given it up.
    const freeMs = Math.max(this.clock.now(), ...this.workers.map(({ busyUntilMs }) => busyUntilMs));
    this.clock.at(freeMs, () => {
      // It may be paused by now, and then its tasks begin so.
      if (connector.target === 'STOPPED' || connector.tasks.length > 0) return;
      connector.makeTasks();
      this.#startAll(connector);
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

  /** How long something takes this time. */
  vary(milliseconds: number): number {
    const jitter = this.#options.jitter ?? 0;
    return jitter === 0 ? milliseconds : Math.round(milliseconds * (1 + jitter * (2 * this.#random() - 1)));
  }

  /** The deleted ones as well, of which threads and offsets may be left. */
  everyConnector(): readonly ClusterConnector[] {
    return [...this.connectors.values(), ...this.#removed.values()];
  }

  /** Also one that is deleted by now. */
  ever(name: string): ClusterConnector | undefined {
    return this.connectors.get(name) ?? this.#removed.get(name);
  }

  #make(name: string, config: Readonly<Record<string, string>>, added: AddedConnector): ClusterConnector {
    const removed = this.#removed.get(name);
    if (removed !== undefined) {
      this.#removed.delete(name);
      removed.revive(config);
      this.connectors.set(name, removed);
      return removed;
    }
    const { databases, topics, flushSeconds, taskStarts } = this.#options;
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
        vary: (milliseconds) => this.vary(milliseconds),
        flushMs: (flushSeconds ?? defaultFlushSeconds) * 1000,
        ...(taskStarts !== undefined && { taskStarts }),
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
