import { describe, expect, it } from 'vitest';
import { readStartOptions, UsageError } from '../../cli/demonstration/startOptions.ts';

describe('the command line of npm start', () => {
  it.each([
    [[], { mode: 'main job' }],
    [['--help'], { mode: 'help' }],
    [['--faults', 'a.json'], { mode: 'main job', faultsFile: 'a.json' }],
    [['--cycles'], { mode: 'cycles', seconds: 40 }],
    [['--cycles', '--seconds', '10'], { mode: 'cycles', seconds: 10 }],
    [['--cycles', '--seconds', '3600', '--seed', '7'], { mode: 'cycles', seconds: 3600, seed: 7 }],
  ])('%j is understood', (args, options) => {
    expect(readStartOptions(args)).toEqual(options);
  });

  it.each([
    [['--cycles', '--seconds', '9'], "--seconds must be a whole number from 10 to 3600, got '9'."],
    [['--cycles', '--seconds', '3601'], "--seconds must be a whole number from 10 to 3600, got '3601'."],
    [['--cycles', '--seconds', '1e2'], "--seconds must be a whole number from 10 to 3600, got '1e2'."],
    [['--cycles', '--seconds', '12.5'], "--seconds must be a whole number from 10 to 3600, got '12.5'."],
    [['--cycles', '--seed', 'x'], "--seed must be a whole number from 0 to 4294967295, got 'x'."],
    [['--seconds', '20'], '--seconds goes with --cycles only.'],
    [['--seed', '20'], '--seed goes with --cycles only.'],
    [['--cycles', '--faults', 'a.json'], '--faults does not go with --cycles.'],
    [['--bogus'], "Unknown option '--bogus'; npm start -- --help tells what there is."],
    [['now'], "Unexpected argument 'now'; npm start -- --help tells what there is."],
  ])('%j is refused in one line', (args, message) => {
    expect(() => readStartOptions(args)).toThrow(new UsageError(message));
  });
});
