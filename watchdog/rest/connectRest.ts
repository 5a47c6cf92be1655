import { PortError } from '../../recovery/ports.ts';
import type { Clock } from '../../recovery/ports.ts';
import { secondsBetween } from '../../recovery/time.ts';
import { json, nothing, readAnswer, recordAt, textAt } from './answers.ts';
import type { Answer } from './answers.ts';
import { askWorker, portErrorOf, transportCode } from './askWorker.ts';
import type { Question, RestAccess } from './askWorker.ts';
import { readOffsets } from './offsets.ts';
import { readStatus, readStatuses } from './statuses.ts';
import type { ConnectorReport } from './statuses.ts';
import type { WorkerAddress } from './workerAddresses.ts';

/** `GET /` of a worker. */
export interface Root {
  readonly version: string;
  readonly kafkaClusterId: string;
}

/** A change waits for the leader, and a rebalance in between; Connect itself gives up after 90 s. */
const changeMs = 20_000;

/**
 * The REST interface of one Kafka Connect cluster. What is asked of `one` worker says something of that worker; everything else any worker can
 * answer, and the one that answered best is asked first.
 *
 * Every method throws a PortError for what may pass by itself, for a missing right, and for what cannot be understood; no message holds a
 * credential or a part of a configuration.
 *
 * @see https://kafka.apache.org/documentation/#connect_rest
 */
export class ConnectRest {
  readonly #access: RestAccess;
  readonly #clock: Pick<Clock, 'now'>;
  /** Milliseconds of the last answer; what did not answer is worse than any. */
  readonly #lastMs = new Map<string, number>();
  /** Workers whose herder does not answer: what they show may be of yesterday, so they are asked last. */
  distrusted: ReadonlySet<string> = new Set();

  constructor(access: RestAccess, clock: Pick<Clock, 'now'>) {
    this.#access = access;
    this.#clock = clock;
  }

  /** The one that answered fastest first; those that did not answer, or are not to be trusted, last. */
  get workers(): readonly WorkerAddress[] {
    const ms = ({ worker }: WorkerAddress) => this.#lastMs.get(worker) ?? 0;
    // Below a tenth of a second chance decides: the order stays as it is, so that questions spread no more than they must.
    const coarse = (one: WorkerAddress) => (this.distrusted.has(one.worker) ? Infinity : Math.floor(ms(one) / 100));
    return this.#access.workers.toSorted((a, b) => (coarse(a) === coarse(b) ? 0 : coarse(a) - coarse(b)));
  }

