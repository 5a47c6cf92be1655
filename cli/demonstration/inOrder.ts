import type { Moment } from './story.ts';

/** Moments that are heard by ways of different delay, kept until all of their time must have come, and then told in the order of their time. */
export interface InOrder {
  add(moment: Moment): void;
  /** Tells what happened up to then. */
  tellUntil(atMs: number): void;
}

export function inOrder(show: (moment: Moment) => void): InOrder {
  let untold: Moment[] = [];
  return {
    add: (moment) => void untold.push(moment),
    tellUntil(atMs) {
      const due = untold.filter((moment) => moment.atMs <= atMs).toSorted((a, b) => a.atMs - b.atMs);
      untold = untold.filter((moment) => moment.atMs > atMs);
      due.forEach(show);
    },
  };
}
