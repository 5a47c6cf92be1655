import type { Answer } from '../../recovery/readiness/answers.ts';
import type { Finding, Severity } from '../../recovery/readiness/finding.ts';
import type { Judgement } from '../../recovery/readiness/judge.ts';

const words: Readonly<Record<Severity, string>> = {
  blocks: 'BLOCKS',
  harms: 'HARMS',
  improve: 'IMPROVE',
  'cannot-tell': 'CANNOT TELL',
};

const severityWidth = 11;
const gap = '  ';

/** A judgement, and the file that it is about, if it is about one. */
export type Shown = Judgement & { readonly file?: string };

/**
 * Judgements for people, readable without colour: the two answers at the head of each, then a row for each finding.
 * @param columns the width of the screen; between 80 and 120 are used
 */
export function tableOf(judged: readonly Shown[], columns: number): string {
  const width = Math.min(120, Math.max(80, columns));
  return [...judged.map((one) => sectionOf(one, width)), summaryOf(judged)].join('\n\n');
}

function sectionOf(one: Shown, width: number): string {
  const platform = one.platform === 'msk-connect' ? 'MSK Connect' : 'self-managed Connect';
  const file = one.file === undefined ? '' : `, ${one.file}`;
  return [
    `${one.ready ? 'READY      ' : 'NOT READY  '}${`${one.name} (${platform}${file})`.replaceAll(/\p{Cc}/gu, ' ')}`,
    ...answerLines('would a restart help it?', one.restart, 'yes', width),
    ...answerLines('could it be deleted and recreated?', one.recreation, 'yes, and nothing would be lost', width),
    ...(one.findings.length === 0 ? [] : ['', ...findingLines(one.findings, width)]),
  ].join('\n');
}

function answerLines(question: string, { kind, because }: Answer, yes: string, width: number): string[] {
  const begin = { yes, 'at-a-price': 'yes, but ', no: 'no: ', 'cannot-tell': 'cannot tell: ' }[kind];
  const text = kind === 'yes' ? begin : begin + [...new Set(because)].join('; ');
  const head = `  ${question.padEnd(36)}`;
  return wrapped(text, width - head.length).map((line, index) => (index === 0 ? head : ' '.repeat(head.length)) + line);
}

function findingLines(findings: readonly Finding[], width: number): string[] {
  const rest = width - severityWidth - 2 - 2 * gap.length;
  const [reasonWidth, cureWidth] = [Math.ceil(rest * 0.58), Math.floor(rest * 0.42)];
  const row = (severity: string, reason: string, cure: string): string[] => {
    const [reasons, cures] = [wrapped(reason, reasonWidth), wrapped(cure, cureWidth)];
    return Array.from({ length: Math.max(reasons.length, cures.length) }, (_, index) =>
      [
        `  ${(index === 0 ? severity : '').padEnd(severityWidth)}`,
        (reasons[index] ?? '').padEnd(reasonWidth),
        cures[index] ?? '',
      ]
        .join(gap)
        .trimEnd(),
    );
  };
  const line = (length: number) => '-'.repeat(length);
  return [
    ...row('SEVERITY', 'WHAT, AND WHAT IT LEADS TO', 'CURE'),
    ...row(line(severityWidth), line(reasonWidth), line(cureWidth)),
    ...findings
      .filter(({ severity }) => severity !== 'cannot-tell')
      .flatMap((one) => row(words[one.severity], `${one.found}. Leads to: ${one.leadsTo}. [${one.rule}]`, one.cure)),
    ...openLines(findings, row),
  ];
}

/** What is missing, once for each, with all that depends on it. */
function openLines(
  findings: readonly Finding[],
  row: (severity: string, reason: string, cure: string) => string[],
): string[] {
  const open = findings.filter(({ severity }) => severity === 'cannot-tell');
  const needs = [...new Set(open.map((one) => one.needs ?? ''))];
  return needs.flatMap((need) => {
    const about = open.filter((one) => (one.needs ?? '') === need);
    const what = about.map(({ found }) => found.replace(/^cannot tell /, '').replace(`: needs ${need}`, ''));
    const rules = [...new Set(about.map(({ rule }) => rule))].join(', ');
    return row(
      words['cannot-tell'],
      `needs ${need}: ${[...new Set(what)].join('; ')}. [${rules}]`,
      about[0]?.cure ?? '',
    );
  });
}

function summaryOf(judged: readonly Shown[]): string {
  const ready = judged.filter((one) => one.ready).length;
  return ready === judged.length
    ? `${ready === 1 ? 'It is' : `All ${ready} are`} ready.`
    : `${ready} of ${judged.length} ready.`;
}

/** Breaks at blanks; what is longer than a line is cut into lines. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  // Escape sequences of a terminal are never passed on.
  for (const word of text.split(/[\s\p{Cc}]+/u).flatMap((one) => cut(one, width))) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, line];
}

function cut(word: string, width: number): string[] {
  return word.match(new RegExp(`.{1,${width}}`, 'gu')) ?? [];
}
