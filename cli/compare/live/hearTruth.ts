import type { SpectatorOnly } from '../../../local/actors/connectorMessages.ts';
import { failureText, type Plan } from '../plan.ts';
import type { SideWatch } from '../sideWatch.ts';

/** Takes down what really happened, from a connector's own process: for the screen alone. */
export function hearTruth(watch: SideWatch, plan: Plan, truth: SpectatorOnly): void {
  switch (truth.truth) {
    case 'rows':
      watch.counted(truth.atMs, truth.rows);
      break;
    case 'broke':
      if (watch.rows !== undefined) watch.failed(truth.atMs, watch.rows, failureText(plan.failure));
      break;
    case 'called':
      watch.called(truth.atMs, truth.operation, truth.error);
      break;
    case 'state':
    case 'rows-again':
      break;
  }
}
