import {
  type DataPlane,
  DataPlaneError,
  type RunningConnector,
  type StartedConnector,
} from '../../local/connect/dataPlane.ts';
import type { VirtualClock } from '../../local/virtualClock.ts';
import type { ConnectorPlan, Start, Turning } from './history.ts';

/** What its tasks do. */
export type Mode = Turning['into'];

/** What the tasks did from one moment on. */
export interface Span {
  readonly fromMs: number;
  /** `none`: no worker runs, or it is paused. */
  readonly mode: Mode | 'none';
  readonly arn: string;
  /** When its tasks began. */
  readonly taskSinceMs: number;
  /** When the event came that the event clock counts from; a dead task's stays where it was. */
  readonly orphanedSinceMs?: number;
}

export interface LifeOptions {
  readonly plan: ConnectorPlan;
  readonly clock: VirtualClock;
  readonly starts: readonly Start[];
  /** Told when a planned start really came about. */
  readonly onStart: (start: Start) => void;
  /** Told of each change of what is true. */
  readonly onChange: () => void;
  /** Whether nothing goes wrong any more. */
  readonly isCalm: () => boolean;
  /** How much longer a deletion that begins now lasts. */
  readonly deletionHangsSeconds: () => number;
}

/** From a restart or a start to the first record. */
const warmUpSeconds = 20;
const slowStartSeconds = 600;

/**
 * One connector's tasks, in truth and leanly: nothing runs, only what it does is written down with the time, and what it would have shown is
 * published when somebody looks (`Shown`). The control plane above it is the local MSK Connect's own.
 */
export class Life {
  readonly #options: LifeOptions;
  readonly spans: Span[] = [];
  #created = -1;
  #curedBy: Turning['curedBy'] = 'recreation';
  #leavesOrphan = false;
  #running = 0;

  constructor(options: LifeOptions) {
    this.#options = options;
  }

  get mode(): Span['mode'] {
    return this.spans.at(-1)?.mode ?? 'none';
  }

  /** Whether heartbeats of its own make records, and offsets, while nobody writes. */
  get beats(): boolean {
    return this.#options.plan.heartbeats;
  }

  /** What befalls the running tasks; `false`: none run, so nothing befell. */
  turn(turning: Turning): boolean {
    const mode = this.#modeOf(turning.into);
    if (this.mode === 'none' || this.mode === mode) return false;
    this.#curedBy = turning.curedBy;
    this.#leavesOrphan = turning.orphaned;
    this.#become(mode);
    return true;
  }

  /** The source is back: who only could not reach it goes on; whose tasks died of it stay dead. */
  becomeCalm(): void {
    if (this.mode === 'unreachable') this.#become(this.#healthy());
  }

  async start(connector: StartedConnector): Promise<RunningConnector> {
    const { plan, clock, starts, isCalm, onStart } = this.#options;
    this.#created += 1;
    const planned = starts.find(({ nth }) => nth === this.#created);
    const befalls = planned !== undefined && !isCalm() ? planned : undefined;
    if (befalls !== undefined) onStart(befalls);
    if (befalls?.as === 'failed') throw new DataPlaneError('InvalidInput', 'The connector could not be started.');
    if (befalls?.as === 'slow') await clock.sleep(slowStartSeconds * 1000);
    const worker = (this.#running += 1);
    this.#curedBy = 'recreation';
    this.#leavesOrphan = false;
    const mode = befalls?.as === 'dead' ? 'dead' : befalls?.as === 'unreachable' ? 'unreachable' : this.#healthy();
    this.#become(mode, connector.arn, true);
    const isCurrent = () => worker === this.#running;
    return {
      restart: async () => {
        if (!isCurrent() || plan.connectVersion === '2.7.1') return;
        if (this.mode === 'none') return;
        if (this.mode === 'unreachable' || (this.mode === 'dead' && this.#curedBy !== 'restart')) {
          // Tasks that begin anew as what they were.
          this.#become(this.mode, connector.arn, true);
          return;
        }
        const orphaned =
          this.mode === 'dead' && this.#leavesOrphan ? { orphanedSinceMs: this.spans.at(-1)?.fromMs ?? 0 } : {};
        this.#become(this.mode === 'idle' ? 'idle' : this.#healthy(), connector.arn, true, orphaned);
      },
      pause: async () => {
        if (isCurrent()) this.#become('none');
      },
      resume: async () => {
        if (isCurrent()) this.#become(this.#healthy());
      },
      // Its tasks are started anew, and where the connector itself was dead it stays so.
      update: async () => undefined,
      stop: async () => {
        if (isCurrent()) this.#become('none');
        const hangs = this.#options.deletionHangsSeconds();
        if (hangs > 0) await clock.sleep(hangs * 1000);
      },
    };
  }

  #healthy(): Mode {
    return this.#options.plan.idle ? 'idle' : 'flowing';
  }

  /** A single task cannot fail in part. */
  #modeOf(into: Mode): Mode {
    return into === 'some-tasks-failed' && this.#options.plan.kind !== 'sink' ? 'tasks-failed' : into;
  }

  #become(
    mode: Span['mode'],
    arn = this.spans.at(-1)?.arn ?? '',
    isNewTask = false,
    more: { orphanedSinceMs?: number } = {},
  ): void {
    const fromMs = this.#options.clock.now();
    const taskSinceMs = isNewTask ? fromMs : (this.spans.at(-1)?.taskSinceMs ?? fromMs);
    this.spans.push({ fromMs, mode, arn, taskSinceMs, ...more });
    this.#options.onChange();
  }
}

/** The data plane of all of them, by name. */
export function dataPlaneOf(lives: ReadonlyMap<string, Life>): DataPlane {
  return {
    start: async (connector) => {
      const life = lives.get(connector.name);
      if (life === undefined) throw new DataPlaneError('InvalidInput', `Nobody knows ${connector.name}.`);
      return life.start(connector);
    },
  };
}

export { warmUpSeconds };
