import type { Journals, Neighbour, Neighbours } from '../recovery/ports.ts';
import { callsAtOnce, inBatches } from './inBatches.ts';

/** The port Neighbours: the journals of the other configured connectors. Nothing is written. */
export function s3Neighbours(journals: Journals, connectors: readonly { readonly name: string }[]): Neighbours {
  return {
    of: (self) =>
      inBatches(
        connectors.filter(({ name }) => name !== self),
        callsAtOnce,
        ({ name }) => read(journals, name),
      ),
  };
}

async function read(journals: Journals, connector: string): Promise<Neighbour> {
  try {
    const found = await journals.read(connector);
    return 'kind' in found
      ? { kind: 'unreadable', connector, reason: found.reason }
      : { kind: 'read', connector, journal: found.journal };
  } catch (error) {
    return { kind: 'unreadable', connector, reason: error instanceof Error ? error.message : String(error) };
  }
}
