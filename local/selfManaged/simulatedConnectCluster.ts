import { anyException, connectionReset } from '../connect/simulated/traces.ts';
import type { RowCount } from '../connect/rowCount.ts';
import type { LocalClock } from '../clock.ts';
import { randomHex } from '../seededRandom.ts';
import type {
  AddedConnector,
  AskedFor,
  ConnectClusterOptions,
  Listening,
  MetricsNaming,
  PartitionLag,
  TrueConnector,
  TrueTask,
  WorkerChoice,
} from './clusterOptions.ts';
import type { ClusterConnector } from './connector.ts';
import type { InventedCure } from './hold.ts';
import { Door, type AnswerRule } from './door.ts';
import { groupLag } from './groupLag.ts';
import { Herd } from './herd.ts';
import type { Transport } from './http.ts';
import { inProcess } from './inProcess.ts';
import { ListeningWorker, type ListeningParts, type ListenOptions } from './listening.ts';
import { prometheusText } from './prometheus.ts';
import { RestInterface } from './restInterface.ts';
import type { Slot } from './slot.ts';
import { atLeast } from './version.ts';
import { ClusterWorker } from './worker.ts';
import { WorkerProcesses } from './workerProcesses.ts';

/** `max.poll.interval.ms` of a sink's consumer. */
const maxPollMs = 300_000;

/** A self-managed Kafka Connect cluster that exists only as its signals. How it behaves, and where that is from: `README.md`. */
export class SimulatedConnectCluster {
  /** The changes that somebody asked for, in the order of their answers. */
  readonly asked: AskedFor[] = [];
  readonly #clock: LocalClock;
  readonly #workers: readonly ClusterWorker[];
  readonly #herd: Herd;
  readonly #door: Door;
  readonly #naming: MetricsNaming;
  readonly #processes: WorkerProcesses;
  #listening: readonly ListeningWorker[] = [];

