import type { HistoryRecord } from '../record.ts';
import { actsAreWritten, leasesAreWaitedFor, recoveriesDoNotOverlap } from './actsAreWritten.ts';
import { attemptsLimited } from './attemptsLimited.ts';
import { awayNotDeleted } from './awayNotDeleted.ts';
import { backOnlyWithData } from './backOnlyWithData.ts';
import { backupBeforeDeletion } from './backupBeforeDeletion.ts';
import { actedOn, casebooks } from './casebook.ts';
import type { BrokenRule, Rule } from './casebook.ts';
import { creationAsIntended } from './creationAsIntended.ts';
import { deletionNamesWhatWasSeen } from './deletionNamesWhatWasSeen.ts';
import { harsherRemedy } from './harsherRemedy.ts';
import { heardOnce } from './heardOnce.ts';
import { inHands } from './inHands.ts';
import { livingUntouched } from './livingUntouched.ts';
import { nothingOnNothing } from './nothingOnNothing.ts';
import { positionKept } from './positionKept.ts';
import { promisesKept } from './promisesKept.ts';
import { recreated } from './recreated.ts';
import { secretsKept } from './secretsKept.ts';
import { sweepSeen } from './sweepSeen.ts';
import { told } from './told.ts';

export type { BrokenRule } from './casebook.ts';

/** Every rule that is judged for each connector, in the order of design's list. */
const rules: readonly Rule[] = [
  backupBeforeDeletion,
  positionKept,
  deletionNamesWhatWasSeen,
  sweepSeen,
  recreated,
  told,
  promisesKept,
  creationAsIntended,
  actsAreWritten,
  leasesAreWaitedFor,
  recoveriesDoNotOverlap,
  inHands,
  livingUntouched,
  nothingOnNothing,
  harsherRemedy,
  awayNotDeleted,
  attemptsLimited,
  backOnlyWithData,
  heardOnce,
];

/**
 * Which of the rules under "What must hold, whatever happens" a history broke. Judged from the services' record of calls, from what people got
 * and from what was true; the engine's own opinion (its log, its verdicts) is not asked.
 */
export function brokenRules(record: HistoryRecord): readonly BrokenRule[] {
  const configured = new Set(record.settings.connectors.map(({ name }) => name));
  const strangers = actedOn(record).filter(({ name }) => !configured.has(name));
  return [
    ...strangers.map(({ name, call }) => ({
      rule: '5: what is not ours is left alone',
      connector: name,
      atMs: call.atMs,
      what: `${call.operation} (call ${call.index}): no such connector is configured`,
    })),
    ...casebooks(record).flatMap((book) => rules.flatMap((rule) => rule(book))),
    ...secretsKept(record),
  ];
}
