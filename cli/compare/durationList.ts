import pc from 'picocolors';
import type { Duration } from './durations.ts';

/** Every duration behind the figures, and how it is known. */
export function durationList(durations: readonly Duration[]): string {
  const text = ({ seconds: value }: Duration) => {
    if (typeof value === 'number') return `${value} s`;
    return `${value[0]} to ${value[1]} s`;
  };
  return [
    pc.bold('The durations behind the figures'),
    ...durations.map(
      (each) =>
        `  ${each.world.padEnd(14)}${each.what.padEnd(52)}${text(each).padStart(14)}  ${each.source}: ${each.where}`,
    ),
  ].join('\n');
}
