import { yourName } from '../recovery/intervention.ts';
import type { Command } from '../recovery/intervention.ts';
import { cleanReason, cleanText } from '../tell/cleanText.ts';
import { keysOf } from '../tell/faults.ts';
import type { StackCommand } from './holds.ts';

/** The connectors that there are to order. */
export interface Configured {
  readonly connectors: readonly { readonly name: string }[];
  /** What may be ordered there; absent: everything. */
  readonly deeds?: readonly Command['do'][];
}

/** What a person orders, or every fault of it and what was expected. */
export type Ordered =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'stack-command'; readonly command: StackCommand }
  | { readonly kind: 'rejected'; readonly faults: readonly string[] };

const deeds: readonly Command['do'][] = ['accept', 'approve', 'call-off', 'hold', 'release'];
const mostName = 80;
const mostWhy = 300;
/** An ARN of a connector takes 220 at most: 128 are its name's. */
const mostArn = 400;

/** Reads `{ "connector": ..., "do": ..., "who": ... }`; without a connector it is on the whole stack. Pure; never throws. */
export function readCommand(event: Readonly<Record<string, unknown>>, settings: Configured): Ordered {
  const { connector: name, do: deed, who, why, arn, version, ...rest } = event;
  const { deeds: taken = deeds } = settings;
  const known = taken.find((one) => one === deed);
  // They say what is approved, and mean nothing where nothing is.
  const approves = taken.includes('approve');
  const others = approves
    ? rest
    : { ...rest, ...(arn !== undefined && { arn }), ...(version !== undefined && { version }) };
  const isOnStack = name === undefined;
  const unknown = Object.keys(others);
  const faults = [
    ...(isOnStack ? [] : connectorFaults(name, settings)),
    ...(known === undefined ? [`do: ${shownValue(deed)}; expected ${taken.slice(0, -1).join(', ')} or release`] : []),
    ...(isOnStack && (known === 'accept' || known === 'approve' || known === 'call-off')
      ? [`connector: nothing; expected the one to ${known}, for only hold and release are on the whole stack`]
      : []),
    ...whoFaults(who),
    ...textFaults('why', why, mostWhy),
    ...(known === undefined || known === 'approve' || !approves
      ? [...textFaults('arn', arn, mostArn), ...textFaults('version', version, mostName)]
      : Object.entries({ arn, version }).flatMap(([key, value]) =>
          value === undefined ? [] : [`${key}: ${shownValue(value)}; expected nothing but with approve`],
        )),
    ...(unknown.length === 0
      ? []
      : [`unknown${keysOf(others)}; expected connector, do, who, why${approves ? ', arn, version' : ''}`]),
  ];
  if (faults.length > 0 || known === undefined || typeof who !== 'string') return { kind: 'rejected', faults };
  const word = { who: cleanText(who, mostName), ...optional('why', why, mostWhy) };
  if (typeof name === 'string') {
    return {
      kind: 'command',
      command: {
        connector: name,
        do: known,
        ...word,
        ...optional('arn', arn, mostArn),
        ...optional('version', version, mostName),
      },
    };
  }
  return { kind: 'stack-command', command: { do: known === 'hold' ? 'hold' : 'release', ...word } };
}

/** Of a name that is no configured connector's. */
export function connectorFaults(name: unknown, { connectors }: Configured): string[] {
  if (connectors.some((one) => one.name === name)) return [];
  const names = connectors.map((one) => one.name);
  const shown = names.length > 20 ? `${names.slice(0, 20).join(', ')} and ${names.length - 20} more` : names.join(', ');
  return [`connector: ${shownValue(name)} is not configured; expected one of ${shown}`];
}

/** Who orders is journalled and told, so it cannot be left out. */
function whoFaults(who: unknown): string[] {
  const isName = typeof who === 'string' && cleanText(who, mostName) !== '' && who.trim() !== yourName;
  return isName ? textFaults('who', who, mostName) : [`who: ${shownValue(who)}; expected who you are`];
}

function textFaults(field: string, value: unknown, most: number): string[] {
  if (value === undefined) return [];
  if (typeof value !== 'string') return [`${field}: ${shownValue(value)}; expected a text`];
  return value.length > most ? [`${field}: ${value.length} characters; expected ${most} at most`] : [];
}

function optional<K extends string>(field: K, value: unknown, most: number): { readonly [P in K]?: string } {
  // A reason may repeat what a service said.
  const clean = typeof value === 'string' ? cleanText(cleanReason(value), most) : '';
  return clean === '' ? {} : ({ [field]: clean } as { readonly [P in K]?: string });
}

/** A value in a fault: a text as it is, cleaned; of anything else what it is. */
export function shownValue(value: unknown): string {
  return value === undefined ? 'nothing' : `"${cleanText(typeof value === 'string' ? value : typeof value, 80)}"`;
}