  /** Answered by the worker alone, without its herder. */
  async root(one: WorkerAddress, timeoutMs: number): Promise<Root> {
    const answer = await this.#ask(
      one,
      { method: 'GET', path: '/', timeoutMs },
      json((body) => {
        const root = recordAt(body, 'the answer');
        const kafkaClusterId = root['kafka_cluster_id'];
        return {
          version: textAt(root['version'], 'version'),
          kafkaClusterId: typeof kafkaClusterId === 'string' ? kafkaClusterId : '',
        };
      }),
    );
    return expected('GET /', answer);
  }

  /**
   * Whether the herder behind the REST interface does its work: asks for what only its own thread answers, which waits for the group, and for tasks
   * that are being stopped. Whether there is such a connector does not matter.
   * @see https://github.com/apache/kafka/blob/3.7/connect/runtime/src/main/java/org/apache/kafka/connect/runtime/distributed/DistributedHerder.java — `connectorInfo`, `tick`
   */
  async herder(one: WorkerAddress, connector: string, timeoutMs: number): Promise<Answer<unknown>> {
    return this.#ask(one, { method: 'GET', path: pathOf(connector), timeoutMs }, nothing);
  }

  /** Answered from what the worker has read of the topics; stale where it has lost them. */
  async statuses(one: WorkerAddress, timeoutMs: number): Promise<readonly ConnectorReport[]> {
    const path = '/connectors?expand=status&expand=info';
    return expected(`GET ${path}`, await this.#ask(one, { method: 'GET', path, timeoutMs }, json(readStatuses)));
  }

  /** Asks the herder. Kafka Connect 3.5 and later (KIP-875). */
  async offsets(
    one: WorkerAddress,
    connector: string,
    timeoutMs: number,
  ): Promise<Answer<ReadonlyMap<string, string>>> {
    return this.#ask(one, { method: 'GET', path: pathOf(connector, '/offsets'), timeoutMs }, json(readOffsets));
  }

  /** One connector's states, from whichever worker answers first in turn. */
  async status(connector: string, timeoutMs: number): Promise<Answer<Omit<ConnectorReport, 'configuration'>>> {
    const question = { method: 'GET', path: pathOf(connector, '/status'), timeoutMs } as const;
    return this.#askAny(
      question,
      json((body) => readStatus(connector, body)),
    );
  }

  /** Whether the cluster knows a connector of that name, be it without a status. */
  async knows(connector: string, timeoutMs: number): Promise<boolean> {
    const question = { method: 'GET', path: '/connectors', timeoutMs } as const;
    const answer = await this.#askAny(
      question,
      json((body) => Array.isArray(body) && body.includes(connector)),
    );
    return expected('GET /connectors', answer);
  }

  /**
   * @param tasks `none` reaches the connector's own instance only, which is all that Kafka Connect before 3.0 knows (KIP-745).
   * @see https://cwiki.apache.org/confluence/pages/viewpage.action?pageId=181308623
   */
  async restart(connector: string, tasks: 'none' | 'failed' | 'all'): Promise<Answer<unknown>> {
    const query = tasks === 'none' ? '' : `?includeTasks=true&onlyFailed=${tasks === 'failed'}`;
    return this.#change('POST', pathOf(connector, `/restart${query}`));
  }

  async restartTask(connector: string, task: number): Promise<Answer<unknown>> {
    return this.#change('POST', pathOf(connector, `/tasks/${task}/restart`));
  }

  /** Its tasks end, its offsets stay. Kafka Connect 3.5 and later (KIP-875). Harmless to one that is stopped. */
  async stop(connector: string): Promise<Answer<unknown>> {
    return this.#change('PUT', pathOf(connector, '/stop'));
  }

  /** Harmless to one that runs. */
  async resume(connector: string): Promise<Answer<unknown>> {
    return this.#change('PUT', pathOf(connector, '/resume'));
  }

  /** What a change answers with is of no use: the states say what came of it. */
  #change(method: 'POST' | 'PUT', path: string): Promise<Answer<unknown>> {
    return this.#askAny({ method, path, timeoutMs: changeMs }, nothing);
  }

  /**
   * One worker after the other. A change goes on to the next only where nobody was reached: whose answer was lost may have carried it out, and who
   * acted looks before he acts again.
   */
  async #askAny<T>(question: Question, read: (body: string) => T): Promise<Answer<T>> {
    let last: unknown = new PortError('unavailable', 'no worker is known');
    for (const worker of this.workers) {
      try {
        return await this.#ask(worker, question, read);
      } catch (error) {
        last = error;
        const code = transportCode(error instanceof PortError ? error.cause : error);
        if (question.method !== 'GET' && code !== 'unreachable') throw error;
      }
    }
    throw last;
  }

  async #ask<T>(worker: WorkerAddress, question: Question, read: (body: string) => T): Promise<Answer<T>> {
    const begun = this.#clock.now();
    try {
      const response = await askWorker(this.#access, worker, question);
      this.#lastMs.set(worker.worker, 1000 * secondsBetween(begun, this.#clock.now()));
      return readAnswer(`${worker.worker} ${question.method} ${question.path}`, response, read);
    } catch (error) {
      if (transportCode(error) !== undefined) this.#lastMs.set(worker.worker, Infinity);
      throw portErrorOf(error);
    }
  }
}

function pathOf(connector: string, rest = ''): string {
  return `/connectors/${encodeURIComponent(connector)}${rest}`;
}

/** For questions to which every other answer is a surprise. @throws PortError */
function expected<T>(asked: string, answer: Answer<T>): T {
  if (answer.kind === 'answered') return answer.value;
  throw new PortError(answer.kind === 'rebalancing' ? 'unavailable' : 'unexpected', `${asked}: ${answer.reason}`);
}
