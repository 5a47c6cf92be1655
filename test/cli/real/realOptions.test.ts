import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../cli/demonstration/startOptions.ts';
import { readRealOptions, usage } from '../../../cli/real/realOptions.ts';

describe('npm run real', () => {
  it.each([
    [[], { mode: 'main run', short: false }],
    [['--short'], { mode: 'main run', short: true }],
    [['--help'], { mode: 'help' }],
    [['--short', '--help'], { mode: 'help' }],
  ])('%j is understood', (args, options) => {
    expect(readRealOptions(args)).toEqual(options);
  });

  it.each([
    [['--shrot'], /Unknown option '--shrot'.*npm run real -- --help tells what there is\.$/],
    [['short'], /Unexpected argument 'short'/],
    [['--short=yes'], /--short/],
  ])('%j is refused with its reason', (args, reason) => {
    expect(() => readRealOptions(args)).toThrow(UsageError);
    expect(() => readRealOptions(args)).toThrow(reason);
  });

  it('tells every option that it takes', () => {
    expect(usage).toContain('npm run real -- --short');
  });
});
