import type { Message } from '../message.ts';
import { paragraphs, section, subject } from '../messageParts.ts';
import type { Severity } from './finding.ts';
import { everyConnector } from './gathered.ts';
import type { KeptFinding, News, ToldFinding } from './record.ts';

const goneHeading = 'Gone since you were told';

const headings: Readonly<Record<Severity, string>> = {
  blocks: 'New: a recovery would fail or be refused',
  harms: 'New: data would be lost, doubled or not seen, or a secret lies open',
  'cannot-tell': 'New: nobody can tell',
  improve: 'New: it works, and you should know of it',
};

/** More than this nobody reads in one go, and SNS takes 256 KB. */
const mostLines = 100;
const mostBytes = 100_000;
/** Of what was found; the record has it all. */
const mostFoundCharacters = 1_000;

/** The e-mail about what the daily check found since the last one: each finding once, with its cure. Without any value of a secret.
 *
 * The worst come first; what would be too much for one mail is not in `shown`, and comes with the next.
 */
export function composeNews({ fresh, gone }: News, place: string): { readonly message: Message; readonly shown: News } {
  const connectors = new Set(fresh.map(({ connector }) => connector).filter((name) => name !== everyConnector));
  const on = connectors.size === 0 ? '' : ` on ${count(connectors.size, 'connector')}`;
  const news = [
    ...(fresh.length === 0 ? [] : [`${count(fresh.length, 'new finding')}${on}`]),
    ...(gone.length === 0 ? [] : [`${gone.length} gone`]),
  ].join(', ');
  const severities: readonly Severity[] = ['blocks', 'harms', 'cannot-tell', 'improve'];
  const told = fitting([
    ...severities.flatMap((severity) =>
      together(fresh.filter((finding) => finding.severity === severity)).map((group) => ({
        heading: headings[severity],
        fresh: group,
        gone: [],
        line: lineOf(group),
      })),
    ),
    ...together(gone).map((group) => ({ heading: goneHeading, fresh: [], gone: group, line: goneLineOf(group) })),
  ]);
  const shown: News = { fresh: told.flatMap((entry) => entry.fresh), gone: told.flatMap((entry) => entry.gone) };
  const left = fresh.length + gone.length - shown.fresh.length - shown.gone.length;
  const message: Message = {
    connector: 'readiness',
    subject: subject('readiness', news),
    text: paragraphs([
      `The daily check of the connectors: ${news}. Nothing was touched.`,
      ...[...severities.map((severity) => headings[severity]), goneHeading].map((heading) =>
        section(
          heading,
          told.filter((entry) => entry.heading === heading).map(({ line }) => line),
        ),
      ),
      section('Where', [
        left === 0 ? '' : `And ${left} more, which come with the next daily mail`,
        `Everything that was found, and since when: ${place}`,
        'The same by hand, with your own rights, which see more: npm run check',
      ]),
    ]),
  };
  return { message, shown };
}

/** As many from the beginning as one mail takes, and at least one. */
function fitting<Entry extends { readonly line: string }>(entries: readonly Entry[]): readonly Entry[] {
  const encoder = new TextEncoder();
  let bytes = 0;
  const tooMuch = entries.findIndex(({ line }, index) => {
    bytes += encoder.encode(line).length;
    return index > 0 && (index >= mostLines || bytes > mostBytes);
  });
  return tooMuch < 0 ? entries : entries.slice(0, tooMuch);
}

function lineOf(group: Group<KeptFinding>): string {
  const [one] = group;
  return `${namesOf(group)}: ${at(one)}${short(one.found)}. ${sentence(one.leadsTo)}${needs(one)} Do: ${one.cure}`;
}

function goneLineOf(group: Group<ToldFinding>): string {
  const [one] = group;
  return `${namesOf(group)}: ${at(one)}${short(one.found)}`;
}

function namesOf(group: Group<ToldFinding>): string {
  return group.map(({ connector }) => connector).join(', ');
}

function short(found: string): string {
  return found.length > mostFoundCharacters ? `${found.slice(0, mostFoundCharacters)}...` : found;
}

type Group<Finding> = readonly [Finding, ...Finding[]];

/** What is said of several connectors in the same words is said once. */
function together<Finding extends ToldFinding & Partial<Pick<KeptFinding, 'leadsTo' | 'cure'>>>(
  findings: readonly Finding[],
): readonly Group<Finding>[] {
  const groups = new Map<string, Group<Finding>>();
  for (const finding of findings) {
    const { rule, where, found, leadsTo, cure } = finding;
    const key = JSON.stringify([rule, where, found, leadsTo, cure]);
    const before = groups.get(key);
    groups.set(key, before === undefined ? [finding] : [...before, finding]);
  }
  return [...groups.values()];
}

/** Most findings say themselves what they are about, and what would tell. */
function at({ where, found }: ToldFinding): string {
  return where === undefined || found.includes(where) ? '' : `${where}: `;
}

function needs({ needs: what, found }: KeptFinding): string {
  return what === undefined || found.includes(what) ? '' : ` Needs: ${what}.`;
}

function sentence(text: string): string {
  const trimmed = text.replace(/\.$/, '');
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}.`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