  constructor(options: ConnectClusterOptions) {
    this.#clock = options.clock;
    this.#workers = Array.from({ length: options.workers ?? 1 }, (_, place) => {
      const host = `${options.name}-${place + 1}.connect`;
      return new ClusterWorker(place, `${host}:8083`, `${host}:9404`);
    });
    this.#herd = new Herd(options, this.#workers);
    const rest = new RestInterface(this.#herd, randomHex(options.random, 22), randomHex(options.random, 16));
    this.#door = new Door(this.#herd, rest, options.random, options);
    this.#naming = options.metrics ?? 'jmx';
    this.#processes = new WorkerProcesses(this.#herd, options.workerStartSeconds, {
      ended: ({ place }) => void this.#listening[place]?.close(),
      begun: ({ place }) => void this.#listening[place]?.open(),
    });
  }

  /** Of the workers' REST interfaces. */
  get urls(): readonly string[] {
    return this.#workers.map(({ url }) => url);
  }

  get prometheusUrls(): readonly string[] {
    return this.#workers.map(({ prometheusUrl }) => prometheusUrl);
  }

  /** `host:port`, as statuses name them. */
  get workerIds(): readonly string[] {
    return this.#workers.map(({ address }) => address);
  }

  /** In process, on the cluster's clock. */
  transport(): Transport {
    return inProcess(this.#clock, this.#workers, this.#parts());
  }

  /** Real servers on 127.0.0.1, on free ports. Statuses name those from then on. The clock has to be a real one. */
  async listen(options: ListenOptions = {}): Promise<Listening> {
    const listening = this.#workers.map((worker) => new ListeningWorker(worker, this.#parts(), options));
    this.#listening = listening;
    await Promise.all(listening.map((each) => each.open()));
    return {
      urls: this.urls,
      prometheusUrls: this.prometheusUrls,
      close: async () => {
        this.#listening = [];
        await Promise.all(listening.map((each) => each.close()));
      },
    };
  }

  /** What an admin client sees of a sink's group, `connect-<name>`; an unknown one is empty. */
  consumerGroups(): { lag(group: string): Promise<readonly PartitionLag[]> } {
    return {
      lag: async (group) => {
        const connector = this.#herd.connectors.get(group.replace(/^connect-/, ''));
        return connector === undefined ? [] : groupLag(connector, this.#clock.now());
      },
    };
  }

  /** A connector that is there at once, as if it had always run. */
  addConnector(name: string, config: Readonly<Record<string, string>>, added: AddedConnector = {}): void {
    this.#herd.add(name, config, added);
  }

  /** The connection dies in silence. @param task Its number; all of them when absent. */
  halfOpen(
    name: string,
    task?: number,
    options: {
      readonly noticedAfterSeconds?: number;
      /** A restart alone is of no use. No recording shows this. */
      readonly inventedCure?: InventedCure;
    } = {},
  ): void {
    const connector = this.#get(name);
    const slots = chosen(connector, task);
    if (options.inventedCure !== undefined) connector.hold(slots, options.inventedCure);
    for (const { running } of slots) running?.cut(options.noticedAfterSeconds);
  }

  /** A task that reads and hands nothing on, with a living connection; its thread stays until its worker's process ends. No recording shows this. */
  inventedZombie(name: string, task?: number): void {
    const connector = this.#get(name);
    const slots = chosen(connector, task);
    connector.hold(slots, 'replace-worker');
    for (const { running } of slots) {
      if (running === undefined) continue;
      running.block('thread');
      if (connector.sink) this.#after(maxPollMs, () => connector.leaveGroup(running));
    }
  }

  /** A sink's task that tries the same batch again for ever: it stays in its consumer group, and its partitions wait. */
  stickTask(name: string, task: number): void {
    for (const { running } of chosen(this.#get(name), task)) running?.block('retrying-batch');
  }

  /** A task dies of an exception. */
  failTask(name: string, task: number, trace = anyException.join('\n')): void {
    const connector = this.#get(name);
    for (const slot of chosen(connector, task)) connector.fail(slot, trace);
  }

  /** The connector's instance dies; its tasks live on. */
  failConnector(name: string, trace = anyException.join('\n')): void {
    const { instance } = this.#get(name);
    instance.say('FAILED', instance.worker, trace);
  }

  /** The connection is reset: on 2.x, with Debezium 1.9, the task dies of it; later ones start over by themselves. */
  connectionReset(name: string): void {
    const connector = this.#get(name);
    for (const slot of connector.tasks) {
      if (atLeast(this.#herd.version, '3.0')) slot.running?.retry();
      else connector.fail(slot, connectionReset.join('\n'));
    }
  }

  /** The database's process hangs for so long: nothing is written meanwhile. */
  databaseHangs(name: string, seconds: number, noticedAfterSeconds?: number): void {
    this.#get(name).source.hang(seconds, noticedAfterSeconds);
  }

  /** Packets to the source vanish for so long, on old connections and new ones; it goes on writing. */
  sourceAway(name: string, seconds: number, noticedAfterSeconds?: number): void {
    this.#get(name).source.vanish(seconds, noticedAfterSeconds);
  }

  goIdle(name: string): void {
    this.#get(name).source.setRate(0);
  }

  goBusy(name: string, rowsPerSecond: number): void {
    this.#get(name).source.setRate(rowsPerSecond);
  }

  /** The worker's process dies. @param how `stopped`: it was told to, and could say good-bye. */
  killWorker(which: WorkerChoice, how: 'killed' | 'stopped' = 'killed'): void {
    this.#processes.kill(this.#worker(which), how);
  }

  /** The worker's process is started; it answers some 11 s later. */
  startWorker(which: WorkerChoice): void {
    this.#processes.start(this.#worker(which));
  }

  /** The worker's process stands still (SIGSTOP, a long pause of its heap): connections stay, nothing is answered. */
  freezeWorker(which: WorkerChoice): void {
    this.#processes.freeze(this.#worker(which));
  }

  thawWorker(which: WorkerChoice): void {
    this.#processes.thaw(this.#worker(which));
  }

  /** The worker's herder is out of its group, for so long: it answers only what it knows by itself. @param seconds @default for good */
  loseGroup(which: WorkerChoice, seconds?: number): void {
    this.#processes.loseGroup(this.#worker(which), seconds);
  }

  /** Kills and starts a worker, as ECS or a command would. @param workerId `host:port` */
  async replaceWorker(workerId: string): Promise<void> {
    this.killWorker(workerId, 'stopped');
    this.startWorker(workerId);
  }

  /** Each answer of this worker is later by so much; 0: no more. */
  slowWorker(which: WorkerChoice, milliseconds: number): void {
    this.#worker(which).slowMs = milliseconds;
  }

  /** Answers of this worker end before their time. */
  cutShort(which: WorkerChoice, on = true): void {
    this.#worker(which).cutShort = on;
  }

  /** A rebalance is under way for so long. */
  rebalance(seconds: number): void {
    this.#herd.membership.rebalance(seconds * 1000);
  }

  /** A proxy in front of the workers answers with a redirection to the leader where only that one can help. */
  redirectToLeader(on = true): void {
    this.#door.redirectsToLeader = on;
  }

  /** Answers of one's own. */
  answer(rule: AnswerRule): void {
    this.#door.add(rule);
  }

  /** How the rows of a connector's source fared; it may be deleted by now. */
  rows(name: string): RowCount {
    const connector = this.#herd.ever(name);
    if (connector === undefined) throw new Error(`No connector named ${name} was ever there.`);
    return connector.rows();
  }

  /** What truly goes on in a connector's tasks, whatever is shown of them: for the tests only. `undefined`: it does not exist. */
  truth(name: string): TrueConnector | undefined {
    const connector = this.#herd.connectors.get(name);
    return connector && { target: connector.target, tasks: connector.tasks.map((slot) => trueTask(slot, connector)) };
  }

  #parts(): ListeningParts {
    return {
      door: this.#door,
      seen: (worker, method, path, status) => this.#note(worker, method, path, status),
      prometheus: (worker) => prometheusText(worker, this.#herd.connectors.values(), this.#naming),
    };
  }

  #note(worker: ClusterWorker, method: string, path: string, status?: number): void {
    if (method === 'GET') return;
    const { address } = worker;
    this.asked.push({
      atMs: this.#clock.now(),
      worker: address,
      method,
      path,
      ...(status !== undefined && { status }),
    });
  }

  #get(name: string): ClusterConnector {
    const connector = this.#herd.connectors.get(name);
    if (connector === undefined) throw new Error(`No connector named ${name} is there.`);
    return connector;
  }

  #worker(which: WorkerChoice): ClusterWorker {
    const worker = this.#workers.find(({ place, address }) => place === which || address === which);
    if (worker === undefined) throw new Error(`No worker ${which} is there: ${this.workerIds.join(', ')}.`);
    return worker;
  }

  #after(delayMs: number, act: () => void): void {
    this.#clock.at(this.#clock.now() + delayMs, act);
  }
}

function trueTask({ task = 0, worker, running }: Slot, { source }: ClusterConnector): TrueTask {
  const { life, link, streams } = running ?? { life: 'none' as const, link: 'up' as const, streams: new Set() };
  return {
    task,
    life,
    link,
    blocks: running?.blocks ?? [],
    hasWork: streams.size > 0,
    sourceReachable: source.reachable,
    ...(worker !== undefined && { worker: worker.address, workerIsWell: worker.process === 'up' && worker.inGroup }),
  };
}

function chosen(connector: ClusterConnector, task: number | undefined): readonly Slot[] {
  return task === undefined ? connector.tasks : connector.tasks.filter((slot) => slot.task === task);
}
