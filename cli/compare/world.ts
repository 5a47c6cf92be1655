import type { Sights } from './sights.ts';

/** One of the worlds side by side: its actors, and how a spectator hears of them. */
export interface World {
  /** @param say is told of each step */
  open(say: (text: string) => void): Promise<void>;
  /** Reads what its monitor and its recovery say. */
  poll(): Promise<void>;
  /** Whether its own monitoring says that all is well. */
  readonly healthy: boolean;
  /** What is still missing to that, in words. */
  readonly waitsFor: string;
  /** It breaks at that moment of the run's own time. */
  strike(atMs: number): void;
  /** What it showed between the two moments. */
  sights(fromMs: number, toMs: number): Promise<Sights>;
  /** Waits until no row is on its way any more. */
  drain(): Promise<void>;
  /** Ends its actors, whatever they are doing. */
  end(): Promise<void>;
}
