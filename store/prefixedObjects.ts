import type { Objects } from './objects.ts';

/** The objects of a bucket whose keys begin with that, without it: several stores in one bucket do not see each other. */
export function prefixedObjects(objects: Objects, prefix: string): Objects {
  if (prefix === '') return objects;
  return {
    bucket: `${objects.bucket}/${prefix.replace(/\/$/, '')}`,
    read: (key, atMost) => objects.read(`${prefix}${key}`, atMost),
    exists: (key) => objects.exists(`${prefix}${key}`),
    write: (key, text) => objects.write(`${prefix}${key}`, text),
    swap: (key, text, tag) => objects.swap(`${prefix}${key}`, text, tag),
    list: async (below) => (await objects.list(`${prefix}${below}`)).map((key) => key.slice(prefix.length)),
  };
}
