import type { Clock } from '../../recovery/ports.ts';
import { secondsBetween } from '../../recovery/time.ts';
import { OpenQuestion } from './openQuestion.ts';
import type { Standing } from './openQuestion.ts';
import type { Answer } from '../rest/answers.ts';
import { portErrorOf, transportCode } from '../rest/askWorker.ts';
import type { ConnectRest, Root } from '../rest/connectRest.ts';
import type { WorkerAddress } from '../rest/workerAddresses.ts';
import type { WorkerAnswer, WorkerSeen } from './seen.ts';

/** `GET /` takes a healthy worker a few milliseconds, and a busy one some hundred. */
const slowMs = 1000;
/** A worker that has not answered for so long, or twice in a row, is not merely slow. */
const silentSeconds = 10;
/**
 * A herder is away for moments while it stops tasks (5 s each lot, `task.shutdown.graceful.timeout.ms`) or reads its topic to the end (3 s,
 * `worker.sync.timeout.ms`), and for some ten seconds in a rebalance. For longer it waits for its group.
 * @see https://kafka.apache.org/documentation/#connectconfigs
 */
const lostAfterSeconds = 30;
/** Longer than Connect's own 90 s, after which the worker says in words what its herder is at. @see ConnectorsResource.REQUEST_TIMEOUT_MS */
const herderMs = 95_000;

/** One worker, asked once a round whether it answers, and whether the herder behind its REST interface does. */
export class WorkerWatch {
  readonly address: WorkerAddress;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #root: OpenQuestion<Root>;
  readonly #herder: OpenQuestion<Answer<unknown>>;
  #someConnector = '';
  #known: Root | undefined;

  constructor(
    address: WorkerAddress,
    { rest, clock, timeoutMs }: { rest: ConnectRest; clock: Pick<Clock, 'now'>; timeoutMs: number },
  ) {
    this.address = address;
    this.#clock = clock;
    this.#root = new OpenQuestion(clock, () => rest.root(address, timeoutMs));
    this.#herder = new OpenQuestion(clock, () => rest.herder(address, this.#someConnector, herderMs));
  }

  /** Asks what is not being asked yet. `someConnector`: any name. Settles when both are answered; never rejects. */
  async begin(someConnector: string): Promise<void> {
    this.#someConnector = someConnector;
    await Promise.all([this.#root.begin(), this.#herder.begin()]);
  }

  /** Kafka Connect's, as it was last heard. */
  get version(): string | undefined {
    const root = this.#root.peek();
    return root.kind === 'answered' ? root.value.version : this.#known?.version;
  }

  /** Whether its REST interface has answered what it was asked last, and that before long. */
  get isGood(): boolean {
    const root = this.#root.peek();
    return root.kind === 'answered' && root.tookMs <= slowMs;
  }

  /** Settles when its REST interface has answered; never rejects. */
  get heard(): Promise<void> {
    return this.#root.settled;
  }

  /** What came of it until now. To be called once a round. */
  seen(): WorkerSeen {
    const { worker, url } = this.address;
    const root = this.#root.take();
    const herder = this.#herder.take();
    if (root.kind === 'answered') this.#known = root.value;
    const answer = this.#answerOf(root);
    const isThere = answer.kind === 'answers' || answer.kind === 'slow';
    return {
      worker,
      url,
      answer: (isThere ? this.#lostItsGroup(herder) : undefined) ?? answer,
      ...(this.#known === undefined ? {} : this.#known),
      rebalancing: herder.kind === 'answered' && herder.value.kind === 'rebalancing',
    };
  }

  #answerOf(root: Standing<Root>): WorkerAnswer {
    switch (root.kind) {
      case 'answered':
        return { kind: root.tookMs > slowMs ? 'slow' : 'answers', tookMs: root.tookMs };
      case 'never-asked':
        return { kind: 'slow', tookMs: 0 };
      case 'waiting': {
        const waited = secondsBetween(root.since, this.#clock.now());
        if (waited < silentSeconds) return { kind: 'slow', tookMs: 1000 * waited };
        return { kind: 'silent', since: root.since, reason: 'no answer' };
      }
      case 'failed': {
        const error = portErrorOf(root.error);
        const code = transportCode(error.cause);
        const mayBeSlow = (code === 'timeout' || code === 'cut-short') && root.times < 2;
        if (mayBeSlow) return { kind: 'slow', tookMs: 1000 * secondsBetween(root.since, this.#clock.now()) };
        return { kind: 'silent', since: root.since, reason: error.message };
      }
    }
  }

  #lostItsGroup(herder: Standing<Answer<unknown>>): WorkerAnswer | undefined {
    if (herder.kind !== 'waiting' && herder.kind !== 'failed') return undefined;
    if (secondsBetween(herder.since, this.#clock.now()) < lostAfterSeconds) return undefined;
    const reason = herder.error === undefined ? undefined : portErrorOf(herder.error).message;
    return { kind: 'lost-its-group', since: herder.since, ...(reason === undefined ? {} : { reason }) };
  }
}
