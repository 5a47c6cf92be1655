/** The time that the local services live by. Milliseconds since the epoch, for timers need arithmetic. */
export interface LocalClock {
  now(): number;
  /** Calls back once, at or after that moment; gives the way to call it off. */
  at(whenMs: number, callback: () => void): () => void;
}
