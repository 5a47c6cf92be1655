import type { ConnectTask } from './connectTask.ts';
import type { ClusterWorker } from './worker.ts';

export type SlotState = 'RUNNING' | 'FAILED' | 'PAUSED' | 'STOPPED' | 'UNASSIGNED' | 'RESTARTING';

/** What the status topic says: the last word of whoever wrote it, who may be dead by now. */
export interface SlotStatus {
  readonly state: SlotState;
  readonly worker: ClusterWorker;
  readonly trace?: string;
}

/** The place of a connector's instance or of one of its tasks in the cluster. */
export class Slot {
  /** Absent for the instance. */
  readonly task: number | undefined;
  /** Absent before it ran for the first time. */
  status: SlotStatus | undefined;
  /** To whom it is assigned, dead or alive. */
  worker: ClusterWorker | undefined;
  running: ConnectTask | undefined;
  #turn = 0;

  constructor(task?: number) {
    this.task = task;
  }

  /** What was to become of it is called off. Gives a question that is true until the next time. */
  turn(): () => boolean {
    this.#turn += 1;
    const mine = this.#turn;
    return () => this.#turn === mine;
  }

  say(state: SlotState, worker: ClusterWorker | undefined, trace?: string): void {
    if (worker !== undefined) this.status = { state, worker, ...(trace !== undefined && { trace }) };
  }
}
