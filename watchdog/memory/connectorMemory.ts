import { hash } from 'node:crypto';
import type { ConnectorState, LiveConnector, TaskState } from '../../recovery/connector.ts';
import type { Series, Signs } from '../../recovery/signs.ts';
import type { Instant } from '../../recovery/time.ts';
import { debeziumOf, rateOf } from './metricsOf.ts';
import type { MetricsIndex } from './metricsOf.ts';
import { PositionMemory } from './positionMemory.ts';
import type { ConnectorReport } from '../rest/statuses.ts';
import type { ConnectorSeen, InstanceState, Reading } from '../round/seen.ts';
import { taskOf } from '../round/sinkClients.ts';
import { TaskMemory, waitingIn } from './taskMemory.ts';
import { cleanTrace } from './trace.ts';
import { Window } from './window.ts';

type Configuration = ConnectorSeen['configuration'];
/** States without the configuration. */
export type StatesSeen = Omit<ConnectorReport, 'configuration'>;

/** What only a JMX agent shows. */
const metricsCure =
  "let the workers' JMX agents publish in Prometheus's text format, and name them in `prometheus` of the cluster";
const logCure = 'the watchdog reads no worker logs';

const stateOf: Readonly<Record<InstanceState, ConnectorState>> = {
  RUNNING: 'RUNNING',
  FAILED: 'FAILED',
  PAUSED: 'PAUSED',
  STOPPED: 'STOPPED',
  UNASSIGNED: 'UNASSIGNED',
  RESTARTING: 'RESTARTING',
  DESTROYED: 'DELETING',
};

/** What is remembered of one connector from round to round, in bounded memory. */
export class ConnectorMemory {
  readonly #firstSeenAt: Instant;
  #states: StatesSeen;
  /** Of which moment they are. */
  #statesAt: Instant;
  #stateSince: Instant;
  #stateReason: string | undefined;
  #configuration: Configuration;
  #version: string;
  #tasks = new Map<number, TaskMemory>();
  readonly #position = new PositionMemory();
  readonly #recordsIn: Window;
  readonly #recordsOut: Window;
  readonly #running: Window;
  readonly #errored: Window;
  readonly #connected: Window;
  readonly #msSinceLastEvent: Window;
  readonly #lag: Window;
  /** The partitions that `#lag` adds up, in a text that tells them from others. */
  #shownPartitions: string | undefined;
  /** How the last attempts to read went. */
  #metrics: Pick<MetricsIndex, 'kind' | 'reason'> = { kind: 'not-asked' };
  #offsetsReading: Reading<unknown> = { kind: 'not-asked' };
  #lagReading: Reading<unknown> = { kind: 'not-asked' };

  constructor(seen: ConnectorReport, at: Instant, keepSeconds: number) {
    this.#firstSeenAt = at;
    this.#states = seen;
    this.#statesAt = at;
    this.#stateSince = at;
    this.#configuration = seen.configuration;
    this.#version = versionOf(seen.configuration);
    // Which reading of a minute speaks for it: see `metricQueries` of the Lambda, whose reasons hold here too.
    this.#recordsIn = new Window('mean', keepSeconds);
    this.#recordsOut = new Window('mean', keepSeconds);
    this.#running = new Window('most', keepSeconds);
    this.#errored = new Window('most', keepSeconds);
    this.#connected = new Window('most', keepSeconds);
    this.#msSinceLastEvent = new Window('least', keepSeconds);
    this.#lag = new Window('most', keepSeconds);
    this.seeStates(seen, at);
  }

  get configuration(): Configuration {
    return this.#configuration;
  }

