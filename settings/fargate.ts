/** What Fargate offers, and how a worker and its sidecars share it. Memory in MiB, CPU in units of 1/1024 of a virtual CPU. */

const gib = 1024;

/** Memory by CPU: from, to, and in steps of. */
const sizes: Readonly<Record<number, { readonly from: number; readonly to: number; readonly step: number }>> = {
  512: { from: gib, to: 4 * gib, step: gib },
  1024: { from: 2 * gib, to: 8 * gib, step: gib },
  2048: { from: 4 * gib, to: 16 * gib, step: gib },
  4096: { from: 8 * gib, to: 30 * gib, step: gib },
  8192: { from: 16 * gib, to: 60 * gib, step: 4 * gib },
  16384: { from: 32 * gib, to: 120 * gib, step: 8 * gib },
};

export const cpuUnits = Object.keys(sizes).map(Number);

/**
 * What Fargate takes in place of a size that it does not offer; undefined: it offers this one. The smallest, 256 units, is left out: a JVM with a
 * connector does not start in its memory.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
export function memoryFault(cpu: number, memoryMiB: number): string | undefined {
  const size = sizes[cpu];
  if (size === undefined) return `one of ${cpuUnits.join(', ')} for cpu`;
  const { from, to, step } = size;
  return memoryMiB >= from && memoryMiB <= to && (memoryMiB - from) % step === 0
    ? undefined
    : `for ${cpu} units of CPU a number from ${from} to ${to} in steps of ${step}`;
}

/** Measured at rest: 122 and 75 MiB. The rest is room for many connectors, for a process that is ended for its memory tells nobody. */
export const watchdogMiB = 384;
export const registrarMiB = 160;

/** What is left for Kafka Connect. */
export function connectMiB(memoryMiB: number): number {
  return memoryMiB - watchdogMiB - registrarMiB;
}

/** The largest part of its memory that a worker's heap may be: threads, classes and network buffers lie beside it. */
export const largestHeap = 0.8;

/** The heap where none is asked for: seven tenths, rounded down to 64 MiB. */
export function usualHeapMiB(memoryMiB: number): number {
  return Math.floor((connectMiB(memoryMiB) * 0.7) / 64) * 64;
}
