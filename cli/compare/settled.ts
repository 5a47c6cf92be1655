import type { SideWatch } from './sideWatch.ts';

/** So long after data came back by itself, nobody acts any more. */
const quietMs = 240_000;

/** Whether nothing more is to come: data flows and whoever acted has proved it; or it came back without an act, a while ago. */
export function isSettled(watch: SideWatch, nowMs: number): boolean {
  if (!watch.flows) return false;
  if (watch.acted) return watch.proved;
  return nowMs - (watch.marks?.rowsAtMs ?? nowMs) >= quietMs;
}
