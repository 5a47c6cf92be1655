import type { LiveConnector, Operation, Sighting } from '../../recovery/connector.ts';
import { PortError } from '../../recovery/ports.ts';
import type { RestartHow, WorkerLoad } from '../../recovery/ports.ts';
import { rebalance, rebalanceSeconds } from '../../recovery/rebalance.ts';
import type { Signs } from '../../recovery/signs.ts';
import { secondsBetween } from '../../recovery/time.ts';
import type { Instant } from '../../recovery/time.ts';
import { ConnectorMemory } from './connectorMemory.ts';
import type { StatesSeen } from './connectorMemory.ts';
import { indexMetrics } from './metricsOf.ts';
import { RestartLedger } from './restartLedger.ts';
import type { ClusterSeen, WorkerSeen } from '../round/seen.ts';

/**
 * A worker that has just begun shows its connectors before it has read them all, and one whose configuration changes is out of the list for a moment:
 * who is missing so often in a row is gone.
 */
const missingRounds = 3;

interface Known {
  readonly memory: ConnectorMemory;
  readonly ledger: RestartLedger;
  /** In how many readable rounds in a row it was not seen. */
  missing: number;
}

/** What is remembered of one cluster. What is gone is forgotten, so that memory is bounded by what there is. */
export class ClusterMemory {
  readonly #cluster: string;
  readonly #keepSeconds: number;
  readonly #known = new Map<string, Known>();
  /** Whoever is on a worker, watched or not, as the last readable round saw it. */
  #everybody: readonly StatesSeen[] = [];
  #workers: readonly WorkerSeen[] = [];
  #version: string | undefined;
  /** Workers whose JMX agents are asked, and that states have ever named so. */
  readonly #withAgent = new Set<string>();
  #rebalancingSince: Instant | undefined;
  #readOnce = false;

  /** @param keepSeconds how far back anybody looks */
  constructor(cluster: string, keepSeconds: number) {
    this.#cluster = cluster;
    this.#keepSeconds = keepSeconds;
  }

