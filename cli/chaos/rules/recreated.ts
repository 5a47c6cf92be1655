import { keys } from '../../../settings/environment.ts';
import type { BrokenRule, Casebook, Deed } from './casebook.ts';
import { tampered } from './casebook.ts';

const rule = '3: what was deleted is recreated';

/**
 * Liveness. The last deletion that the product carried out is followed by a creation, the product's or a person's, within the bound after the
 * faults have ended, and the connector is there in the end; unless a person deleted it again or called the recovery off. Where a person
 * destroyed journal and backup both, nobody can know: then people were told that it does not exist.
 */
export function recreated(book: Casebook): readonly BrokenRule[] {
  const { record, truth, name } = book;
  const deletion = book.deeds.findLast((deed) => deed.kind === 'delete' && deed.call.carriedOut);
  if (deletion === undefined || gaveAway(book, deletion)) return [];
  const index = deletion.call.index;
  const created = record.calls.find(
    (call) =>
      call.index > index &&
      call.operation === 'CreateConnector' &&
      call.carriedOut &&
      call.input['connectorName'] === name,
  );
  const bound = record.faultsEndMs + record.boundMs;
  const what = (words: string) => [{ rule, connector: name, atMs: deletion.call.atMs, what: words }];
  if (created !== undefined) {
    if (created.atMs > Math.max(bound, deletion.call.atMs + record.boundMs))
      return what(
        `it was created again ${Math.round((created.atMs - record.faultsEndMs) / 60_000)} min after the faults`,
      );
    return truth.end.state === undefined ? what('it was created again, and in the end it does not exist') : [];
  }
  // A deletion that goes on to the end of the history leaves nothing to create yet.
  if (truth.end.arn === deletion.arn && truth.end.state === 'DELETING') return [];
  if (cannotBeKnown(book, deletion))
    return toldThatItIsGone(book, deletion) ? [] : what('nobody was told that it is gone');
  return what('it was deleted and never created again');
}

/** An invocation waits so long for the journal while another one holds it. */
const crossedMs = 60_000;

/** A person called the recovery off and people heard what that left, or a person deleted what was there after our deletion. */
function gaveAway(book: Casebook, deletion: Deed): boolean {
  const { record, truth, name } = book;
  const after = deletion.call.atMs;
  const deleted = truth.persons.some(
    ({ atMs, did, accepted, arn }) => atMs >= after && accepted && arn !== deletion.arn && /delete/i.test(did),
  );
  if (deleted) return true;
  // A call-off that crossed the deletion finds it done.
  const from = deletion.decided.atMs - crossedMs;
  const calledOff = record.invocations.some(({ event, startMs }) => startMs >= from && callsOff(event, name));
  return calledOff && toldThatItStaysDeleted(book, deletion);
}

/** Who calls it off may not know that it is deleted by then: people hear it. */
function toldThatItStaysDeleted({ record, name }: Casebook, { call }: Deed): boolean {
  return record.messages.some(
    ({ atMs, subject, text }) =>
      atMs >= call.atMs &&
      subject.includes(name) &&
      /called off/i.test(subject) &&
      /nothing is created again|is not created/.test(`${subject} ${text}`),
  );
}

function callsOff(event: unknown, name: string): boolean {
  if (typeof event !== 'object' || event === null) return false;
  return Reflect.get(event, 'do') === 'call-off' && Reflect.get(event, 'connector') === name;
}

function cannotBeKnown(book: Casebook, { call, arn }: Deed): boolean {
  const { endMs } = book.record;
  const stored = book.backups.find(({ backup }) => backup.arn === arn)?.call.atMs ?? call.atMs;
  const journal = tampered(book, `${keys.journals}${book.name}.json`, stored, endMs);
  return journal && tampered(book, `${keys.backups}${book.name}/`, stored, endMs);
}

function toldThatItIsGone({ record, name }: Casebook, { call }: Deed): boolean {
  return record.messages.some(
    ({ atMs, subject, text }) =>
      atMs >= call.atMs && text.includes(name) && /does not exist|NOT BACK YET/.test(`${subject} ${text}`),
  );
}