  get tasks(): readonly TaskState[] {
    return [...this.#tasks.values()].map(({ state }) => state);
  }

  get states(): StatesSeen {
    return this.#states;
  }

  /** Takes in all that a round saw of it, `at` the moment of the list. */
  see(seen: ConnectorSeen, at: Instant, metrics: MetricsIndex): void {
    const isChanged = !isSame(this.#configuration, seen.configuration);
    if (isChanged) {
      this.#configuration = seen.configuration;
      this.#version = versionOf(seen.configuration);
    }
    this.seeStates(seen, at);
    if (isChanged) {
      this.#position.forget();
      for (const task of this.#tasks.values()) task.beginAnew(at);
    }
    this.#seeMetrics(seen, metrics);
    this.#seeOffsets(seen);
    this.#seeLag(seen);
  }

  /** Takes in its states alone; older ones than are known say nothing: a round's list may come in after somebody asked for this one alone. */
  seeStates(seen: StatesSeen, at: Instant): void {
    if (at < this.#statesAt) return;
    this.#statesAt = at;
    if (seen.state !== this.#states.state) this.#stateSince = at;
    if (seen.trace !== this.#states.trace || this.#stateReason === undefined)
      this.#stateReason = seen.trace === undefined ? undefined : cleanTrace(seen.trace, this.#configuration);
    this.#states = seen;
    const before = this.#tasks;
    this.#tasks = new Map(seen.tasks.map((task) => [task.id, this.#task(before.get(task.id), task, at)]));
    this.#running.add(at, seen.tasks.filter(({ state }) => state === 'RUNNING').length);
    this.#errored.add(at, seen.tasks.filter(({ state }) => state === 'FAILED').length);
    // Nobody moves it then, and when somebody lets it run again, its silence begins anew.
    if (seen.state === 'PAUSED' || seen.state === 'STOPPED') this.#position.forget();
  }

  #task(known: TaskMemory | undefined, seen: StatesSeen['tasks'][number], at: Instant): TaskMemory {
    if (known === undefined) return new TaskMemory(seen, at, this.#configuration);
    known.see(seen, at, this.#configuration);
    return known;
  }

  #seeMetrics(seen: ConnectorSeen, metrics: MetricsIndex): void {
    if (metrics.kind !== 'not-asked' || this.#metrics.kind === 'not-asked') this.#metrics = metrics;
    if (metrics.kind !== 'read') return;
    const running = seen.tasks.filter(({ state }) => state === 'RUNNING');
    const rates = running.map((task) => ({ task, rate: rateOf(metrics, seen.name, task) }));
    for (const { task, rate } of rates) {
      if (rate.at !== undefined && rate.recordsIn !== undefined)
        this.#tasks.get(task.id)?.readRate(rate.at, rate.recordsIn);
    }
    const at = rates.map(({ rate }) => rate.at).findLast((one) => one !== undefined);
    if (at !== undefined) {
      addSum(
        this.#recordsIn,
        at,
        rates.map(({ rate }) => rate.recordsIn),
      );
      addSum(
        this.#recordsOut,
        at,
        rates.map(({ rate }) => rate.recordsOut),
      );
    }
    const { at: readAt, connected, msSinceLastEvent } = debeziumOf(metrics, seen);
    if (readAt !== undefined && connected !== undefined) this.#connected.add(readAt, connected);
    if (readAt !== undefined && msSinceLastEvent !== undefined) this.#msSinceLastEvent.add(readAt, msSinceLastEvent);
  }

  #seeOffsets({ offsets, state }: ConnectorSeen): void {
    if (offsets.kind !== 'not-asked') this.#offsetsReading = withoutValue(offsets);
    if (offsets.kind !== 'read' || state === 'PAUSED' || state === 'STOPPED') return;
    const text = [...offsets.value]
      .map(([partition, offset]) => `${partition}=${offset}`)
      .toSorted()
      .join('\n');
    this.#position.add(offsets.at, digest(text));
  }

  #seeLag({ lag, name, state }: ConnectorSeen): void {
    if (lag.kind !== 'not-asked') this.#lagReading = withoutValue(lag);
    if (lag.kind !== 'read') return;
    const partitions = lag.value.toSorted((a, b) =>
      a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
    );
    const shown = digest(partitions.map(({ topic, partition }) => `${topic}/${partition}`).join('\n'));
    // What waits in a partition that comes into sight has not come since the last look.
    if (shown !== this.#shownPartitions) this.#lag.forget();
    this.#shownPartitions = shown;
    this.#lag.add(lag.at, waitingIn(partitions));
    const ofTasks = Map.groupBy(partitions, ({ client }) => (client === undefined ? undefined : taskOf(client, name)));
    for (const [id, task] of this.#tasks) task.readPartitions(lag.at, ofTasks.get(id) ?? []);
    if (state === 'PAUSED' || state === 'STOPPED') return;
    // One without a commit is shown while it is assigned: that members of the group come and go moves no record.
    const text = partitions
      .flatMap(({ topic, partition, committed }) =>
        committed === undefined ? [] : [`${topic}/${partition}=${committed}`],
      )
      .join('\n');
    this.#position.add(lag.at, digest(text));
  }

  /** `name`: as the engine calls it. */
  live(name: string, arn: string, connectVersion: string, operations: LiveConnector['operations']): LiveConnector {
    return {
      name,
      arn,
      version: this.#version,
      state: stateOf[this.#states.state],
      stateSince: this.#stateSince,
      ...(this.#stateReason === undefined ? {} : { stateReason: this.#stateReason }),
      createdAt: this.#firstSeenAt,
      request: {
        connectorName: name,
        kafkaConnectVersion: connectVersion,
        connectorConfiguration: this.#configuration,
      },
      operations,
      tasks: this.tasks,
      worker: this.#states.worker,
    };
  }

  /** What was seen of its life between the two moments. */
  signs(from: Instant, to: Instant): Signs {
    const isDebezium = (this.#configuration['connector.class'] ?? '').startsWith('io.debezium.');
    const isSink = this.#states.type === 'sink';
    const ofMetrics = (window: Window) => this.#ofMetrics(window, from, to);
    const debezium = (window: Window, metric: string): Series =>
      isDebezium && !isSink
        ? ofMetrics(window)
        : { kind: 'not-watched', cure: `only a Debezium source publishes ${metric}` };
    const position =
      this.#position.get(to) ??
      missing(isSink && this.#lagReading.kind !== 'not-watched' ? this.#lagReading : this.#offsetsReading);
    const tasks = [...this.#tasks.values()].map((task) => task.signs(from, to));
    const [only] = tasks;
    return {
      from,
      to,
      recordsIn: ofMetrics(this.#recordsIn),
      recordsOut: ofMetrics(this.#recordsOut),
      runningTasks: { kind: 'read', samples: this.#running.between(from, to) },
      erroredTasks: { kind: 'read', samples: this.#errored.between(from, to) },
      connected: debezium(this.#connected, 'Connected'),
      msSinceLastEvent: debezium(this.#msSinceLastEvent, 'MilliSecondsSinceLastEvent'),
      lag: this.#lagSeries(from, to),
      log: { kind: 'not-watched', cure: logCure },
      position,
      // A source's offsets are its only task's; of several nobody can tell whose they are.
      tasks: only !== undefined && tasks.length === 1 && only.position === undefined ? [{ ...only, position }] : tasks,
    };
  }

  #ofMetrics(window: Window, from: Instant, to: Instant): Series {
    const { kind, reason } = this.#metrics;
    if (kind === 'not-watched') return { kind, cure: metricsCure };
    const samples = window.between(from, to);
    if (samples.length > 0 || kind === 'read') return { kind: 'read', samples };
    return { kind: 'unreadable', reason: reason ?? 'no JMX agent has answered yet' };
  }

  #lagSeries(from: Instant, to: Instant): Series {
    const samples = this.#lag.between(from, to);
    if (samples.length > 0 || this.#lagReading.kind === 'read') return { kind: 'read', samples };
    return missing(this.#lagReading);
  }
}

/** A sum of which a part is missing is none, unless the rest already says that something moved. */
function addSum(window: Window, at: Instant, values: readonly (number | undefined)[]): void {
  const known = values.filter((value) => value !== undefined);
  const sum = known.reduce((total, value) => total + value, 0);
  if (known.length === values.length || sum > 0) window.add(at, sum);
}

function withoutValue<T>(reading: Reading<T>): Reading<undefined> {
  return reading.kind === 'read' ? { ...reading, value: undefined } : reading;
}

function missing(
  reading: Reading<unknown>,
): { readonly kind: 'not-watched'; readonly cure: string } | { readonly kind: 'unreadable'; readonly reason: string } {
  if (reading.kind === 'not-watched' || reading.kind === 'unreadable') return reading;
  return { kind: 'unreadable', reason: 'not read yet, or not for some minutes' };
}

function isSame(a: Configuration, b: Configuration): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

/** A configuration that is given again has the same version, whatever order its keys come in. */
function versionOf(configuration: Configuration): string {
  return digest(JSON.stringify(Object.entries(configuration).toSorted(([a], [b]) => (a < b ? -1 : 1)))).slice(0, 16);
}

function digest(text: string): string {
  return hash('sha256', text, 'hex');
}
