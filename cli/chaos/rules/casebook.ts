import type { Journal } from '../../../recovery/journal.ts';
import type { Backup } from '../../../recovery/ports.ts';
import type { ConnectorSettings } from '../../../settings/connectorSettings.ts';
import { keys } from '../../../settings/environment.ts';
import type { ConnectorRecord, HistoryRecord, RecordedCall } from '../record.ts';

/** A rule of design that a history broke. */
export interface BrokenRule {
  /** The rule in a few words, with its number in "What must hold, whatever happens". */
  readonly rule: string;
  readonly connector: string;
  readonly atMs: number;
  readonly what: string;
}

/** A rule, judged for one connector from what the services recorded and what was true. */
export type Rule = (book: Casebook) => readonly BrokenRule[];

/** An act of the product that reached the service, whether it was carried out or refused there. */
export interface Deed {
  readonly kind: 'restart' | 'delete' | 'create';
  readonly call: RecordedCall;
  readonly invocation: number;
  /** What it named, or what it brought into being. */
  readonly arn: string | undefined;
  /** When it was let go, and how many calls had been taken by then: earlier than it arrived where its process stood still. */
  readonly decided: { readonly atMs: number; readonly index: number };
  /** What the invocation had done before it, oldest first. */
  readonly before: readonly RecordedCall[];
  /** The recovery that the newest journal before it names, where that is one. */
  readonly recovery: string | undefined;
}

/** A journal as the product stored it. */
export interface WrittenJournal {
  readonly call: RecordedCall;
  readonly journal: Journal;
}

/** A backup as the product stored it. */
export interface WrittenBackup {
  readonly call: RecordedCall;
  readonly backup: Backup;
}

/** All that a history says of one configured connector. */
export interface Casebook {
  readonly record: HistoryRecord;
  readonly name: string;
  readonly settings: ConnectorSettings;
  readonly truth: ConnectorRecord;
  readonly deeds: readonly Deed[];
  readonly journals: readonly WrittenJournal[];
  readonly backups: readonly WrittenBackup[];
}

const operations: Readonly<Record<string, Deed['kind']>> = {
  RestartConnector: 'restart',
  DeleteConnector: 'delete',
  CreateConnector: 'create',
};

/** Sorts a history's calls by the connector that they concern; one book for each that is configured. */
export function casebooks(record: HistoryRecord): readonly Casebook[] {
  const ofInvocation = new Map<number, RecordedCall[]>();
  const books = new Map<string, { deeds: Deed[]; journals: WrittenJournal[]; backups: WrittenBackup[] }>();
  const bookOf = (name: string) => {
    const known = books.get(name) ?? { deeds: [], journals: [], backups: [] };
    books.set(name, known);
    return known;
  };
  for (const call of record.calls) {
    if (call.by !== 'product' || call.invocation === undefined) continue;
    const before = ofInvocation.get(call.invocation) ?? [];
    const kind = call.service === 'kafkaconnect' ? operations[call.operation] : undefined;
    if (kind !== undefined && reached(call)) {
      const book = bookOf(connectorOf(call));
      const recovery = book.journals.at(-1)?.journal.recovery?.id;
      const arn = textOf(kind === 'create' ? call.output?.['connectorArn'] : call.input['connectorArn']);
      const decided = call.sent ?? call;
      const known = before.filter(({ index }) => index < decided.index);
      book.deeds.push({ kind, call, decided, invocation: call.invocation, arn, before: known, recovery });
    }
    if (call.operation === 'PutObject' && call.carriedOut && call.input['Bucket'] === record.bucket) {
      const key = textOf(call.input['Key']) ?? '';
      if (key.startsWith(keys.journals)) {
        const journal = parsed(call.input['Body']) as Journal | undefined;
        if (journal !== undefined) bookOf(journal.connector).journals.push({ call, journal });
      } else if (key.startsWith(keys.backups)) {
        const backup = parsed(call.input['Body']) as Backup | undefined;
        if (backup !== undefined) bookOf(backup.connector).backups.push({ call, backup });
      }
    }
    before.push(call);
    ofInvocation.set(call.invocation, before);
  }
  return record.settings.connectors.flatMap((settings) => {
    const truth = record.connectors[settings.name];
    return truth === undefined ? [] : [{ record, name: settings.name, settings, truth, ...bookOf(settings.name) }];
  });
}

