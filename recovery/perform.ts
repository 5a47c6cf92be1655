import type { Decision } from './decision.ts';
import { approvalUsed, by, callOffInForce, sayHeld } from './intervention.ts';
import type { Act, CreateAct, DeleteAct, Recovery, RestartAct } from './journal.ts';
import type { HeldJournal } from './lease.ts';
import type { Backup, Ports, Refused, RestartHow } from './ports.ts';
import { seenTooLongAgo } from './seenTooLongAgo.ts';
import type { Instant } from './time.ts';

type Doing = Extract<Decision, { kind: 'restart' | 'delete' | 'create' }>;

/**
 * Carries out one act on the recovery under way. It is written before it is done, and its answer after: whoever finds it without an
 * answer learns from what is seen whether it happened (`settle`). A lost lease ends everything before the call; so does a restart or a deletion
 * that was decided on what was seen (`seenAt`) too long ago: its intent is taken back, and it counts as a step that failed, so that people hear
 * of a service that is always too slow.
 * @throws LeaseLost, PortError
 */
export async function perform(
  doing: Doing,
  seenAt: Instant,
  recovery: Recovery,
  held: HeldJournal,
  ports: Ports,
): Promise<void> {
  switch (doing.kind) {
    case 'restart':
      return restart(doing, seenAt, recovery, held, ports);
    case 'delete':
      return remove(doing, seenAt, recovery, held, ports);
    case 'create':
      return create(doing, recovery, held, ports);
  }
}

async function restart(
  doing: Extract<Doing, { kind: 'restart' }>,
  seenAt: Instant,
  recovery: Recovery,
  held: HeldJournal,
  ports: Ports,
) {
  const { arn } = doing;
  const how = howOf(doing);
  const before = held.journal;
  const act: RestartAct = { kind: 'restart', intendedAt: ports.clock.now(), arn, ...how };
  await writeActs(held, recovery, [...recovery.acts, act]);
  const tooOld = seenTooLongAgo(seenAt, ports);
  if (tooOld !== undefined) {
    await held.write(before);
    throw tooOld;
  }
  const answer = await ports.connectors.restart(arn, how);
  const known: RestartAct =
    answer.kind === 'started'
      ? { ...act, operationArn: answer.operationArn }
      : {
          ...act,
          endedAt: ports.clock.now(),
          result: 'refused',
          reason: inWords(answer),
          ...(answer.denied === undefined ? {} : { denied: answer.denied }),
          ...(answer.busy === undefined ? {} : { busy: answer.busy }),
        };
  await writeActs(held, recovery, [...recovery.acts, known]);
}

function howOf(doing: Extract<Doing, { kind: 'restart' }>): RestartHow {
  const { onlyFailedTasks, tasks, worker } = doing;
  return {
    onlyFailedTasks,
    ...(tasks === undefined ? {} : { tasks }),
    ...(doing.by === undefined ? {} : { by: doing.by }),
    ...(worker === undefined ? {} : { worker }),
  };
}

async function remove(
  doing: Extract<Doing, { kind: 'delete' }>,
  seenAt: Instant,
  recovery: Recovery,
  held: HeldJournal,
  ports: Ports,
) {
  const { arn, version, live, recreateFrom } = doing;
  const before = held.journal;
  const at = ports.clock.now();
  const act: DeleteAct = { kind: 'delete', intendedAt: at, arn, version, recreateFrom };
  // Two independent places know of the deletion before it is done: this journal, and the backup, which alone suffices to recreate.
  // The approval, if it needed one, serves this recovery and no other.
  await held.write(
    approvalUsed({ ...held.journal, recovery: { ...recovery, acts: [...recovery.acts, act] } }, recovery.id, arn),
  );
  const { connector } = held.journal;
  const backup: Backup = { schema: 1, connector, recoveryId: recovery.id, at, arn, version, live, recreateFrom };
  const place = await ports.savedConfigs.writeBackup(backup);
  // A hold of the whole stack is not written into this journal, so it stops nobody who writes: it is asked for at the last moment.
  const onStack = await ports.holds.onStack();
  const giveUp = async (why: string) => {
    await ports.savedConfigs.writeBackup({ ...backup, closed: { at: ports.clock.now(), why } });
    await held.write(before);
  };
  if (onStack !== undefined) return giveUp(sayHeld(onStack));
  // Written once more so that a lease lost meanwhile stops us here and not after the deletion.
  await writeActs(held, recovery, [...recovery.acts, { ...act, backup: place }]);
  const tooOld = seenTooLongAgo(seenAt, ports);
  if (tooOld !== undefined) {
    await giveUp('what was seen is too old to delete for it');
    throw tooOld;
  }
  const answer = await ports.connectors.delete(arn, version);
  const endedAt = ports.clock.now();
  const known: DeleteAct = { ...act, backup: place };
  if (answer.kind === 'refused') {
    await writeActs(held, recovery, [
      ...recovery.acts,
      { ...known, endedAt, result: 'refused', reason: inWords(answer) },
    ]);
  } else {
    // `gone` is left to be seen: the list may know better under another ARN.
    await writeActs(held, recovery, [...recovery.acts, { ...known, acceptedAt: endedAt }]);
  }
}

