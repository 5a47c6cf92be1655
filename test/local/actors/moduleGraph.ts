import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');

/** Every file of this project that an entry imports, types included, and what those import in turn; paths from the root. */
export function moduleGraph(entry: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (path: string) => {
    const name = relative(root, path);
    if (found.has(name)) return;
    if (!existsSync(path)) throw new Error(`${name} is imported and does not exist.`);
    found.add(name);
    const text = readFileSync(path, 'utf8');
    // `from '...'`, `import '...'`, `import('...')`, and files that are started as processes: `new URL('...', import.meta.url)`.
    for (const [, specifier] of text.matchAll(/(?:from|import|import\(|new URL\()\s*'([^']+\.ts)'/g)) {
      if (specifier !== undefined) visit(join(dirname(path), specifier));
    }
  };
  visit(join(root, entry));
  return found;
}
