import { PortError } from '../../recovery/ports.ts';
import type { Clock } from '../../recovery/ports.ts';
import { plusSeconds, secondsBetween } from '../../recovery/time.ts';
import type { Instant } from '../../recovery/time.ts';
import type { ConsumerGroups, PartitionLag } from './consumerGroups.ts';
import { by } from './deadline.ts';
import { firstAnswer } from './firstAnswer.ts';
import { OpenQuestion } from './openQuestion.ts';
import { readPrometheus } from './prometheus.ts';
import type { WorkerMetrics } from './prometheus.ts';
import { offsetsCure, readAllOffsets } from './readAllOffsets.ts';
import type { OffsetsReading } from './readAllOffsets.ts';
import { portErrorOf } from '../rest/askWorker.ts';
import type { ConnectRest } from '../rest/connectRest.ts';
import type { ConnectorReport } from '../rest/statuses.ts';
import type { WorkerAddress } from '../rest/workerAddresses.ts';
import type { ClusterSeen, Reading } from './seen.ts';
import { groupOf } from './sinkClients.ts';
import type { Transport } from '../rest/transport.ts';
import { WorkerWatch } from './workerWatch.ts';

/** A round ends by then, with what there is. */
export const roundSeconds = 1.9;
/** So long a worker is waited for before it is asked for anything else: a healthy one has answered long before. */
const firstWordSeconds = 0.2;
/** Where Connect makes a client of its own for each question: sinks' offsets by its REST interface are asked for no more often. */
const sinkOffsetsEverySeconds = 30;

/** Where a worker's JMX agent publishes. */
export interface Agent {
  readonly worker?: string;
  readonly url: string;
}

export interface RoundAccess {
  readonly cluster: string;
  readonly rest: ConnectRest;
  readonly workers: readonly WorkerAddress[];
  readonly agents: readonly Agent[];
  readonly send: Transport;
  /** Absent: no Kafka cluster is named, and sinks are read by Connect's own interface. */
  readonly groups?: ConsumerGroups;
  readonly watches: (connector: string) => boolean;
  readonly clock: Clock;
  /** How long a worker may take for an answer. */
  readonly timeoutMs: number;
}

/**
 * Looks at a cluster, round by round: every worker's REST interface and herder, the states of all connectors with one question to one worker, the
 * committed offsets of each watched one, and what the JMX agents publish. What does not answer in time is left open, and its answer heard later.
 */
export class Rounds {
  readonly #access: RoundAccess;
  readonly #workers: readonly WorkerWatch[];
  readonly #agents: readonly { readonly agent: Agent; readonly question: OpenQuestion<WorkerMetrics> }[];
  readonly #groups = new Map<string, OpenQuestion<readonly PartitionLag[]>>();
  /** Any name, to ask herders for. */
  #someName = 'connector-watchdog';
  /** When each connector's offsets were read last: who waits longest is asked first. */
  readonly #offsetsReadAt = new Map<string, Instant>();
  /** The workers' versions, in one text, that do not know the question for offsets. */
  #versionsWithoutOffsets = '';

