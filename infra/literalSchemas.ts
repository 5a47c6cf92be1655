import type { Plugin } from 'esbuild';
import { readFile } from 'node:fs/promises';

/**
 * Writes the SDK's schemas with literal keys: `{"http": ...}` for `{[_h]: ...}`. esbuild must take a computed key for a side effect, so
 * without this the schemas of all operations of all clients are bundled, and with it only those of the operations in use (100 KB less).
 */
export const literalSchemas: Plugin = {
  name: 'literal-schemas',
  setup(build) {
    build.onLoad({ filter: /[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ }, async ({ path }) => ({
      contents: withLiteralKeys(await readFile(path, 'utf8')),
      loader: 'js',
    }));
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
