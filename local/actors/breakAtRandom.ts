import type { RowCount } from '../connect/rowCount.ts';
import type { LocalClock } from '../clock.ts';
import type { Random } from '../seededRandom.ts';
import type { SpectatorOnly } from './connectorMessages.ts';

/** Rows have to flow for this long before the next failure, so that the alarm of the last one is OK again. */
const healthySeconds = 150;
/** What a recovery needs, from the failure to the proof: the rest of a window is left to it. */
const recoverySeconds = 420;
/** How often the data plane is looked at. */
const lookEverySeconds = 5;

export interface BreakAtRandom {
  readonly clock: LocalClock;
  readonly random: Random;
  readonly connector: string;
  readonly windows: number;
  readonly windowSeconds: number;
  readonly dataPlane: { halfOpen(name: string): void; rows(name: string): RowCount };
  /** Its state as MSK Connect shows it. */
  readonly state: () => Promise<string>;
  readonly tell: (truth: SpectatorOnly) => void;
}

/**
 * Breaks a connector once in each window of so many seconds (of the clock), at a random moment that leaves a recovery time to finish in it; never
 * while it is still silent. Tells the spectator when it broke and when rows arrived again.
 */
export function breakAtRandom(options: BreakAtRandom): void {
  const { clock, connector, windows, windowSeconds, dataPlane, tell } = options;
  const beganMs = clock.now();
  const slackSeconds = Math.max(0, windowSeconds - recoverySeconds);
  const planned = Array.from(
    { length: windows },
    (_, window) => beganMs + (window * windowSeconds + options.random() * slackSeconds) * 1000,
  );
  let healthySinceMs = beganMs - healthySeconds * 1000;
  let silentAt: number | undefined;
  let state = 'RUNNING';

  async function look(): Promise<void> {
    const nowMs = clock.now();
    const rows = dataPlane.rows(connector);
    tell({ kind: 'truth', truth: 'rows', atMs: nowMs, connector, rows });
    const seen = await options.state();
    if (seen !== state) tell({ kind: 'truth', truth: 'state', atMs: nowMs, connector, state: seen });
    state = seen;
    if (silentAt !== undefined) {
      if (rows.arrived <= silentAt) return;
      tell({ kind: 'truth', truth: 'rows-again', atMs: nowMs, connector, waited: rows.arrived - silentAt });
      silentAt = undefined;
      healthySinceMs = nowMs;
    }
    const [next] = planned;
    if (next === undefined || nowMs < next || nowMs < healthySinceMs + healthySeconds * 1000 || seen !== 'RUNNING')
      return;
    planned.shift();
    dataPlane.halfOpen(connector);
    silentAt = dataPlane.rows(connector).arrived;
    tell({ kind: 'truth', truth: 'broke', atMs: clock.now(), connector });
  }

  const again = () => {
    clock.at(clock.now() + lookEverySeconds * 1000, () => void look().finally(again));
  };
  again();
}
