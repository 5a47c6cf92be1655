import { PortError } from '../recovery/ports.ts';
import type { Journals } from '../recovery/ports.ts';
import { keys } from '../settings/environment.ts';
import { parseJournal } from './journalSchema.ts';
import type { Objects } from './objects.ts';

/** The port Journals: one object for each connector, by name, written only by compare and swap on its ETag. */
export function s3Journals(objects: Objects): Journals {
  const keyOf = (connector: string) => `${keys.journals}${connector}.json`;
  return {
    async read(connector) {
      const found = await objects.read(keyOf(connector));
      switch (found.kind) {
        case 'missing':
          return { journal: undefined, tag: undefined };
        case 'denied':
          throw new PortError('denied', `GetObject ${objects.bucket}/${keyOf(connector)}: access denied`);
        case 'too-large':
          return { kind: 'broken', reason: `the journal has ${found.bytes} bytes`, tag: found.tag };
        case 'read': {
          const parsed = parseJournal(found.text, connector);
          return parsed.kind === 'read'
            ? { journal: parsed.journal, tag: found.tag }
            : { kind: 'broken', reason: parsed.reason, tag: found.tag };
        }
      }
    },
    write: (connector, journal, tag) => objects.swap(keyOf(connector), JSON.stringify(journal, undefined, 2), tag),
  };
}
