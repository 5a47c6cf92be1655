import type { Plugin } from 'esbuild';
import { readFile } from 'node:fs/promises';

/**
 * Writes the SDK's schemas with literal keys: `{"http": ...}` for `{[_h]: ...}`. esbuild must take a computed key for a side effect, so
 * without this the schemas of all operations of all clients are bundled, and with it only those of the operations in use (100 KB less).
 */
export const literalSchemas: Plugin = {
  name: 'literal-schemas',
  setup(build) {
    build.onLoad({ filter: /[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ }, async ({ path }) => {
      const source = withLiteralKeys(await readFile(path, 'utf8'));
      return { contents: namedAsSent.test(path) ? withoutErrorClasses(source) : source, loader: 'js' };
    });
  },
};

/** Replaces computed keys that are constants of the same module; others stay. */
export function withLiteralKeys(source: string): string {
  const constants = new Map(
    [...source.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)].map(([, name = '', literal = '']) => [name, literal]),
  );
  return source.replaceAll(/\[(_\w+)\]:/g, (key, name: string) => {
    const literal = constants.get(name);
    return literal === undefined ? key : `${literal}:`;
  });
}

/**
 * Clients whose errors are named on the wire as their classes are (REST and plain JSON; of S3, the code in its XML). There the classes are no use
 * to code that tells errors by their names, as ours does: the SDK gives an error that it has no class for its service's base class and the name
 * that was sent (35 KB less).
 */
const namedAsSent = /[\\/]client-(lambda|cloudwatch|cloudwatch-logs|kafkaconnect|s3)[\\/]/;

/** Leaves the errors of the service's own operations unregistered, so that their classes are not bundled; its base class stays. */
export function withoutErrorClasses(source: string): string {
  return source.replaceAll(/^n0_registry\.registerError\(\w+\$, \w+\);$/gm, '');
}
