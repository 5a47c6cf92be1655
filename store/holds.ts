import * as v from 'valibot';
import type { Held, Hold } from '../recovery/intervention.ts';
import { PortError } from '../recovery/ports.ts';
import type { Holds } from '../recovery/ports.ts';
import { keys } from '../settings/environment.ts';
import type { Objects } from './objects.ts';

const instant = v.pipe(v.string(), v.isoTimestamp());
const said = { at: instant, who: v.string(), why: v.optional(v.string()) };
const ordered = { did: v.picklist(['hold', 'release']), ...said };
const untold = v.object({ ...ordered, done: v.string() });
const record = v.object({
  schema: v.literal(1),
  hold: v.optional(v.object(said)),
  /** What persons ordered for the whole stack, newest first. */
  interventions: v.array(v.object(ordered)),
  /** What of it others have not heard yet, oldest first: it is written with the order, and told after. */
  untold: v.optional(v.array(untold)),
});
type StackRecord = v.InferOutput<typeof record>;

/** An order on the whole stack of which others have not heard, with what was done. */
export type UntoldOrder = v.InferOutput<typeof untold>;

type Stored =
  | { readonly kind: 'read'; readonly record: StackRecord; readonly tag: string | undefined }
  | { readonly kind: 'broken'; readonly reason: string; readonly tag: string };

/** The port Holds: one object for the whole stack. */
export function s3Holds(objects: Objects): Holds {
  return {
    async onStack() {
      const stored = await readStack(objects);
      return stored.kind === 'broken' ? { on: 'stack', unreadable: stored.reason } : heldOn(stored.record);
    },
  };
}

/** A person's word on the whole stack. */
export interface StackCommand {
  readonly do: 'hold' | 'release';
  readonly who: string;
  readonly why?: string;
}

/** What came of a command on the whole stack; `changed`: people are to hear of it. */
export interface StackIntervened {
  readonly changed: boolean;
  readonly done: string;
}

/** How many commands the object remembers. */
const mostInterventions = 10;
/** Somebody else may write at the same moment; that two do so ten times is no chance. */
const mostTries = 10;

/**
 * Carries out a command on the whole stack by compare and swap; the same command again changes nothing. One that finds the object broken
 * writes it anew (the bucket keeps its old versions).
 * @param nothingIsDeleted whether that is so where its connectors run: then it is no stack either
 * @throws PortError
 */
export async function commandStack(
  objects: Objects,
  command: StackCommand,
  at: string,
  nothingIsDeleted = false,
): Promise<StackIntervened> {
  const word: Hold = { at, who: command.who, ...(command.why === undefined ? {} : { why: command.why }) };
  for (let tries = 1; tries <= mostTries; tries += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each try reads what the one before lost against
    const stored = await readStack(objects);
    const before = stored.kind === 'read' ? stored.record : undefined;
    if (stored.kind === 'read') {
      const already = alreadySo(command, before, nothingIsDeleted);
      if (already !== undefined) return { changed: false, done: already };
    }
    const done = doneBy(command, before, nothingIsDeleted);
    const one = { did: command.do, ...word };
    const after: StackRecord = {
      schema: 1,
      ...(command.do === 'hold' ? { hold: word } : {}),
      interventions: [one, ...(before?.interventions ?? [])].slice(0, mostInterventions),
      untold: [...(before?.untold ?? []), { ...one, done }].slice(-mostInterventions),
    };
    // oxlint-disable-next-line no-await-in-loop -- as above
    const answer = await objects.swap(keys.hold, JSON.stringify(after, undefined, 2), stored.tag);
    if (answer.kind === 'written') return { changed: true, done };
  }
  throw writtenByOthers(objects);
}

function writtenByOthers({ bucket }: Objects): PortError {
  return new PortError('unavailable', `PutObject ${bucket}/${keys.hold}: somebody else wrote it each time`);
}

/** What others have not heard yet, oldest first. @throws PortError */
export async function untoldOrders(objects: Objects): Promise<readonly UntoldOrder[]> {
  const stored = await readStack(objects);
  return stored.kind === 'read' ? (stored.record.untold ?? []) : [];
}

/** Writes down that others have heard of it. @throws PortError */
export async function orderTold(objects: Objects, told: UntoldOrder): Promise<void> {
  for (let tries = 1; tries <= mostTries; tries += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each try reads what the one before lost against
    const stored = await readStack(objects);
    if (stored.kind === 'broken') return;
    const { untold: waits = [], ...rest } = stored.record;
    const left = waits.filter(({ did, at, who }) => did !== told.did || at !== told.at || who !== told.who);
    if (left.length === waits.length) return;
    const after: StackRecord = left.length === 0 ? rest : { ...rest, untold: left };
    // oxlint-disable-next-line no-await-in-loop -- as above
    const answer = await objects.swap(keys.hold, JSON.stringify(after, undefined, 2), stored.tag);
    if (answer.kind === 'written') return;
  }
  throw writtenByOthers(objects);
}

function alreadySo(
  command: StackCommand,
  before: StackRecord | undefined,
  nothingIsDeleted: boolean,
): string | undefined {
  const hold = before?.hold;
  const none = nothingIsDeleted ? 'There is no hold on every connector.' : 'The stack is not held.';
  if (command.do === 'release') return hold === undefined ? none : undefined;
  const whole = nothingIsDeleted ? 'Every connector' : 'The stack';
  return hold === undefined ? undefined : `${whole} is held already: by ${hold.who} since ${hold.at}.`;
}

function doneBy(command: StackCommand, before: StackRecord | undefined, nothingIsDeleted: boolean): string {
  if (command.do === 'hold')
    return nothingIsDeleted
      ? 'Every connector is held: no restart until somebody releases it.'
      : 'Every connector of the stack is held: no restart and no deletion until somebody releases it. What was deleted is created all the same.';
  const hold = before?.hold;
  return hold === undefined
    ? 'Released: what had been there could not be read.'
    : `Released: ${hold.who} had held every connector${nothingIsDeleted ? '' : ' of the stack'} since ${hold.at}.`;
}

function heldOn({ hold }: StackRecord): Held | undefined {
  if (hold === undefined) return undefined;
  const { why, ...rest } = hold;
  return { on: 'stack', ...rest, ...(why === undefined ? {} : { why }) };
}

async function readStack(objects: Objects): Promise<Stored> {
  const found = await objects.read(keys.hold);
  switch (found.kind) {
    case 'missing':
      return { kind: 'read', record: { schema: 1, interventions: [] }, tag: undefined };
    case 'denied':
      throw new PortError('denied', `GetObject ${objects.bucket}/${keys.hold}: access denied`);
    case 'too-large':
      return { kind: 'broken', reason: `${keys.hold} has ${found.bytes} bytes`, tag: found.tag };
    case 'read': {
      const { text, tag } = found;
      try {
        const parsed = v.safeParse(record, JSON.parse(text));
        if (parsed.success) return { kind: 'read', record: parsed.output, tag };
      } catch {
        // Falls through to what is said of both.
      }
      return { kind: 'broken', reason: `${keys.hold} is not what this product writes`, tag };
    }
  }
}
