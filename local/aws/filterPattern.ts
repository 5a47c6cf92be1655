import { AwsError } from './awsError.ts';

interface Term {
  readonly kind: 'all' | 'not' | 'any';
  readonly text: string;
}

/**
 * Reads a CloudWatch Logs filter pattern of terms: `word`, `"quoted words"`, `-excluded`, `?either ?or`; case matters, an empty pattern
 * takes every line. Plain terms together with `?` ones: the latter are ignored, as documented. A term matches anywhere in the line
 * [inferred: the documentation does not say whether inside a word too]. JSON, column and %regex% patterns are refused.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * @throws AwsError InvalidParameterException
 */
export function filterPattern(pattern: string): (message: string) => boolean {
  const terms = readTerms(pattern);
  const all = terms.filter(({ kind }) => kind === 'all');
  const not = terms.filter(({ kind }) => kind === 'not');
  const any = all.length + not.length > 0 ? [] : terms.filter(({ kind }) => kind === 'any');
  return (message) =>
    all.every(({ text }) => message.includes(text)) &&
    !not.some(({ text }) => message.includes(text)) &&
    (any.length === 0 || any.some(({ text }) => message.includes(text)));
}

function readTerms(pattern: string): Term[] {
  const terms: Term[] = [];
  // A sign, then either a quoted term with backslash escapes or a bare word.
  const term = /\s*([-?]?)(?:"((?:[^"\\]|\\.)*)"|([\p{L}\p{N}_:@.,/#*-]+))(?=\s|$)/uy;
  const end = pattern.trimEnd().length;
  while (term.lastIndex < end) {
    const found = term.exec(pattern);
    if (!found) throw new AwsError('InvalidParameterException', 400, `Invalid filter pattern: ${pattern}`);
    const text = found[2]?.replaceAll(/\\(.)/g, '$1') ?? found[3] ?? '';
    terms.push({ kind: found[1] === '-' ? 'not' : found[1] === '?' ? 'any' : 'all', text });
  }
  return terms;
}
