import { composeIntervention } from './composeIntervention.ts';
import type { CallOff, Hold } from './intervention.ts';
import type { Journal } from './journal.ts';
import { PortError } from './ports.ts';
import type { Ports } from './ports.ts';
import { withUntold } from './telling.ts';

/** What persons ordered of one connector and is in force until it is ended. */
export interface Orders {
  readonly hold?: Hold;
  readonly calledOff?: CallOff;
}

/** As `Journals`: one object for each connector, by name, written only by compare and swap. */
export interface StandingOrders {
  /** @throws PortError; what cannot be understood is given as a fault, never as no order. */
  read(
    connector: string,
  ): Promise<
    | { readonly kind: 'read'; readonly orders: Orders; readonly tag: string | undefined }
    | { readonly kind: 'broken'; readonly reason: string; readonly tag: string }
  >;
  write(connector: string, orders: Orders, tag: string | undefined): Promise<{ readonly kind: 'written' | 'lost' }>;
}

/** A journal to go on with, and the tag of the version that was read. */
export interface ReadJournal {
  readonly journal: Journal;
  readonly tag: string | undefined;
  /** There was none, or none that could be understood. */
  readonly isNew: boolean;
}

/** Somebody else may write at the same moment; that two do so ten times is no chance. */
const mostTries = 10;

/**
 * The journal of a connector. One that is gone or cannot be understood is begun anew, with the orders that are kept beside it: each is written
 * there before it is written into the journal. Where those cannot be understood either it is held, for somebody may have meant it.
 * Reads only. @throws PortError
 */
export async function readJournal(ports: Ports, connector: string): Promise<ReadJournal> {
  const stored = await ports.journals.read(connector);
  if ('kind' in stored) ports.recorder.note('journal.broken', { connector, reason: stored.reason });
  else if (stored.journal !== undefined) return { ...stored, journal: stored.journal, isNew: false };
  const kept = await ports.standingOrders.read(connector);
  const blank: Journal = { schema: 1, connector, history: [] };
  const { tag } = stored;
  if (kept.kind === 'read') return { journal: { ...blank, ...kept.orders }, tag, isNew: true };
  ports.recorder.note('orders.broken', { connector, reason: kept.reason });
  const lost = 'kind' in stored ? 'its journal could not be understood' : 'its journal is gone';
  const at = ports.clock.now();
  const hold = { at, who: 'nobody knows who', why: `${lost}, and what had been ordered could not be understood` };
  const done = 'It counts as held until somebody releases it, for somebody may have held it or called it off.';
  const news = composeIntervention({ connector, do: 'hold', who: hold.who, why: hold.why }, done, at, ports);
  return { journal: { ...blank, hold, untold: withUntold(undefined, at, news) }, tag, isNew: true };
}

/** Keeps beside the journal what it is to say of orders, so that none is lost with it. @throws PortError */
export async function keepOrders({ hold, calledOff }: Journal, ports: Ports, connector: string): Promise<void> {
  const wanted = { ...(hold === undefined ? {} : { hold }), ...(calledOff === undefined ? {} : { calledOff }) };
  await change(ports, connector, (orders) =>
    orders !== undefined && isSame(orders.hold, hold) && isSame(orders.calledOff, calledOff) ? undefined : wanted,
  );
}

/** A call-off is over; one that was ordered since is another. @throws PortError */
export async function forgetCallOff(over: CallOff, ports: Ports, connector: string): Promise<void> {
  await change(ports, connector, (orders) => {
    if (orders === undefined || !isSame(orders.calledOff, over)) return undefined;
    const { calledOff: _over, ...rest } = orders;
    return rest;
  });
}

async function change(
  { standingOrders }: Ports,
  connector: string,
  wanted: (orders: Orders | undefined) => Orders | undefined,
): Promise<void> {
  for (let tries = 1; tries <= mostTries; tries += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each try reads what the one before lost against
    const stored = await standingOrders.read(connector);
    const after = wanted(stored.kind === 'read' ? stored.orders : undefined);
    if (after === undefined) return;
    // oxlint-disable-next-line no-await-in-loop -- as above
    const answer = await standingOrders.write(connector, after, stored.tag);
    if (answer.kind === 'written') return;
  }
  throw new PortError('unavailable', `what is ordered of ${connector} was written by somebody else each time`);
}

/** An order is the one that this person gave at this moment. */
function isSame(one: Hold | undefined, other: Hold | undefined): boolean {
  return one?.at === other?.at && one?.who === other?.who;
}
