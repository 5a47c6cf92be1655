import * as v from 'valibot';

/** A text of that form. `expected` says the form to people, after "expected". */
export function text(description: string, pattern: RegExp, expected: string) {
  return v.pipe(v.string(), v.regex(pattern, expected), v.description(description));
}

/** A whole number; at most a week of seconds unless said otherwise. */
export function whole(description: string, least = 1, most = 604_800) {
  return v.pipe(
    v.number(),
    v.integer('a whole number'),
    v.minValue(least, `a number of at least ${least}`),
    v.maxValue(most, `a number of at most ${most}`),
    v.description(description),
  );
}
