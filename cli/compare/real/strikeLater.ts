import type { RowCount } from '../../../local/connect/rowCount.ts';
import { failureText } from '../plan.ts';
import type { Failure } from '../compareOptions.ts';
import type { SideWatch } from '../sideWatch.ts';

/** Strikes at that real moment, and tells the watch, with the rows as they were just before. */
export function strikeLater(
  atMs: number,
  watch: SideWatch,
  failure: Failure,
  rows: () => RowCount,
  strike: () => void,
): void {
  setTimeout(() => {
    const before = rows();
    watch.counted(Date.now(), before);
    strike();
    watch.failed(Date.now(), before, failureText(failure));
  }, atMs - Date.now());
}