  /** Takes in a round. */
  learn({ at, workers, rebalancing, metrics, connectors }: ClusterSeen): void {
    this.#workers = workers;
    this.#version = lowestVersion(workers);
    this.#rebalancingSince = rebalancing ? (this.#rebalancingSince ?? at) : undefined;
    if (connectors.kind === 'unreadable') return;
    this.#readOnce = true;
    this.#everybody = [...connectors.list, ...connectors.others];
    const named = new Set(
      this.#everybody.flatMap(({ worker, tasks }) => [worker, ...tasks.map((task) => task.worker)]),
    );
    for (const { worker } of metrics) if (worker !== undefined && named.has(worker)) this.#withAgent.add(worker);
    const index = indexMetrics(metrics, this.#withAgent);
    const silent = this.#silentWorkers();
    for (const seen of connectors.list) {
      const known = this.#known.get(seen.name) ?? {
        memory: new ConnectorMemory(seen, connectors.at, this.#keepSeconds),
        ledger: new RestartLedger(),
        missing: 0,
      };
      this.#known.set(seen.name, known);
      known.missing = 0;
      known.memory.see(seen, connectors.at, index);
      known.ledger.see(seen, connectors.at, silent);
    }
    const there = new Set(connectors.list.map(({ name }) => name));
    for (const [name, known] of this.#known) {
      if (there.has(name)) continue;
      known.missing += 1;
      if (known.missing >= missingRounds) this.#known.delete(name);
    }
  }

  /**
   * Takes in the states of one that is known, as somebody asked for them in between: the list alone names tasks that are configured and that no worker has
   * begun, so those are still so.
   */
  seeStates(name: string, states: StatesSeen, at: Instant): void {
    const known = this.#known.get(name);
    if (known === undefined) return;
    const begun = new Set(states.tasks.map(({ id }) => id));
    const unbegun = known.memory.states.tasks.filter(({ id, worker }) => worker === '' && !begun.has(id));
    const whole = { ...states, tasks: [...states.tasks, ...unbegun] };
    known.memory.seeStates(whole, at);
    known.ledger.see(whole, at, this.#silentWorkers());
  }

  get names(): readonly string[] {
    return [...this.#known.keys()];
  }

  /** The lowest of the workers' versions: what it does not know, the cluster does not. */
  get version(): string | undefined {
    return this.#version;
  }

  /** @throws PortError where no round has seen the connectors yet */
  sighting(name: string, now: Instant): Sighting {
    const known = this.#known.get(name);
    if (known !== undefined) return { kind: 'present', connector: this.#live(name, known, now) };
    if (!this.#readOnce)
      throw new PortError('unavailable', `no worker of ${this.#cluster} has shown its connectors yet`);
    return { kind: 'absent' };
  }

  signs(name: string, from: Instant, to: Instant): Signs | undefined {
    return this.#known.get(name)?.memory.signs(from, to);
  }

  /** Writes down a restart that was asked for. */
  beginRestart(name: string, operation: string, how: RestartHow, at: Instant): void {
    const known = this.#known.get(name);
    known?.ledger.begin(operation, how, known.memory.states, at);
  }

  /** Whether it has tasks, and none of them on one of these. */
  livesElsewhere(name: string, workers: ReadonlySet<string>): boolean {
    const tasks = this.#known.get(name)?.memory.states.tasks ?? [];
    return tasks.length > 0 && !tasks.some(({ worker }) => workers.has(worker));
  }

  /** Who else lives on these workers. */
  loads(name: string): readonly WorkerLoad[] {
    const { worker, tasks } = this.#known.get(name)?.memory.states ?? { worker: '', tasks: [] };
    const workers = new Set([worker, ...tasks.map((task) => task.worker)].filter((one) => one !== ''));
    return [...workers].map((one) => ({ worker: one, others: this.#others(name, one) }));
  }

  #others(name: string, worker: string): WorkerLoad['others'] {
    return this.#everybody
      .filter((other) => other.name !== name)
      .map((other) => ({ other, tasks: other.tasks.filter((task) => task.worker === worker) }))
      .filter(({ tasks }) => tasks.length > 0)
      .map(({ other, tasks }) => ({
        connector: this.fullName(other.name),
        tasks: tasks.length,
        healthy: tasks.filter(({ state }) => state === 'RUNNING').length,
      }));
  }

  fullName(name: string): string {
    return `${this.#cluster}/${name}`;
  }

  #live(name: string, { memory, ledger }: Known, now: Instant): LiveConnector {
    const full = this.fullName(name);
    const arn = `connect://${full}`;
    const waits = this.#rebalanceOf(memory.states, now);
    const operations = [...(waits === undefined ? [] : [waits]), ...ledger.operations];
    return memory.live(full, arn, this.version ?? 'unknown', operations);
  }

  /**
   * The rebalance that everybody has to wait for: one that Connect says is under way, and the one that is to come because a worker with a part of this
   * connector is gone or out of its group: Connect hands its tasks to others by itself, which nobody should disturb.
   */
  #rebalanceOf(states: StatesSeen, now: Instant): Operation | undefined {
    const on = new Set([states.worker, ...states.tasks.map(({ worker }) => worker)]);
    const gone = this.#workers
      .filter(({ worker }) => on.has(worker))
      .flatMap(({ answer }) => (answer?.kind === 'silent' || answer?.kind === 'lost-its-group' ? [answer.since] : []))
      .filter((since) => secondsBetween(since, now) < rebalanceSeconds)
      .toSorted()[0];
    const startedAt = [this.#rebalancingSince, gone].filter((since) => since !== undefined).toSorted()[0];
    if (startedAt === undefined) return undefined;
    return { arn: `connect://${this.#cluster}#rebalance`, type: rebalance, state: 'in-progress', startedAt };
  }

  #silentWorkers(): ReadonlySet<string> {
    return new Set(this.#workers.filter(({ answer }) => answer?.kind === 'silent').map(({ worker }) => worker));
  }
}

function lowestVersion(workers: readonly WorkerSeen[]): string | undefined {
  const versions = workers.map(({ version }) => version).filter((version) => version !== undefined);
  return versions.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))[0];
}
