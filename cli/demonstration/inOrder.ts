/** Things that are heard by ways of different delay, kept until all of their time must have come, and then told in the order of their time. */
export interface InOrder<Told> {
  add(told: Told): void;
  /** Tells what happened up to then. */
  tellUntil(atMs: number): void;
}

export function inOrder<Told extends { readonly atMs: number }>(show: (told: Told) => void): InOrder<Told> {
  let untold: Told[] = [];
  return {
    add: (told) => void untold.push(told),
    tellUntil(atMs) {
      const due = untold.filter((each) => each.atMs <= atMs).toSorted((a, b) => a.atMs - b.atMs);
      untold = untold.filter((each) => each.atMs > atMs);
      due.forEach(show);
    },
  };
}
