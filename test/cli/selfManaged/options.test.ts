import { expect, it } from 'vitest';
import { readSelfManagedOptions, usage } from '../../../cli/selfManaged/options.ts';

it.each([
  [[], { mode: 'run', short: false, twoWorkers: false }],
  [['--short'], { mode: 'run', short: true, twoWorkers: false }],
  [['--two-workers'], { mode: 'run', short: false, twoWorkers: true }],
  [['--short', '--two-workers'], { mode: 'run', short: true, twoWorkers: true }],
  [['--help', '--short'], { mode: 'help' }],
])('%j is understood', (args, options) => {
  expect(readSelfManagedOptions(args)).toEqual(options);
});

it.each([
  [['--three-workers'], "Unknown option '--three-workers'; npm run self-managed -- --help tells what there is."],
  [['--short=yes'], "Option '--short' does not take an argument; npm run self-managed -- --help tells what there is."],
])('%j is not, and the message says why', (args, message) => {
  expect(() => readSelfManagedOptions(args)).toThrow(message);
});

it('the help names every option', () => {
  for (const option of ['--short', '--two-workers']) expect(usage).toContain(option);
});
