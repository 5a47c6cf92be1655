import { hearEngine } from './engineLine.ts';
import type { SideWatch } from './sideWatch.ts';

/**
 * Takes a line of the watchdog's log down. That it hands a connector to the engine is its detection: before that it has only polled.
 * @param connector as `<cluster>/<name>`
 */
export function hearWatchdog(watch: SideWatch, text: string, connector: string, atMs: number): void {
  const look = lookIn(text);
  if (look?.connector === connector && watch.marks !== undefined) {
    watch.detected(look.time === undefined ? atMs : Date.parse(look.time), `looks at it: ${look.why ?? ''}`);
    return;
  }
  hearEngine(watch, text, (named) => named === connector, atMs);
}

interface LookLine {
  readonly event?: string;
  readonly time?: string;
  readonly connector?: string;
  readonly why?: string;
}

function lookIn(text: string): LookLine | undefined {
  try {
    const line = JSON.parse(text) as LookLine;
    return line.event === 'look' ? line : undefined;
  } catch {
    return undefined;
  }
}
