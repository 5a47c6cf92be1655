import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = new URL('../../', import.meta.url);

/** A page that people read, by its path from the project's folder. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** README.md, docs/ and the pages beside the code. */
export function readPages(): readonly Page[] {
  const rooms = ['docs', 'local', 'test'].flatMap((room) =>
    readdirSync(new URL(room, root), { recursive: true, encoding: 'utf8' }).map((file) => `${room}/${file}`),
  );
  return ['README.md', ...rooms.filter((path) => path.endsWith('.md'))].map((path) => ({ path, text: read(path) }));
}

export function read(path: string): string {
  return readFileSync(fileURLToPath(new URL(path, root)), 'utf8');
}