/** Names of connectors that the product acted on. */
export function actedOn(record: HistoryRecord): readonly { readonly name: string; readonly call: RecordedCall }[] {
  return record.calls
    .filter((call) => call.by === 'product' && call.service === 'kafkaconnect' && call.operation in operations)
    .map((call) => ({ name: connectorOf(call), call }));
}

/** The service took the call: it carried it out or refused it itself, not a fault in its place. */
function reached(call: RecordedCall): boolean {
  return call.carriedOut || (call.error !== undefined && call.fault === undefined);
}

/** `arn:aws:kafkaconnect:region:account:connector/<name>/<id>`, or the name in a create request. */
export function connectorOf(call: RecordedCall): string {
  const { connectorName, connectorArn } = call.input;
  return textOf(connectorName) ?? textOf(connectorArn)?.split('/')[1] ?? '';
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The body of an object as text, whether it was sent as one or as bytes. */
export function bodyOf(body: unknown): string {
  return body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : (textOf(body) ?? '');
}

function parsed(body: unknown): object | undefined {
  try {
    const value: unknown = JSON.parse(bodyOf(body));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What the connector of that ARN was in at that moment, as the service knew it. */
export function stateAt({ truth }: Casebook, arn: string | undefined, atMs: number): string | undefined {
  return truth.states.findLast((entry) => entry.arn === arn && entry.atMs <= atMs)?.state;
}

/** What it did in truth at that moment, and since when without a break. */
export function truthAt({ truth }: Casebook, atMs: number): ConnectorRecord['truth'][number] | undefined {
  const index = truth.truth.findLastIndex((span) => span.fromMs <= atMs);
  let span = truth.truth[index];
  for (let earlier = index - 1; earlier >= 0; earlier -= 1) {
    const one = truth.truth[earlier];
    if (one === undefined || span === undefined || one.is !== span.is) break;
    span = one;
  }
  return span;
}

/** The newest call of that operation that the invocation made before the act and got the service's true answer to. */
export function lastSeen(
  deed: Deed,
  operation: string,
  which: (call: RecordedCall) => boolean = () => true,
): RecordedCall | undefined {
  return deed.before.findLast(
    (call) => call.operation === operation && call.carriedOut && call.answered && !isStale(call) && which(call),
  );
}

/** The caller got an older answer in the place of the true one. */
export function isStale(call: RecordedCall): boolean {
  return call.fault?.includes('stale') === true;
}

/** A person wrote or deleted something under that key: what the product knew by it is gone through no fault of its own. */
export function tampered({ record }: Casebook, prefix: string, fromMs: number, toMs: number): boolean {
  return record.calls.some(
    (call) =>
      call.by === 'person' &&
      call.service === 's3' &&
      call.atMs >= fromMs &&
      call.atMs <= toMs &&
      (call.operation === 'PutObject' || call.operation.startsWith('DeleteObject')) &&
      JSON.stringify(call.input).includes(prefix),
  );
}

/** Clocks of two invocations may differ by so much. */
export const clocksMs = 10_000;

/**
 * A person destroyed the connector's journal between two acts, so that whoever did the second need not know of the first. What is destroyed between
 * an intent and its act is forgotten as well.
 */
export function forgot(book: Casebook, fromMs: number, toMs: number): boolean {
  return tampered(book, `${keys.journals}${book.name}.json`, fromMs - clocksMs, toMs);
}

/** Whether the two values are the same as JSON, whatever the order of their fields. */
export function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** A rule's finding about an act. */
export function broken(rule: string, { name }: Casebook, call: RecordedCall, what: string): BrokenRule {
  return { rule, connector: name, atMs: call.atMs, what: `${call.operation} (call ${call.index}): ${what}` };
}
