import type { Objects } from '../../../store/objects.ts';

/** A store in memory, for a day of virtual time: a real one would be waited for in real time. */
export function memoryObjects(): Objects {
  const kept = new Map<string, { readonly text: string; readonly tag: string }>();
  let writes = 0;
  const put = (key: string, text: string): string => {
    writes += 1;
    const tag = `"${writes}"`;
    kept.set(key, { text, tag });
    return tag;
  };
  return {
    bucket: 'memory',
    async read(key) {
      const found = kept.get(key);
      return found === undefined ? { kind: 'missing' } : { kind: 'read', ...found };
    },
    async exists(key) {
      return kept.has(key) ? 'yes' : 'no';
    },
    async write(key, text) {
      put(key, text);
    },
    async swap(key, text, tag) {
      if (kept.get(key)?.tag !== tag) return { kind: 'lost' };
      return { kind: 'written', tag: put(key, text) };
    },
    async list(prefix) {
      return [...kept.keys()].filter((key) => key.startsWith(prefix)).toSorted();
    },
  };
}
