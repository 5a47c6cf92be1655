import type { RowCount } from '../../../local/connect/rowCount.ts';
import type { VirtualClock } from '../../../local/virtualClock.ts';
import type { Plan } from '../plan.ts';
import { isSettled } from '../settled.ts';
import type { SideWatch } from '../sideWatch.ts';

/** How often rows are counted: no figure of theirs is finer. Whoever acted is followed closely, for data may be back at any moment. */
const countEveryMs = { waiting: 1000, acted: 250 };

/**
 * Moves the clock until nothing more is to come in that world: the engine proved that data flows again, or data came back without it and nobody
 * acted for a while, or the time is up.
 */
export async function untilSettled(
  clock: VirtualClock,
  watch: SideWatch,
  rows: () => RowCount,
  plan: Pick<Plan, 'giveUpAtMs'>,
): Promise<void> {
  while (clock.now() < plan.giveUpAtMs) {
    await clock.advanceBy(countEveryMs[watch.acted && !watch.flows ? 'acted' : 'waiting']);
    watch.counted(clock.now(), rows());
    if (isSettled(watch, clock.now())) return;
  }
}
