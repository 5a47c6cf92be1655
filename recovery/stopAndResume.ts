import type { Decision } from './decision.ts';
import type { Recovery, RestartAct } from './journal.ts';
import type { HeldJournal } from './lease.ts';
import type { Ports } from './ports.ts';

/**
 * Resumes what the recovery's last act stopped. It is written before it is called, and its answer after.
 * @throws LeaseLost, PortError
 */
export async function resume(
  { arn }: Extract<Decision, { kind: 'resume' }>,
  recovery: Recovery,
  held: HeldJournal,
  ports: Ports,
): Promise<void> {
  const act = recovery.acts.at(-1);
  if (ports.workers === undefined || act?.kind !== 'restart' || act.by !== 'stop-and-resume')
    throw new Error('Only what was stopped, and whose workers are reached, is resumed.');
  const { reason: _before, ...before } = act.resumes ?? { times: 0 };
  const asked = { ...before, times: before.times + 1, lastAt: ports.clock.now() };
  const write = async (resumes: NonNullable<RestartAct['resumes']>) =>
    held.write({
      ...held.journal,
      recovery: { ...recovery, acts: [...recovery.acts.slice(0, -1), { ...act, resumes }] },
    });
  await write(asked);
  const answer = await ports.workers.resume(arn);
  await write(
    answer.kind === 'started'
      ? { ...asked, acceptedAt: ports.clock.now() }
      : { ...asked, reason: `${answer.code}: ${answer.reason}` },
  );
}
