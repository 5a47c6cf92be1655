import { yourName } from '../recovery/intervention.ts';
import { PortError } from '../recovery/ports.ts';
import type { Directions, Notifier, Recorder, Sweep } from '../recovery/ports.ts';
import { composeNews } from '../recovery/readiness/composeNews.ts';
import { everyConnector, judgeDeployed } from '../recovery/readiness/gathered.ts';
import type { StackFacts } from '../recovery/readiness/gathered.ts';
import type { Judgement } from '../recovery/readiness/judge.ts';
import { isDue, newsOf, recordOf, toldOf } from '../recovery/readiness/record.ts';
import { unknown } from '../recovery/readiness/subject.ts';
import type { Instant } from '../recovery/time.ts';
import type { ConnectorSettings } from '../settings/connectorSettings.ts';
import { keys } from '../settings/environment.ts';
import type { Objects } from '../store/objects.ts';
import { gatherFacts } from './readinessFacts.ts';
import type { FactsWorld } from './readinessFacts.ts';
import { readReadinessRecord, swapReadinessRecord } from './readinessRecord.ts';

/** What the daily check works with. */
export interface CheckWorld extends FactsWorld {
  readonly stackBucket: Objects;
  readonly sweep: Sweep;
  readonly notifier: Notifier;
  readonly recorder: Recorder;
}

/** What a check found, and whether people were told. */
export interface Checked {
  readonly judged: readonly Judgement[];
  /** Connectors, or what concerns all of them, that could not be read this time; what was found of them before stands. */
  readonly unread: readonly string[];
  readonly told: boolean;
}

/**
 * Judges every configured connector, keeps what was found since when, and tells people what changed since they were last told: at most once
 * a day, and each finding once. Acts on nothing.
 * @throws PortError where the record cannot be kept or people cannot be told; the next check tells what this one could not
 */
export async function checkReadiness(world: CheckWorld, now: Instant): Promise<Checked> {
  const { stackBucket, recorder, notifier } = world;
  const gathered = await gatherFacts(world, now);
  const passing = gathered.flatMap((one) => (one.kind === 'unread' && one.passing ? [one] : []));
  const stack = await stackFacts(world.sweep, world.connectors, now);
  const unseen = typeof stack.sweepSeenAt === 'object' && stack.sweepSeenAt.passing === true ? [stack.sweepSeenAt] : [];
  const missed = [...passing, ...unseen.map((sweep) => ({ name: everyConnector, reason: sweep.unread }))];
  for (const { name, reason } of missed) recorder.note('check.unread', { connector: name, reason });
  const unread = new Set(missed.map(({ name }) => name));
  const judged = judgeDeployed(gathered, stack);

  const stored = await readReadinessRecord(stackBucket);
  const record = recordOf(stored.record, judged, unread, now);
  const due = isDue(record, now);
  // Of two checks at once one writes, and it tells.
  const written = await swapReadinessRecord(stackBucket, due ? { ...record, tellingSince: now } : record, stored.tag);
  const tells = due && written.kind === 'written';
  if (tells) {
    const { message, shown } = composeNews(newsOf(record), `s3://${stackBucket.bucket}/${keys.readiness}`);
    try {
      await notifier.tell(message);
    } catch (error) {
      // Given back, so that whoever tries again tells.
      await swapReadinessRecord(stackBucket, record, written.tag);
      throw error;
    }
    // Told twice harms less than never told: where this write is lost, the next check tells again.
    await swapReadinessRecord(stackBucket, toldOf(record, shown, now), written.tag);
  }
  recorder.note('check.done', {
    connectors: world.connectors.length,
    findings: record.findings.map(({ connector, rule, severity, where }) => ({ connector, rule, severity, where })),
    told: tells,
  });
  return { judged, unread: [...unread], told: tells };
}

/** What concerns every connector. Never throws: what cannot be read is said. */
export async function stackFacts(
  sweep: Sweep,
  connectors: readonly ConnectorSettings[],
  now: Instant,
): Promise<StackFacts> {
  const sweepSeenWithinSeconds = Math.max(...connectors.map(({ policy }) => policy.sweepSeenWithinSeconds));
  try {
    const sweepSeenAt = await sweep.lastSeenAt();
    return { now, sweepSeenWithinSeconds, ...(sweepSeenAt === undefined ? {} : { sweepSeenAt }) };
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    return { now, sweepSeenWithinSeconds, sweepSeenAt: { unread: error.message, passing: error.code !== 'denied' } };
  }
}

/** What the function can see of itself: no role's trust policy, for it has no right to read any; and its own command. */
export function ownEyes(directions: Directions): Pick<FactsWorld, 'shutOutBy' | 'acceptCommand'> {
  return {
    shutOutBy: () =>
      Promise.resolve(unknown('iam:GetRole, which the function does not have: `npm run check` by a person tells')),
    acceptCommand: (connector) => directions.command({ connector, do: 'accept', who: yourName }),
  };
}
