import type { LiveConnector } from './connector.ts';
import type { Act, RestartAct } from './journal.ts';
import { platformOf } from './platforms.ts';
import type { Policy } from './policy.ts';
import { rebalanceSeconds } from './rebalance.ts';
import { secondsBetween } from './time.ts';

/** A call that comes to nothing again and again is no attempt, but neither may it be made for ever. */
export const vainCallsPerRemedy = 3;

/**
 * Whether a restart is still to be tried. `spent`: it was done and did not help, or this connector cannot be restarted. `kept from it`: a right
 * is missing, or no call was answered: whether a restart would help, nobody knows.
 */
export function restartsSoFar(
  acts: readonly Act[],
  connector: LiveConnector,
  policy: Policy,
  isOfKind: (act: RestartAct) => boolean = () => true,
): 'open' | 'spent' | 'kept from it' {
  if (!platformOf(policy).restartable.includes(connector.state)) return 'spent';
  const restarts = acts.filter((act): act is RestartAct => act.kind === 'restart' && isOfKind(act));
  const carriedOut = restarts.filter((act) => act.result !== 'refused' && act.result !== 'not-carried-out');
  if (carriedOut.length >= policy.limits.restartsPerRecovery) return 'spent';
  // What another connector of that name was refused says nothing of this one.
  const refused = restarts.filter((act) => act.result === 'refused' && act.arn === connector.arn);
  if (refused.some((act) => act.denied !== true && act.busy !== true && !wasBusy(act, connector))) return 'spent';
  const vain =
    restarts.filter((act) => act.result === 'not-carried-out').length +
    refused.filter((act) => act.busy !== true || isBusyTooLong(refused)).length;
  return refused.some((act) => act.denied === true) || vain >= vainCallsPerRemedy ? 'kept from it' : 'open';
}

/** Whether it has been refused for a rebalance for longer than one may take: so long that is no attempt, and it is asked again and again. */
function isBusyTooLong(refused: readonly RestartAct[]): boolean {
  const busy = refused.filter((act) => act.busy === true);
  const [first, last] = [busy[0], busy.at(-1)];
  return (
    first !== undefined && last !== undefined && secondsBetween(first.intendedAt, last.intendedAt) > rebalanceSeconds
  );
}

/** Whether somebody's operation, which locks the connector, was under way when the act was refused. */
function wasBusy({ intendedAt, endedAt = intendedAt }: RestartAct, { operations }: LiveConnector): boolean {
  return operations.some(
    (operation) =>
      operation.startedAt <= endedAt && (operation.endedAt === undefined || operation.endedAt >= intendedAt),
  );
}
