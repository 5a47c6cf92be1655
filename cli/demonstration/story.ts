/** Who did something, as a person who watches would name them. */
export type Actor = 'you' | 'connector' | 'CloudWatch' | 'Lambda' | 'MSK Connect' | 'e-mail';

/** One thing that happened. */
export interface Moment {
  /** In the run's own time, milliseconds since the epoch. */
  readonly atMs: number;
  readonly actor: Actor;
  /** Absent: it concerns them all. */
  readonly connector?: string;
  readonly text: string;
}

/** The milestones of one silence, in the run's own time. */
export interface Milestones {
  readonly silentAtMs?: number;
  readonly alarmAtMs?: number;
  readonly lookedAtMs?: number;
  readonly decidedAtMs?: number;
  readonly actEndedAtMs?: number;
  readonly rowsAtMs?: number;
  readonly provedAtMs?: number;
}

/** One phase of a recovery, as a row of the closing table. */
export interface Phase {
  readonly name: string;
  readonly seconds: number;
}

/** How long each phase took. Phases of which an end was never seen are left out. */
export function phases(milestones: Milestones): Phase[] {
  const { silentAtMs, alarmAtMs, lookedAtMs, decidedAtMs, actEndedAtMs, rowsAtMs, provedAtMs } = milestones;
  const found: Phase[] = [];
  const add = (name: string, from: number | undefined, to: number | undefined) => {
    if (from !== undefined && to !== undefined) found.push({ name, seconds: Math.max(0, (to - from) / 1000) });
  };
  add('silence until the alarm', silentAtMs, alarmAtMs);
  add('alarm until the Lambda looked', alarmAtMs, lookedAtMs);
  add('look until the decision', lookedAtMs, decidedAtMs);
  add('the act itself', decidedAtMs, actEndedAtMs);
  add('act until rows arrived', actEndedAtMs, rowsAtMs);
  add('rows until it was proved', rowsAtMs, provedAtMs);
  add('data stood still', silentAtMs, rowsAtMs);
  return found;
}

/** `2:05` for 125 s since the start; hours are not expected here. */
export function clockText(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}
