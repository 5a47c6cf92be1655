import type { SideWatch } from './sideWatch.ts';

/** What the engine writes about its work, by whichever edge: as far as a spectator needs it. */
interface Line {
  readonly time?: string;
  readonly event: string;
  readonly connector?: string;
  readonly reason?: string;
  readonly verdict?: string;
  readonly outcome?: string;
}

/**
 * Takes a line of the engine's own log down: its decisions and its ends.
 * @param ours whether it is our connector that a line names
 * @param atMs when it was written, where the line itself does not say
 */
export function hearEngine(watch: SideWatch, text: string, ours: (connector: string) => boolean, atMs: number): void {
  const line = read(text);
  if (line?.connector === undefined || !ours(line.connector)) return;
  const saidAtMs = line.time === undefined ? atMs : Date.parse(line.time);
  const { event, reason = '', verdict, outcome = '' } = line;
  if (event === 'finished') watch.finished(saidAtMs, outcome, reason);
  else if (event.startsWith('decided.') && event !== 'decided.finish') {
    watch.decided(
      saidAtMs,
      event.slice('decided.'.length),
      verdict === undefined ? reason : `Verdict ${verdict}: ${reason}`,
    );
  }
}

function read(text: string): Line | undefined {
  try {
    const line = JSON.parse(text) as Line;
    return typeof line.event === 'string' ? line : undefined;
  } catch {
    return undefined;
  }
}
