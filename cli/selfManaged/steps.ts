import logUpdate from 'log-update';
import pc from 'picocolors';
import { wrap } from '../demonstration/screen.ts';
import { clockText } from '../demonstration/story.ts';

/** The eight steps, as the screen names them. */
const stepNames = [
  'build',
  'register',
  'state by REST',
  'insert and see',
  'cut',
  'detect',
  'restart',
  'flows again',
] as const;

export type StepName = (typeof stepNames)[number];

/** Where the run shows itself: steps with their times. */
export interface Steps {
  /** A line of a step, which stays. */
  tell(step: StepName, text: string): void;
  /** Text that stays, such as a heading or the closing table. */
  write(text: string): void;
  /** What is going on now: replaced by the next one on a terminal, now and then a line on a pipe. */
  progress(text: string): void;
  close(): void;
}

const plainProgressMs = 20_000;
const nameWidth = Math.max(...stepNames.map((name) => name.length));

export function openSteps(startMs: number, output: NodeJS.WriteStream = process.stdout): Steps {
  let last: StepName | undefined;
  let spokeAtMs = Date.now();
  const keep = (text: string) => {
    if (output.isTTY) logUpdate.clear();
    output.write(`${text}\n`);
    spokeAtMs = Date.now();
  };
  const clock = () => clockText(Date.now() - startMs);
  return {
    tell(step, text) {
      const number = stepNames.indexOf(step) + 1;
      const label = step === last ? ' '.repeat(nameWidth + 3) : pc.bold(`${number}  ${step.padEnd(nameWidth)}`);
      last = step;
      const indent = nameWidth + 3 + 2 + 5 + 2;
      const [first = '', ...rest] = wrap(text, Math.max(60, (output.isTTY ? output.columns : 130) - indent - 1));
      keep(
        [`${label}  ${pc.dim(clock())}  ${first}`, ...rest.map((line) => `${' '.repeat(indent)}${line}`)].join('\n'),
      );
    },
    write: keep,
    progress(text) {
      if (output.isTTY) logUpdate(`\n${clock()}  ${pc.dim(text)}`);
      else if (Date.now() - spokeAtMs >= plainProgressMs) keep(`${' '.repeat(nameWidth + 5)}${clock()}  ... ${text}`);
    },
    close() {
      if (output.isTTY) logUpdate.clear();
    },
  };
}
