import { compare } from './comparison.ts';

export interface TlsOptions {
  /** Tries to bring about the known hangs instead of comparing; the other options are for the comparison. */
  readonly hang: boolean;
  /** How long rows are written and connections broken. */
  readonly minutes: number;
  /** Rows that are waited for in that time. */
  readonly checks: number;
  /** Of every random moment. */
  readonly seed: number;
}

/**
 * Compares TLS 1.3 with TLS 1.2 on two real workers, or tries to bring about the two hangs that are known of Java's TLS.
 * @returns whether what was measured stands: for the hangs, whether each could be tried, however it turned out
 * @throws MissingSoftware; the signal's reason
 */
export async function compareTls(options: TlsOptions, signal: AbortSignal): Promise<boolean> {
  if (!options.hang) return compare(options, signal);
  const { tryCloseWhileBlocked } = await import('./closeWhileBlocked.ts');
  const { tryDroppedPacketsHang } = await import('./droppedPacketsHang.ts');
  const { tryKeyUpdateHang } = await import('./keyUpdateHang.ts');
  const say = (text: string) => console.log(text);
  const tried = [
    await tryCloseWhileBlocked(signal, say),
    await tryDroppedPacketsHang(signal, say),
    await tryKeyUpdateHang(signal, say),
  ];
  return tried.every(Boolean);
}
