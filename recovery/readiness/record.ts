import { secondsBetween } from '../time.ts';
import type { Instant } from '../time.ts';
import type { Finding } from './finding.ts';
import type { Judgement } from './judge.ts';
import { sharedOffsetsTopic } from './rules/pinnedOffsets.ts';
import { sharedIdentity } from './rules/sharedIdentity.ts';

/** A finding of one connector, and since when it stands. */
export interface KeptFinding extends Finding {
  readonly connector: string;
  readonly since: Instant;
}

/** What people were told, as far as it takes to know it again and to say that it is gone: a stack of hundreds has thousands. */
export type ToldFinding = Pick<KeptFinding, 'connector' | 'rule' | 'severity' | 'where' | 'found'>;

/** What the daily check keeps: what it found, and what of it people were told. */
export interface ReadinessRecord {
  readonly schema: 1;
  readonly checkedAt: Instant;
  readonly findings: readonly KeptFinding[];
  /** What people know of: a finding that is here and no longer above is news, too. */
  readonly told: readonly ToldFinding[];
  readonly toldAt?: Instant;
  /** Somebody is telling people since then. */
  readonly tellingSince?: Instant;
}

/** What changed since people were last told. */
export interface News {
  readonly fresh: readonly KeptFinding[];
  readonly gone: readonly ToldFinding[];
}

/** Rules that compare connectors: where one could not be read, they do not see what they saw. */
const besideOthers: ReadonlySet<string> = new Set([sharedIdentity.name, sharedOffsetsTopic.name]);

/**
 * The record after a check. What was found before keeps its beginning; of a connector that could not be read this time everything stands as it
 * did, for a check that was throttled is no news; and so does what was found of others beside it. Pure.
 */
export function recordOf(
  before: ReadinessRecord | undefined,
  judged: readonly Judgement[],
  unread: ReadonlySet<string>,
  now: Instant,
): ReadinessRecord {
  const since = new Map((before?.findings ?? []).map((finding) => [keyOf(finding), finding.since]));
  const found = judged
    .filter(({ name }) => !unread.has(name))
    .flatMap(({ name, findings }) =>
      findings.map((finding): KeptFinding => {
        const one = { ...finding, connector: name, since: now };
        return { ...one, since: since.get(keyOf(one)) ?? now };
      }),
    );
  const again = new Set(found.map(keyOf));
  const configured = new Set(judged.map(({ name }) => name));
  const stands = (finding: KeptFinding): boolean =>
    unread.has(finding.connector) ||
    (unread.size > 0 &&
      besideOthers.has(finding.rule) &&
      configured.has(finding.connector) &&
      !again.has(keyOf(finding)));
  return {
    schema: 1,
    checkedAt: now,
    findings: [...found, ...(before?.findings ?? []).filter(stands)],
    told: before?.told ?? [],
    ...(before?.toldAt === undefined ? {} : { toldAt: before.toldAt }),
    ...(before?.tellingSince === undefined ? {} : { tellingSince: before.tellingSince }),
  };
}

/** What people have not heard yet. Pure. */
export function newsOf({ findings, told }: ReadinessRecord): News {
  const known = new Set(told.map(keyOf));
  const stands = new Set(findings.map(keyOf));
  return {
    fresh: findings.filter((finding) => !known.has(keyOf(finding))),
    gone: told.filter((finding) => !stands.has(keyOf(finding))),
  };
}

/** One message a day: a check that comes a little early the next day still tells. */
const betweenMessagesSeconds = 20 * 3600;
/** Who has not told people after so long never will. */
const tellingSeconds = 900;
/** What is gone is named, not told anew. */
const mostToldCharacters = 200;

/** Whether people are to be told now. Pure. */
export function isDue(record: ReadinessRecord, now: Instant): boolean {
  const { fresh, gone } = newsOf(record);
  if (fresh.length + gone.length === 0) return false;
  if (record.toldAt !== undefined && secondsBetween(record.toldAt, now) < betweenMessagesSeconds) return false;
  return record.tellingSince === undefined || secondsBetween(record.tellingSince, now) >= tellingSeconds;
}

/** The record once people were told what was `shown`; the rest of the news is news still. Pure. */
export function toldOf(
  { tellingSince: _telling, ...record }: ReadinessRecord,
  shown: News,
  now: Instant,
): ReadinessRecord {
  const known = new Set([...record.told, ...shown.fresh].map(keyOf));
  const stands = new Set(record.findings.map(keyOf));
  const over = new Set(shown.gone.map(keyOf));
  const told = [
    ...record.findings.filter((finding) => known.has(keyOf(finding))),
    ...record.told.filter((finding) => !stands.has(keyOf(finding)) && !over.has(keyOf(finding))),
  ];
  return { ...record, told: told.map(inShort), toldAt: now };
}

function inShort({ connector, rule, severity, where, found }: ToldFinding): ToldFinding {
  return {
    connector,
    rule,
    severity,
    ...(where === undefined ? {} : { where }),
    found: found.slice(0, mostToldCharacters),
  };
}

/** What makes two findings the same one. The values in its words may change without news. */
function keyOf({ connector, rule, severity, where }: ToldFinding): string {
  return JSON.stringify([connector, rule, severity, where ?? '']);
}
