import type { HistoryRecord, RecordedCall } from './record.ts';

/** Where two records of the same history part; `undefined`: the product made the same calls with the same input in the same order. */
export function firstDifference(one: HistoryRecord, other: HistoryRecord): string | undefined {
  const [ours, theirs] = [callsOf(one), callsOf(other)];
  for (let index = 0; index < Math.max(ours.length, theirs.length); index += 1) {
    const [a, b] = [ours[index], theirs[index]];
    if (a !== b) return `call ${index}: ${a ?? 'none'} (${one.transport}), ${b ?? 'none'} (${other.transport})`;
  }
  return undefined;
}

function callsOf({ calls }: HistoryRecord): readonly string[] {
  return calls.filter(({ by }) => by === 'product').map(wordsOf);
}

/** One call as text: when it arrived, operation and input, whatever form texts, times and bytes came in. */
function wordsOf({ atMs, operation, input }: RecordedCall): string {
  return `${atMs} ${operation} ${JSON.stringify(plain(input))}`;
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      // What the SDK's clients add of themselves is no part of what the product asks for.
      .filter(([name, field]) => field !== undefined && !added.has(name))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, plain(field)]),
  );
}

const added: ReadonlySet<string> = new Set(['ChecksumAlgorithm', 'ChecksumCRC32', 'ChecksumMode', 'ContentLength']);
