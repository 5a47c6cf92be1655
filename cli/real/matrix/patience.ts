import type { Cell } from './cell.ts';
import { failures } from './failures.ts';

/** What is known while a cell runs, in seconds. */
export interface Progress {
  /** Since the break. */
  readonly seconds: number;
  /** Since the function first ended so; `undefined`: it has not. */
  readonly sinceOutcome: (outcome: string) => number | undefined;
  /** Since a row arrived again that was written after the break; `undefined`: none has. */
  readonly sinceFlow: number | undefined;
  /** A person has deleted or created it by hand. */
  readonly byHand: boolean;
  readonly sinceLastAct: number | undefined;
}

/** After a cure some rows are to be seen, and an alarm that should have gone back to OK. */
const afterSeconds = 45;
/** After the end of a failure the last alarms may still come: offset commits wait five periods, and their delivery. */
const quietSeconds = 390;
/** What was created while its source was away FAILED, and is tried again after 15 min (`waits.outOfReachSeconds`), which takes a while itself. */
const afterFailedCreationSeconds = 1500;
/** After a mend that should have been enough by itself. */
const afterMendSeconds = 240;
const ends = ['recovered', 'gave-up', 'acted-unproved'];

/** How long a cell may run after its break. */
export function patience(cell: Cell): { readonly longestSeconds: number } {
  const lasts = failures[cell.failure].lastsSeconds ?? 0;
  if (cell.failure === 'idle') return { longestSeconds: 600 };
  if (needsAct(cell)) return { longestSeconds: lasts + (lasts > 120 ? afterFailedCreationSeconds : 900) };
  return { longestSeconds: lasts > 120 ? lasts + afterMendSeconds : lasts + quietSeconds };
}

/** Whether nothing more is to come. */
export function settled(cell: Cell, progress: Progress): boolean {
  if (!needsAct(cell)) return false;
  if (cell.remedy === 'product-then-by-hand') {
    return progress.byHand && progress.sinceLastAct !== undefined && progress.sinceLastAct > 2 * afterSeconds;
  }
  const lasts = failures[cell.failure].lastsSeconds ?? 0;
  if (progress.seconds < lasts + afterSeconds) return false;
  const mayBeUntouched = cell.expects.acts.some((sequence) => sequence.length === 0);
  // It healed, and whoever would act has had the time to.
  if (
    mayBeUntouched &&
    progress.sinceLastAct === undefined &&
    progress.sinceFlow !== undefined &&
    progress.seconds > lasts + afterMendSeconds
  ) {
    return true;
  }
  return ends.some((outcome) => (progress.sinceOutcome(outcome) ?? 0) > afterSeconds);
}

/** Whether it stays as it is unless somebody acts. */
function needsAct({ expects }: Cell): boolean {
  return expects.acts.some((sequence) => sequence.length > 0) || expects.outcome === 'refused';
}
