import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../cli/demonstration/startOptions.ts';
import { readRealOptions, usage } from '../../../cli/real/realOptions.ts';

describe('npm run real', () => {
  it.each([
    [[], { mode: 'main run', short: false }],
    [['--short'], { mode: 'main run', short: true }],
    [['--help'], { mode: 'help' }],
    [['--short', '--help'], { mode: 'help' }],
    [['--matrix'], { mode: 'matrix', all: false, cells: [], jobs: 1, fresh: false }],
    [['--matrix', '--all', '--jobs', '2'], { mode: 'matrix', all: true, cells: [], jobs: 2, fresh: false }],
    [
      ['--matrix', '--cell', 'a', '--cell', 'b', '--fresh'],
      { mode: 'matrix', all: false, cells: ['a', 'b'], jobs: 1, fresh: true },
    ],
    [
      ['--tls', '--minutes', '10', '--checks', '100', '--seed', '7'],
      { mode: 'tls', hang: false, minutes: 10, checks: 100, seed: 7 },
    ],
    [['--tls', '--minutes', '2', '--seed', '0'], { mode: 'tls', hang: false, minutes: 2, checks: 24, seed: 0 }],
    [['--tls', '--seed', '0'], { mode: 'tls', hang: false, minutes: 10, checks: 120, seed: 0 }],
  ])('%j is understood', (args, options) => {
    expect(readRealOptions(args)).toEqual(options);
  });

  it.each([
    [['--shrot'], /Unknown option '--shrot'.*npm run real -- --help tells what there is\.$/],
    [['short'], /Unexpected argument 'short'/],
    [['--short=yes'], /--short/],
    [['--all'], /^--all goes with --matrix only\.$/],
    [['--jobs', '2'], /^--jobs goes with --matrix only\.$/],
    [['--cell', 'a', '--short'], /^--cell goes with --matrix only\.$/],
    [['--fresh'], /^--fresh goes with --matrix only\.$/],
    [['--matrix', '--short'], /^--matrix does not go with --short\.$/],
    [['--matrix', '--all', '--cell', 'a'], /^--cell does not go with --all\.$/],
    [['--matrix', '--tls'], /^--tls does not go with --matrix\.$/],
    [['--minutes', '3'], /^--minutes goes with --tls only\.$/],
    [['--hang'], /^--hang goes with --tls only\.$/],
    [['--tls', '--hang', '--minutes', '3'], /^--minutes does not go with --hang\.$/],
    [['--tls', '--jobs', '3'], /^--jobs goes with --matrix only\.$/],
    [['--tls', '--minutes', 'ten'], /^--minutes must be a whole number from 1 to 1440, got 'ten'\.$/],
    [['--matrix', '--jobs', '0'], /^--jobs must be a whole number from 1 to 8, got '0'\.$/],
  ])('%j is refused with its reason', (args, reason) => {
    expect(() => readRealOptions(args)).toThrow(UsageError);
    expect(() => readRealOptions(args)).toThrow(reason);
  });

  it('tells every option that it takes', () => {
    for (const option of [
      '--short',
      '--matrix',
      '--all',
      '--cell ID',
      '--jobs N',
      '--fresh',
      '--tls',
      '--minutes N',
      '--checks N',
      '--seed N',
      '--hang',
    ]) {
      expect(usage).toContain(option);
    }
  });
});
