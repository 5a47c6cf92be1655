import { bodyOf, broken, isStale, lastSeen, same } from './casebook.ts';
import type { BrokenRule, Casebook, Deed } from './casebook.ts';
import { wasAsked } from './asked.ts';

const intended = '3: what is created is what was written down';
const beside = '3: nothing is created beside a living one';

/**
 * CreateConnector carries exactly the request that was written with the deletion; of one that a person asked for, the saved config. And it is
 * called only where the invocation had not been shown a connector of that name since it last looked.
 */
export function creationAsIntended(book: Casebook): readonly BrokenRule[] {
  return book.deeds.flatMap((deed) => {
    if (deed.kind !== 'create') return [];
    const found: BrokenRule[] = [];
    if (!isIntended(book, deed)) found.push(broken(intended, book, deed.call, 'its request was written nowhere'));
    const listed = deed.before.findLast(({ operation }) => operation === 'ListConnectors');
    const living = listed === undefined || isStale(listed) ? undefined : shown(listed.output, book.name);
    if (living !== undefined) found.push(broken(beside, book, deed.call, `${living} had just been listed`));
    return found;
  });
}

function isIntended(book: Casebook, deed: Deed): boolean {
  const { call } = deed;
  const written = [
    ...book.backups.filter((one) => one.call.index < call.index).map(({ backup }) => backup.recreateFrom),
    ...book.journals
      .filter((one) => one.call.index < call.index)
      .flatMap(({ journal }) => journal.recovery?.acts ?? [])
      .flatMap((act) => (act.kind === 'delete' ? [act.recreateFrom] : [])),
  ];
  const newest = written.findLast((request) => same(request, call.input));
  return newest !== undefined || (wasAsked(book, deed) && isSaved(book, deed));
}

function isSaved({ settings, record }: Casebook, deed: Deed): boolean {
  const { bucket = record.bucket, key } = settings.savedConfig;
  const read = lastSeen(deed, 'GetObject', ({ input }) => input['Bucket'] === bucket && input['Key'] === key);
  try {
    return read?.output !== undefined && same(JSON.parse(bodyOf(read.output['Body'])), deed.call.input);
  } catch {
    return false;
  }
}

/** The ARN of a connector of that name that a list shows and that is not being deleted. */
function shown(output: Readonly<Record<string, unknown>> | undefined, name: string): string | undefined {
  const connectors: unknown = output?.['connectors'];
  if (!Array.isArray(connectors)) return undefined;
  const field = (one: unknown, key: string): unknown =>
    typeof one === 'object' && one !== null ? Reflect.get(one, key) : undefined;
  const found: unknown = connectors.find(
    (one) => field(one, 'connectorName') === name && field(one, 'connectorState') !== 'DELETING',
  );
  return found === undefined ? undefined : String(field(found, 'connectorArn'));
}
