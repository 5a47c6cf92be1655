import { blankSecrets } from './secrets.ts';

/** A person reads the cause, not the stack. */
const longestLine = 300;
const mostLines = 6;

/**
 * What a person needs of a stack trace: its first line and each "Caused by", bounded, and without what has the form of a secret.
 * The last causes say most, so of many the first is kept with those.
 */
export function excerpt(trace: string): string {
  const lines = blankSecrets(trace)
    .split(/\r?\n|\\n/)
    .map((line) => line.trim())
    .filter((line, index) => line !== '' && (index === 0 || line.startsWith('Caused by:')));
  const [first = '', ...causes] = lines;
  const kept = causes.length < mostLines ? causes : causes.slice(1 - mostLines);
  return [first, ...kept].map(bounded).join(' | ');
}

function bounded(line: string): string {
  return line.length <= longestLine ? line : `${line.slice(0, longestLine)}...`;
}
