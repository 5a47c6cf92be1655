import type { Message } from '../message.ts';
import { paragraphs, section, subject } from '../messageParts.ts';
import type { Severity } from './finding.ts';
import { everyConnector } from './gathered.ts';
import type { KeptFinding, News } from './record.ts';

const headings: Readonly<Record<Severity, string>> = {
  blocks: 'New: a recovery would fail or be refused',
  harms: 'New: data would be lost, doubled or not seen, or a secret lies open',
  'cannot-tell': 'New: nobody can tell',
  improve: 'New: it works, and you should know of it',
};

/** The e-mail about what the daily check found since the last one: each finding once, with its cure. Without any value of a secret. */
export function composeNews({ fresh, gone }: News, place: string): Message {
  const connectors = new Set(fresh.map(({ connector }) => connector).filter((name) => name !== everyConnector));
  const on = connectors.size === 0 ? '' : ` on ${count(connectors.size, 'connector')}`;
  const news = [
    ...(fresh.length === 0 ? [] : [`${count(fresh.length, 'new finding')}${on}`]),
    ...(gone.length === 0 ? [] : [`${gone.length} gone`]),
  ].join(', ');
  const severities: readonly Severity[] = ['blocks', 'harms', 'cannot-tell', 'improve'];
  return {
    connector: 'readiness',
    subject: subject('readiness', news),
    text: paragraphs([
      `The daily check of the connectors: ${news}. Nothing was touched.`,
      ...severities.map((severity) => section(headings[severity], lines(fresh, severity))),
      section(
        'Gone since you were told',
        together(gone).map(({ names, one }) => `${names}: ${at(one)}${one.found}`),
      ),
      section('Where', [
        `Everything that was found, and since when: ${place}`,
        'The same by hand, with your own rights, which see more: npm run check',
      ]),
    ]),
  };
}

function lines(findings: readonly KeptFinding[], severity: Severity): string[] {
  return together(findings.filter((finding) => finding.severity === severity)).map(
    ({ names, one }) => `${names}: ${at(one)}${one.found}. ${sentence(one.leadsTo)}${needs(one)} Do: ${one.cure}`,
  );
}

/** What is said of several connectors in the same words is said once. */
function together(findings: readonly KeptFinding[]): { readonly names: string; readonly one: KeptFinding }[] {
  const groups = new Map<string, KeptFinding[]>();
  for (const finding of findings) {
    const { rule, where, found, leadsTo, cure } = finding;
    const key = JSON.stringify([rule, where, found, leadsTo, cure]);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()].flatMap((group) => {
    const [one] = group;
    return one === undefined ? [] : [{ names: group.map(({ connector }) => connector).join(', '), one }];
  });
}

/** Most findings say themselves what they are about, and what would tell. */
function at({ where, found }: KeptFinding): string {
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
