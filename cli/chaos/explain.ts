import type { History } from './history.ts';
import { judge } from './judge.ts';
import type { BrokenRule } from './rules/observer.ts';
import { shrink } from './shrink.ts';
import { callsInWords, inWords, momentInWords } from './words.ts';
import type { HistoryRecord } from './record.ts';

/** Calls this long before the rule was broken, and after it, are shown. */
const beforeMs = 180_000;
const afterMs = 20_000;
const mostCalls = 60;

/** The smallest history that breaks the same rule. */
export function smallestFor(history: History, rule: string, transport: HistoryRecord['transport']): Promise<History> {
  return shrink(history, async (candidate) => {
    const { broken } = await judge(candidate, transport);
    return broken.some((found) => found.rule === rule);
  });
}

/** A broken rule for people: what it is, the smallest history, the calls around it, what the product said, and how to repeat it. */
export async function explain(
  history: History,
  rule: string,
  transport: HistoryRecord['transport'],
): Promise<readonly string[]> {
  const { record, broken } = await judge(history, transport);
  const found = broken.find((one) => one.rule === rule);
  return [
    `seed ${history.seed}, ${transport}`,
    ...(found === undefined ? [`  ${rule}: not broken by it`] : brokenInWords(record, found)),
    '  The history:',
    ...inWords(history).map((line) => `    ${line}`),
    ...(found === undefined ? [] : aroundIt(record, found)),
    `  Again: npm run chaos -- --seed ${history.seed} --only`,
  ];
}

function brokenInWords(record: HistoryRecord, { rule, connector, atMs, what }: BrokenRule): readonly string[] {
  return [`  broken: ${rule}`, `  ${connector} at${momentInWords(record, atMs)}: ${what}`];
}

function aroundIt(record: HistoryRecord, { atMs, connector }: BrokenRule): readonly string[] {
  const [from, to] = [atMs - beforeMs, atMs + afterMs];
  const said = record.logLines
    .filter((line) => line.atMs >= from && line.atMs <= to && (line.connector ?? connector) === connector)
    .filter(({ event }) => event !== 'look' && event !== 'ended' && event !== 'sweep.done')
    .map((line) => {
      const { reason, outcome } = line.fields;
      return `    ${momentInWords(record, line.atMs)}  invocation ${line.invocation}  ${line.event} ${textOf(outcome)} ${textOf(reason)}`;
    });
  const truth =
    record.connectors[connector]?.truth.map(({ fromMs, is }) => `    ${momentInWords(record, fromMs)}  ${is}`) ?? [];
  return [
    '  The truth:',
    ...truth,
    '  What the product said:',
    ...said,
    '  The calls around it:',
    ...callsInWords(record, from, to)
      .slice(-mostCalls)
      .map((line) => `    ${line}`),
  ];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
