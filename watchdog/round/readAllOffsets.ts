import type { Clock } from '../../recovery/ports.ts';
import type { Instant } from '../../recovery/time.ts';
import { msUntil } from './deadline.ts';
import { portErrorOf } from '../rest/askWorker.ts';
import type { ConnectRest } from '../rest/connectRest.ts';
import type { WorkerAddress } from '../rest/workerAddresses.ts';
import type { Reading } from './seen.ts';

export type OffsetsReading = Reading<ReadonlyMap<string, string>>;

/** Of a worker's few REST threads; people and other workers ask it too. */
const atOncePerWorker = 4;
/** With less time left, or with less than the last answer took, a question is not worth asking. */
const leastMs = 100;

export const offsetsCure = 'let Kafka Connect be of version 3.5 or later, which shows committed offsets (KIP-875)';

/**
 * The committed offsets of connectors, in the order given, as many as can be read until then: some at once from each worker. A worker that fails a
 * question is asked no other, and what it did not answer is asked of the rest.
 *
 * @returns what was read or refused by name; whoever is missing was not asked, or not answered in time
 */
export async function readAllOffsets(
  { rest, clock, workers }: { rest: ConnectRest; clock: Clock; workers: readonly WorkerAddress[] },
  connectors: readonly string[],
  until: Instant,
): Promise<ReadonlyMap<string, OffsetsReading>> {
  const waiting = [...connectors];
  const found = new Map<string, OffsetsReading>();
  const failing = new Set<WorkerAddress>();
  const lane = async (worker: WorkerAddress) => {
    let tookMs = 0;
    while (!failing.has(worker) && msUntil(clock, until) > Math.max(leastMs, tookMs)) {
      const name = waiting.shift();
      if (name === undefined) return;
      const left = msUntil(clock, until);
      const reading = await readOffsets(rest, worker, name, clock, until);
      tookMs = left - msUntil(clock, until);
      if (reading === 'worker-fails') {
        failing.add(worker);
        waiting.unshift(name);
      } else {
        found.set(name, reading);
        // Nobody else of this cluster will know the question either.
        if (reading.kind === 'not-watched') waiting.length = 0;
      }
    }
  };
  const lanes = workers.flatMap((worker) => Array.from({ length: atOncePerWorker }, () => lane(worker)));
  await Promise.all(lanes);
  return found;
}

async function readOffsets(
  rest: ConnectRest,
  worker: WorkerAddress,
  name: string,
  clock: Clock,
  until: Instant,
): Promise<OffsetsReading | 'worker-fails'> {
  try {
    const answer = await rest.offsets(worker, name, msUntil(clock, until));
    if (answer.kind === 'answered') return { kind: 'read', at: clock.now(), value: answer.value };
    if (answer.kind === 'no-endpoint') return { kind: 'not-watched', cure: offsetsCure };
    return { kind: 'unreadable', reason: answer.reason };
  } catch (error) {
    const fault = portErrorOf(error);
    // It may pass, and with another worker it may be over already; what it cannot say or may not, no other can.
    return fault.code === 'unavailable' ? 'worker-fails' : { kind: 'unreadable', reason: fault.message };
  }
}
