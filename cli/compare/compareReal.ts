import pc from 'picocolors';
import { wrap } from '../demonstration/screen.ts';
import { failures, type CompareOptions } from './compareOptions.ts';
import { durationsWhenReal } from './durations.ts';
import { mskRealWorld } from './real/mskRealWorld.ts';
import { selfManagedRealWorld } from './real/selfManagedRealWorld.ts';
import { sideBySide } from './sideBySide.ts';

type Options = Extract<CompareOptions, { mode: 'real' }>;

/**
 * The same with real workers on both sides, measured. Gives whether data came back in both and no row was lost.
 * @throws MissingSoftware naming what the machine lacks
 */
export async function compareReal(options: Options, signal: AbortSignal): Promise<boolean> {
  const { failure } = options;
  return sideBySide({
    clock: Date,
    introduction: introduction(options),
    make: (side, watch) =>
      side === 'MSK Connect' ? mskRealWorld(failure, watch, signal) : selfManagedRealWorld(failure, watch, signal),
    oneAfterTheOther: true,
    breaksInMinuteMs: Math.floor(Math.random() * 60_000),
    durations: durationsWhenReal(failure),
    lookEveryMs: 250,
    longestDelayMs: 10_000,
    signal,
  });
}

function introduction({ failure }: Options): string {
  const what = [
    `The same failure at the same moment in two worlds, measured: ${failures[failure]}. Each world has a Kafka broker, a Kafka Connect 3.7.1 worker,`,
    'Debezium MySQL 2.6.2 and a MariaDB of its own, with the same configuration and a row a second; all of these are real, and time is. MSK Connect: its',
    'API, CloudWatch, EventBridge, S3 and SNS are local stand-ins, and MSK Connect itself waits 1 s where AWS takes minutes. Self-managed: Kafka',
    "Connect's own REST interface, and the watchdog's bundle as its user runs it. Ctrl+C ends it early.",
  ];
  return [pc.bold('Side by side, measured'), ...wrap(what.join(' '), 110), ''].join('\n');
}
