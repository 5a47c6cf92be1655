import type { CreateRequest, LiveConnector, Sighting } from './connector.ts';
import { judge } from './judge.ts';
import type { Journal, Recovery } from './journal.ts';
import type { Observation } from './observation.ts';
import { ownPinOf, withOwnPin } from './ownPin.ts';
import { platformOf } from './platforms.ts';
import type { Policy } from './policy.ts';
import type { FoundBackup, Pin, Ports } from './ports.ts';
import { nextRemedy, remediesOf } from './remedy.ts';
import type { SavedConfig } from './saved.ts';
import { settle } from './settle.ts';
import type { Trigger } from './trigger.ts';
import type { Verdict } from './verdict.ts';

/**
 * Looks at one connector, reading only, and no more than the present step needs.
 * Gives the observation, and the recovery under way brought up to date with it.
 * @throws PortError
 */
export async function observe(
  ports: Ports,
  policy: Policy,
  journal: Journal,
  trigger: Trigger,
): Promise<{ readonly observation: Observation; readonly recovery: Recovery | undefined }> {
  const sighting = await ports.connectors.find(policy.connector);
  const at = ports.clock.now();
  const recovery = journal.recovery === undefined ? undefined : settle(journal.recovery, sighting, at, policy);
  const seen: Observation = { at, sighting };
  const { recreates } = platformOf(policy);
  if (sighting.kind === 'absent') {
    if (recovery !== undefined || !recreates) return { observation: seen, recovery };
    const newestBackup = await ports.savedConfigs.newestBackup(policy.connector);
    const saved = await ports.savedConfigs.read(policy.connector);
    const pin = asksForRecreation(trigger) ? await lookForEarlierPin(ports, policy, saved, newestBackup) : undefined;
    const found = {
      ...(newestBackup === undefined ? {} : { newestBackup }),
      ...(pin === undefined ? {} : { pin }),
    };
    return { observation: { ...seen, saved, ...found }, recovery };
  }
  const { connector } = sighting;
  if (recreates && recovery === undefined && (connector.state === 'DELETING' || journal.lookedAt === undefined)) {
    const newestBackup = await openBackup(ports, policy.connector);
    if (newestBackup !== undefined) return { observation: { ...seen, newestBackup }, recovery };
  }
  // A recovery under way goes on with what it was opened for, whoever continues it.
  const asked = recovery?.trigger ?? trigger;
  if (!isToBeJudged(sighting, recovery, policy)) return { observation: seen, recovery };
  const verdict = await judge(ports, policy, connector, journal, recovery, at);
  const heldOnStack = mayTouch(verdict, asked) ? await ports.holds.onStack() : undefined;
  const neighbours = asksTheStack(verdict, asked, policy) ? await ports.neighbours.of(policy.connector) : undefined;
  const judged: Observation = {
    ...seen,
    verdict,
    ...(heldOnStack === undefined ? {} : { heldOnStack }),
    ...(neighbours === undefined ? {} : { neighbours }),
    ...(await lookAtWorkers(ports, verdict, connector, recovery, asked, policy)),
  };
  if (!recreates || (!mayRecreate(verdict, asked, policy) && verdict.kind !== 'alive'))
    return { observation: judged, recovery };
  const saved = await ports.savedConfigs.read(policy.connector);
  if (saved.kind !== 'valid' || !mayRecreate(verdict, asked, policy))
    return { observation: { ...judged, saved }, recovery };
  // A journal that was put back forgot a deletion that may be under way: a second promise would hide the first.
  const forgotten = recovery === undefined ? await openBackup(ports, policy.connector) : undefined;
  if (forgotten !== undefined) return { observation: { ...seen, newestBackup: forgotten }, recovery };
  const [position, sweepSeenAt] = await Promise.all([
    lookForPosition(ports, policy, connector, withOwnPin(saved.request, connector.request)),
    ports.sweep.lastSeenAt(),
  ]);
  return {
    observation: { ...judged, saved, ...position, ...(sweepSeenAt === undefined ? {} : { sweepSeenAt }) },
    recovery,
  };
}