  constructor(access: RoundAccess) {
    this.#access = access;
    const { rest, clock, timeoutMs, send } = access;
    this.#workers = access.workers.map((worker) => new WorkerWatch(worker, { rest, clock, timeoutMs }));
    this.#agents = access.agents.map((agent) => ({
      agent,
      question: new OpenQuestion(clock, () => readAgent(send, agent, timeoutMs)),
    }));
  }

  /** Never throws. */
  async next(): Promise<ClusterSeen> {
    const { cluster, clock, rest, watches, timeoutMs } = this.#access;
    const at = clock.now();
    const until = plusSeconds(at, roundSeconds);
    const beside = Promise.all([
      ...this.#workers.map((worker) => worker.begin(this.#someName)),
      ...this.#agents.map(({ question }) => question.begin()),
    ]);
    const reports = await firstAnswer(clock, until, rest.workers, async (worker) => {
      const list = await rest.statuses(worker, timeoutMs);
      return { at: clock.now(), list };
    });
    const all = reports.kind === 'answered' ? reports.value.list : [];
    const watched = all.filter(({ name }) => watches(name));
    this.#someName = watched[0]?.name ?? this.#someName;
    this.#forget(reports.kind === 'answered' ? watched : undefined);
    const sinks = this.#access.groups === undefined ? [] : watched.filter(({ type }) => type === 'sink');
    const [offsets] = await Promise.all([
      this.#readOffsets(
        watched.filter((report) => !sinks.includes(report)),
        until,
      ),
      by(clock, until, Promise.all(sinks.map((sink) => this.#groupOf(sink).begin()))),
    ]);
    await by(clock, until, beside);

    const workers = this.#workers.map((worker) => worker.seen());
    const lost = workers.filter(({ answer }) => answer?.kind === 'lost-its-group');
    rest.distrusted = new Set(lost.map(({ worker }) => worker));
    const list = watched.map((report) => ({
      ...report,
      offsets: sinks.includes(report) ? notAsked : (offsets.get(report.name) ?? notAsked),
      lag: this.#lag(report),
    }));
    return {
      cluster,
      at,
      tookSeconds: secondsBetween(at, clock.now()),
      workers,
      metrics: this.#agents.map(({ agent: { worker }, question }) => ({
        ...(worker === undefined ? {} : { worker }),
        values: readingOf(question),
      })),
      rebalancing: workers.some(({ rebalancing }) => rebalancing),
      connectors:
        reports.kind === 'answered'
          ? {
              kind: 'read',
              at: reports.value.at,
              by: reports.by.worker,
              list,
              others: all.filter(({ name }) => !watches(name)),
            }
          : { kind: 'unreadable', reason: reports.reason ?? `no worker showed its connectors in ${roundSeconds} s` },
    };
  }

  async #readOffsets(
    reports: readonly ConnectorReport[],
    until: Instant,
  ): Promise<ReadonlyMap<string, OffsetsReading>> {
    const { rest, clock } = this.#access;
    if (this.#versionsWithoutOffsets !== '' && this.#versionsWithoutOffsets === this.#versions) {
      return new Map(reports.map(({ name }) => [name, { kind: 'not-watched', cure: offsetsCure }]));
    }
    const readAt = ({ name }: ConnectorReport) => this.#offsetsReadAt.get(name) ?? '';
    const due = reports
      .filter(
        (report) => report.type !== 'sink' || readAt(report) <= plusSeconds(clock.now(), -sinkOffsetsEverySeconds),
      )
      .toSorted((a, b) => (readAt(a) === readAt(b) ? 0 : readAt(a) < readAt(b) ? -1 : 1))
      .map(({ name }) => name);
    if (due.length === 0) return new Map();
    await by(clock, plusSeconds(clock.now(), firstWordSeconds), Promise.all(this.#workers.map(({ heard }) => heard)));
    const found = await readAllOffsets({ rest, clock, workers: this.#answering() }, due, until);
    for (const [name, reading] of found) {
      if (reading.kind === 'read') this.#offsetsReadAt.set(name, reading.at);
      if (reading.kind === 'not-watched') this.#versionsWithoutOffsets = this.#versions;
    }
    return found;
  }

  get #versions(): string {
    return this.#workers.map(({ version = '' }) => version).join(' ');
  }

  /** Who can be asked much: those that answer well, the best first; where there are none, all. */
  #answering(): readonly WorkerAddress[] {
    const { rest } = this.#access;
    const good = this.#workers.filter(({ isGood }) => isGood).map(({ address }) => address);
    const trusted = rest.workers.filter((one) => good.includes(one) && !rest.distrusted.has(one.worker));
    return trusted.length > 0 ? trusted : rest.workers;
  }

  #groupOf({ name, configuration }: ConnectorReport): OpenQuestion<readonly PartitionLag[]> {
    const { clock, groups } = this.#access;
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const group = groupOf(name, configuration);
    const question = new OpenQuestion(clock, async () => (await groups?.lag(group)) ?? []);
    this.#groups.set(name, question);
    return question;
  }

  #lag(report: ConnectorReport): Reading<readonly PartitionLag[]> {
    if (report.type !== 'sink') return { kind: 'not-watched', cure: 'a source has no consumer lag' };
    const question = this.#groups.get(report.name);
    return question === undefined ? { kind: 'not-watched', cure: lagCure } : readingOf(question);
  }

  /** Whoever is there no more is forgotten. */
  #forget(reports: readonly ConnectorReport[] | undefined): void {
    if (reports === undefined) return;
    const names = new Set(reports.map(({ name }) => name));
    for (const known of [this.#groups, this.#offsetsReadAt]) {
      for (const name of known.keys()) if (!names.has(name)) known.delete(name);
    }
  }
}

const notAsked = { kind: 'not-asked' } as const;

const lagCure = 'name the bootstrap servers of its Kafka cluster (kafka.bootstrapServers), so that its lag can be read';

function readingOf<T>(question: OpenQuestion<T>): Reading<T> {
  const standing = question.take();
  switch (standing.kind) {
    case 'answered':
      return { kind: 'read', at: standing.at, value: standing.value };
    case 'failed':
      return { kind: 'unreadable', reason: portErrorOf(standing.error).message };
    case 'waiting':
    case 'never-asked':
      return notAsked;
  }
}

/** Without the credentials of the REST interface: an agent is another server. */
async function readAgent(send: Transport, { url }: Agent, timeoutMs: number): Promise<WorkerMetrics> {
  const { status, body } = await send({ method: 'GET', url, timeoutMs });
  if (status !== 200) throw new PortError('unexpected', `${url}: HTTP ${status}`);
  return readPrometheus(body);
}
