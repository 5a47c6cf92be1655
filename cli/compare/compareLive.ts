import pc from 'picocolors';
import { scaledClock } from '../../local/scaledClock.ts';
import { wrap } from '../demonstration/screen.ts';
import { castFor } from './castFor.ts';
import { failures, type CompareOptions } from './compareOptions.ts';
import { durationsOf, inVirtualTimeOnly } from './durations.ts';
import { mskWorld } from './live/mskWorld.ts';
import { selfManagedWorld } from './live/selfManagedWorld.ts';
import { planOf } from './plan.ts';
import { sideBySide } from './sideBySide.ts';

/** Process starts and sockets stay in real time, and the watchdog asks every half second of it. */
const factor = 20;

type Options = Extract<CompareOptions, { mode: 'live' }>;

/** The failure in both worlds at once, each with its actors in processes of their own. Gives whether data came back in both and no row was lost. */
export async function compareLive(options: Options, signal: AbortSignal): Promise<boolean> {
  const clock = scaledClock({ factor });
  const plan = planOf(options, options.seed);
  const cast = castFor(options);
  try {
    return await sideBySide({
      clock,
      introduction: introduction(options),
      make: (side, watch) =>
        side === 'MSK Connect' ? mskWorld(clock, cast, plan, watch) : selfManagedWorld(clock, cast, plan, watch),
      breaksInMinuteMs: plan.failAtMs % 60_000,
      durations: durationsOf(options).filter(({ what }) => !inVirtualTimeOnly.includes(what)),
      lookEveryMs: 100,
      longestDelayMs: 10_000,
      signal,
    });
  } finally {
    clock.stop();
  }
}

function introduction({ failure, connectVersion, seed }: Options): string {
  const what = [
    `The same failure at the same moment in two worlds, on Connect ${connectVersion}: ${failures[failure]}.`,
    'MSK Connect (left, on a wide terminal): the connector, CloudWatch with its alarms, and the built Lambda function, each in processes of their own.',
    'Self-managed: the connector in a process of its own; monitor and recovery are one process, the watchdog, as it is deployed. No monitor is told',
    'more than its world shows: what is sent to CloudWatch and what MSK Connect answers there, REST and Prometheus over HTTP here.',
    `Both have a row a second, the same beat of the database, the same flush interval. Time runs ${factor} times as fast, sockets and process starts excepted, which so weigh ${factor} times; the clock is theirs.`,
    `Everything drawn comes from --seed ${seed}. Ctrl+C ends it early.`,
  ];
  return [pc.bold('Side by side'), ...wrap(what.join(' '), 110), ''].join('\n');
}