/** Who else lives on its workers, where the process of one may be replaced next. */
async function lookAtWorkers(
  { workers }: Ports,
  verdict: Verdict,
  connector: LiveConnector,
  recovery: Recovery | undefined,
  trigger: Trigger,
  policy: Policy,
): Promise<Pick<Observation, 'workers'>> {
  const next = workers === undefined ? undefined : nextRemedy(verdict, connector, recovery, trigger, policy);
  return workers === undefined || next !== 'replace-worker' ? {} : { workers: await workers.on(connector) };
}

/** The newest backup, if it still promises to recreate something. */
async function openBackup(ports: Ports, connector: string): Promise<FoundBackup | undefined> {
  const newest = await ports.savedConfigs.newestBackup(connector);
  return newest?.kind === 'read' && newest.backup.closed === undefined ? newest : undefined;
}

/** Whether its offsets would be found again, by the policy with a topic that is pinned for it. */
async function lookForPosition(
  { connectors }: Ports,
  policy: Policy,
  live: LiveConnector,
  request: CreateRequest,
): Promise<Pick<Observation, 'offsets' | 'recreateFrom' | 'pin'>> {
  const offsets = await connectors.offsetSurvival(live, request);
  const unpinned = offsets.kind === 'lost' && offsets.unpinned === true;
  if (policy.offsets !== 'pin-default-topic' || !unpinned) return { offsets, recreateFrom: request };
  const pin = await connectors.findPin(live, request);
  if (pin.kind !== 'pinned') return { offsets, recreateFrom: request, pin };
  const recreateFrom = { ...request, workerConfiguration: pin.workerConfiguration };
  return { offsets: await connectors.offsetSurvival(live, recreateFrom), recreateFrom, pin };
}

/** Where the offsets lie of a source that is gone: its saved config does not know what we pinned for it. */
async function lookForEarlierPin(
  { connectors }: Ports,
  policy: Policy,
  saved: SavedConfig,
  found: FoundBackup | undefined,
): Promise<Pin | undefined> {
  const backup = found?.kind === 'read' ? found.backup : undefined;
  const known = ownPinOf(backup?.recreateFrom) ?? ownPinOf(backup?.live);
  const mayBePinned = known !== undefined || policy.offsets === 'pin-default-topic';
  if (saved.kind !== 'valid' || policy.kind === 'sink' || !mayBePinned) return undefined;
  return connectors.findEarlierPin(saved.request, known);
}

/** Signs say something only when nobody is at work on the connector: neither we nor anybody else. */
export function isToBeJudged(sighting: Sighting, recovery: Recovery | undefined, policy: Policy): boolean {
  if (sighting.kind === 'absent') return false;
  const { state, operations } = sighting.connector;
  if (!platformOf(policy).judged.includes(state)) return false;
  if (operations.some((operation) => operation.state === 'in-progress')) return false;
  const last = recovery?.acts.at(-1);
  return last === undefined || last.result !== undefined;
}

/** Whether this look may end in a restart or a deletion. */
function mayTouch(verdict: Verdict, trigger: Trigger): boolean {
  const asked = trigger.kind === 'schedule' || (trigger.kind === 'person' && trigger.remedy !== undefined);
  return asked || verdict.kind === 'dead' || verdict.kind === 'partial' || verdict.diedUnconnectedAt !== undefined;
}

/** Whether the others bear on what is done: it is silent, or its preventive restart is due. */
function asksTheStack({ kind }: Verdict, { kind: asked }: Trigger, { breaker }: Policy): boolean {
  return breaker !== undefined && (kind === 'dead' || kind === 'elsewhere' || asked === 'schedule');
}

function asksForRecreation(trigger: Trigger): boolean {
  return (trigger.kind === 'schedule' || trigger.kind === 'person') && trigger.remedy === 'recreate';
}

function mayRecreate(verdict: Verdict, trigger: Trigger, policy: Policy): boolean {
  const helpless = verdict.kind === 'dead' || verdict.diedUnconnectedAt !== undefined;
  return asksForRecreation(trigger) || (helpless && remediesOf(trigger, policy).includes('recreate'));
}
