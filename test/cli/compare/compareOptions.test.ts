import { describe, expect, it } from 'vitest';
import { readCompareOptions, usage } from '../../../cli/compare/compareOptions.ts';
import { UsageError } from '../../../cli/demonstration/startOptions.ts';

const plain = { failure: 'half-open', connectVersion: '3.7.x' };

describe('the command line of npm run compare', () => {
  it.each([
    [[], { mode: 'live', ...plain, seed: 1 }],
    [['--help'], { mode: 'help' }],
    [['--failure', 'failed-task', '--seed', '7'], { mode: 'live', ...plain, failure: 'failed-task', seed: 7 }],
    [['--connect', '2.7.1'], { mode: 'live', ...plain, connectVersion: '2.7.1', seed: 1 }],
    [['--runs', '1000'], { mode: 'runs', ...plain, seed: 1, runs: 1000 }],
    [
      ['--runs', '1', '--seed', '0', '--failure', 'heals-itself'],
      { mode: 'runs', ...plain, failure: 'heals-itself', seed: 0, runs: 1 },
    ],
    [['--real'], { mode: 'real', failure: 'half-open' }],
    [['--real', '--failure', 'failed-task'], { mode: 'real', failure: 'failed-task' }],
  ])('%j is understood', (args, options) => {
    expect(readCompareOptions(args)).toEqual(options);
  });

  it.each([
    [['--failure', 'flood'], "--failure must be half-open or heals-itself or failed-task, got 'flood'."],
    [['--connect', '3.7.1'], "--connect must be 3.7.x or 2.7.1, got '3.7.1'."],
    [['--runs', '0'], "--runs must be a whole number from 1 to 100000, got '0'."],
    [['--runs', '1e3'], "--runs must be a whole number from 1 to 100000, got '1e3'."],
    [['--seed', '-1'], "Option '--seed' argument is ambiguous; npm run compare -- --help tells what there is."],
    [['--seed', '4294967296'], "--seed must be a whole number from 0 to 4294967295, got '4294967296'."],
    [['--real', '--runs', '10'], '--runs does not go with --real: it is measured once, in real time.'],
    [['--real', '--seed', '1'], '--seed does not go with --real: nothing is drawn there.'],
    [
      ['--real', '--connect', '2.7.1'],
      '--real measures on Connect 3.7.x only: the self-managed workers there are of 3.7.1.',
    ],
    [['--json'], "Unknown option '--json'; npm run compare -- --help tells what there is."],
    [['both'], "Unexpected argument 'both'; npm run compare -- --help tells what there is."],
  ])('%j is refused in one line', (args, message) => {
    expect(() => readCompareOptions(args)).toThrow(new UsageError(message));
  });

  it('explains every failure that it takes', () => {
    for (const failure of ['half-open', 'heals-itself', 'failed-task']) expect(usage).toContain(`  ${failure} `);
    expect(usage).toContain('Exit code 0 only if data came back in both worlds and no row was lost.');
  });
});
