import type { Objects } from '../../../store/objects.ts';

/** The watchdog's store in this thread's memory: objects with compare and swap, as a folder or a bucket has them. */
export function memoryObjects(): Objects {
  const objects = new Map<string, { readonly text: string; readonly tag: string }>();
  let written = 0;
  const put = (key: string, text: string): string => {
    written += 1;
    objects.set(key, { text, tag: String(written) });
    return String(written);
  };
  return {
    bucket: 'memory',
    async read(key) {
      const found = objects.get(key);
      return found === undefined ? { kind: 'missing' } : { kind: 'read', ...found };
    },
    async exists(key) {
      return objects.has(key) ? 'yes' : 'no';
    },
    async write(key, text) {
      put(key, text);
    },
    async swap(key, text, tag) {
      return objects.get(key)?.tag === tag ? { kind: 'written', tag: put(key, text) } : { kind: 'lost' };
    },
    async list(prefix) {
      return [...objects.keys()].filter((key) => key.startsWith(prefix)).toSorted();
    },
  };
}
