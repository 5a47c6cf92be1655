import type { HistoryRecord } from '../record.ts';
import type { BrokenRule } from './casebook.ts';

const rule = "10: no secret of a connector's config is logged or sent";

/** Calls of the product that carry something out of the account's own stores: messages, metrics, and events for itself. */
const outgoing = ['Publish', 'PutMetricData', 'Invoke'];

/** No planted secret stands in a message, a log line, a metric, an event that the function sends, an answer or an error of it. */
export function secretsKept({ secrets, messages, logLines, calls, invocations }: HistoryRecord): readonly BrokenRule[] {
  if (secrets === undefined || secrets.length === 0) return [];
  const found: BrokenRule[] = [];
  const search = (text: string, atMs: number, connector: string, where: string) => {
    if (secrets.some((secret) => text.includes(secret)))
      found.push({ rule, connector, atMs, what: `a secret in ${where}` });
  };
  for (const { atMs, subject, text } of messages) search(`${subject}\n${text}`, atMs, '', `the message "${subject}"`);
  for (const line of logLines)
    search(JSON.stringify(line.fields), line.atMs, line.connector ?? '', `the log line ${line.event}`);
  for (const call of calls) {
    if (call.by !== 'product' || !outgoing.includes(call.operation)) continue;
    search(textIn(call.input), call.atMs, '', `${call.operation} (call ${call.index})`);
  }
  for (const { id, endMs = 0, error = '', answer = '' } of invocations)
    search(`${error}\n${answer}`, endMs, '', `what invocation ${id} answered`);
  return found;
}

/** All texts in a value, bytes read as text. */
function textIn(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([name, inner]) => `${name} ${textIn(inner)}`)
    .join('\n');
}