async function create(doing: Extract<Doing, { kind: 'create' }>, recovery: Recovery, held: HeldJournal, ports: Ports) {
  const before = recovery.acts.at(-1);
  const again = before?.kind === 'create' ? before : undefined;
  // Attempts that failed are kept as one act, or hours of refusals would swell the journal.
  const acts = again === undefined ? recovery.acts : recovery.acts.slice(0, -1);
  const intendedAt = ports.clock.now();
  // An attempt that was never answered counts like one that was refused.
  const failures =
    again?.result === 'vanished'
      ? { times: (again.refusals?.times ?? 0) + 1, since: again.refusals?.since ?? again.endedAt ?? intendedAt }
      : again?.refusals;
  const act: CreateAct = {
    kind: 'create',
    intendedAt,
    request: doing.request,
    ...(failures === undefined ? {} : { refusals: failures }),
  };
  await writeActs(held, recovery, [...acts, act]);
  const answer = await ports.connectors.create(doing.request);
  if (answer.kind === 'started') {
    await writeActs(held, recovery, [...acts, { ...act, arn: answer.arn }]);
    return;
  }
  const endedAt = ports.clock.now();
  const refusals = { times: (act.refusals?.times ?? 0) + 1, since: act.refusals?.since ?? endedAt };
  const reason = inWords(answer);
  await writeActs(held, recovery, [...acts, { ...act, endedAt, result: 'refused', reason, refusals }]);
}

/**
 * Closes the backup of a deletion whose intent is over: the connector is there again, was never deleted, or a person called it off. An open backup is a promise
 * to recreate, so this is tried until it is written.
 * @throws LeaseLost, PortError
 */
export async function closeBackup(recovery: Recovery, held: HeldJournal, ports: Ports): Promise<void> {
  const index = recovery.acts.findLastIndex((act) => act.kind === 'delete');
  const act = recovery.acts[index];
  if (act?.kind !== 'delete' || act.backupClosedAt !== undefined) return;
  const created = recovery.acts.slice(index + 1).some((next) => next.kind === 'create' && next.seenAt !== undefined);
  const neverDone = act.result === 'refused' || act.result === 'not-carried-out';
  const isDone = act.acceptedAt !== undefined || act.result === 'gone';
  const off = isDone ? callOffInForce(held.journal) : undefined;
  if (!created && !neverDone && off === undefined) return;
  const found = await ports.savedConfigs.newestBackup(held.journal.connector);
  const at = ports.clock.now();
  // A backup younger than the deletion is the promise of a later one, of which a journal that was put back knows nothing.
  const isItsOwn =
    found?.kind === 'read' && found.backup.recoveryId === recovery.id && found.backup.at <= act.intendedAt;
  if (isItsOwn && found.backup.closed === undefined) {
    const why = created
      ? 'the connector was created again'
      : off === undefined
        ? 'the deletion was not carried out'
        : `called off by ${by(off)}`;
    // What was read may be the promise of another deletion, by somebody who took over meanwhile: who lost the lease must not close it.
    await held.write(held.journal);
    await ports.savedConfigs.writeBackup({ ...found.backup, closed: { at, why } });
  }
  await writeActs(held, recovery, recovery.acts.with(index, { ...act, backupClosedAt: at }));
}

async function writeActs(held: HeldJournal, recovery: Recovery, acts: readonly Act[]): Promise<void> {
  await held.write({ ...held.journal, recovery: { ...recovery, acts } });
}

function inWords(refused: Refused): string {
  return `${refused.code}: ${refused.reason}`;
}
