import { parse } from 'dot-properties';

/**
 * The keys and values of a Java properties text, such as a worker configuration: continuation lines, escapes and both kinds of
 * comments as `java.util.Properties` reads them; of a repeated key the last value counts.
 *
 * @see https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Properties.html#load(java.io.Reader)
 */
export function readJavaProperties(text: string): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(parse(text)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
