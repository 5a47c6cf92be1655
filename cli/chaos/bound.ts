import type { FunctionSettings } from '../../settings/connectorSettings.ts';
import type { History } from './history.ts';

/** recovery/lease.ts: 90 s, 10 s for clocks that differ; then the sweep, once a minute, and its invocation. */
const handOverSeconds = 90 + 10 + 60 + 30;
/** How often in a row the way back may lose its invocation: those under way when it becomes calm. */
const handOvers = 3;
/** recovery/settle.ts: how long lists may lag, and how long a promised creation may stay out of them. */
const promisedSeconds = 60 + 600;
/** recovery/settle.ts: for so long a call to delete that nobody answered for may yet act. */
const lateSeconds = 960;
/** recovery/afterDeletion.ts: the longest pause between two attempts that are refused. */
const refusedSeconds = 300;
/** recovery/unreached.ts: the longest pause before what came up FAILED, or does not reach its source, is tried again. */
const failedSeconds = 7200;
/** An invocation that fell silent is ended by Lambda, and its event is tried again twice. */
const silentSeconds = 900 + 60 + 120;
/** The sum is reckoned to the second; services jitter by 30 %. */
const jitter = 1.3;

/**
 * By when everything that the product deleted must be back, and no recovery under way: so many seconds after the last thing that befell. Each wait
 * of the way back, one after the other, at its longest (docs/chaos.md).
 */
export function boundSeconds(history: History, settings: FunctionSettings): number {
  const { durations, befalls } = history;
  const hangs = befalls.reduce((sum, one) => sum + (one.kind === 'deletion-hangs' ? one.seconds : 0), 0);
  const failing = befalls.filter((one) => one.kind === 'comes-up').length;
  const oneRecreation = jitter * (durations.deleteSeconds + durations.createSeconds + 600) + hangs;
  const policies = settings.connectors.map(({ policy }) => policy.waits);
  const waits = Math.max(
    ...policies.map(
      (wait) =>
        wait.restartSeconds + Math.max(wait.deleteSeconds, lateSeconds) + wait.verifySeconds + wait.healSeconds + 300,
    ),
  );
  return Math.ceil(
    handOvers * handOverSeconds +
      silentSeconds +
      promisedSeconds +
      refusedSeconds +
      waits +
      oneRecreation * 2 +
      (failing === 0 ? 0 : jitter * durations.createFailureSeconds + failedSeconds + oneRecreation),
  );
}
