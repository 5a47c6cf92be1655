import { composeIntervention } from './composeIntervention.ts';
import type { Sighting } from './connector.ts';
import type { Command } from './intervention.ts';
import { accept } from './accept.ts';
import type { Accepted } from './accept.ts';
import { intervene } from './intervention.ts';
import type { Journal } from './journal.ts';
import { HeldJournal, LeaseLost } from './lease.ts';
import type { Outcome } from './outcome.ts';
import type { Policy } from './policy.ts';
import { PortError } from './ports.ts';
import type { Ports } from './ports.ts';
import { recover } from './recover.ts';
import { keepOrders, readJournal } from './standingOrders.ts';
import { Telling, Unheard, withUntold } from './telling.ts';
import type { Instant } from './time.ts';
import { plusSeconds } from './time.ts';
import { isFinal } from './trouble.ts';

/** What came of a person's command. */
export interface Obeyed {
  /** In a sentence or two, for whoever asked. */
  readonly done: string;
  /** Of a call-off: how the recovery ended, if it could end at once; else the sweep sees to it. */
  readonly outcome?: Outcome;
  /** A look should follow at once, and why: there is something to go on with. */
  readonly lookNext?: string;
}

const betweenTriesSeconds = 1;
/** A call-off is answered within this; what takes longer the sweep ends. */
const endsWithinSeconds = 60;

/**
 * Carries out a person's command on one connector. It is written into the journal at once, by compare and swap, whoever holds the lease: a
 * person's word must not be lost and cannot wait. Its holder thereby holds nothing any more, as if he had died: he cannot write, who cannot write
 * begins no act, and what he has begun is settled by the next look from what is seen.
 *
 * The same command again changes nothing. What others are to hear is written with it, and told after.
 * @throws PortError when the journal could not be read or written before `budget.until`; then nothing was ordered, but what was accepted is stored
 */
export async function obey(
  command: Command,
  policy: Policy,
  ports: Ports,
  budget: { readonly until: Instant; readonly holder: string },
): Promise<Obeyed> {
  const accepted = command.do === 'accept' ? await accept(command, policy, ports, budget) : undefined;
  if (accepted !== undefined && accepted.config === undefined) {
    ports.recorder.note('ordered', { connector: policy.connector, command, done: accepted.done, changed: false });
    return { done: accepted.done };
  }
  const sighting = command.do === 'approve' ? await ports.connectors.find(policy.connector) : undefined;
  const ordered = await write(command, accepted, sighting, policy, ports, budget);
  const { after, done } = ordered;
  if (after === undefined) return { done };
  try {
    return { done, ...(await follow(command, after, policy, ports, budget)) };
  } catch (error) {
    if (!(error instanceof PortError) && !(error instanceof Unheard)) throw error;
    ports.recorder.note('left-to-the-sweep', { connector: policy.connector, reason: error.message });
    return { done, lookNext: `${command.who} ordered ${command.do}` };
  }
}

/** Writes the order, as often as it needs; without `after` there was nothing to change. @throws PortError */
async function write(
  command: Command,
  accepted: Accepted | undefined,
  sighting: Sighting | undefined,
  policy: Policy,
  ports: Ports,
  budget: { readonly until: Instant },
): Promise<{ readonly done: string; readonly after?: Journal }> {
  for (let tries = 1; ; tries += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- each try reads what the one before lost against
      const { journal, tag, isNew } = await readJournal(ports, policy.connector);
      const before = isNew ? withoutTheSame(command, journal) : journal;
      const at = ports.clock.now();
      const intervened = intervene(command, before, sighting, at, accepted?.config, ports.directions.nothingIsDeleted);
      const after = intervened.journal;
      const done = accepted?.done ?? intervened.done;
      ports.recorder.note('ordered', { connector: policy.connector, command, done, changed: after !== undefined });
      // Beside the journal first: what is in force must not be lost with it.
      // oxlint-disable-next-line no-await-in-loop -- as above
      await keepOrders(after ?? before, ports, policy.connector);
      if (after === undefined) return { done };
      const { lease: _lease, ...free } = after;
      // Of a call-off people hear how the recovery ended.
      const news = command.do === 'call-off' ? undefined : composeIntervention(command, done, at, ports);
      const untold = news === undefined ? free : { ...free, untold: withUntold(free.untold, at, news) };
      // oxlint-disable-next-line no-await-in-loop -- as above
      const answer = await ports.journals.write(policy.connector, untold, tag);
      if (answer.kind === 'written') return { done, after };
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      if (isFinal(error, tries)) throw unwritten(error.code, error.message, accepted, error);
      ports.recorder.note('port.error', { connector: policy.connector, code: error.code, reason: error.message });
    }
    if (plusSeconds(ports.clock.now(), betweenTriesSeconds) >= budget.until)
      throw unwritten('unavailable', `The journal of ${policy.connector} could not be written`, accepted);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await ports.clock.sleep(betweenTriesSeconds);
  }
}

/** What an order that could not be journalled left behind: an acceptance has stored the saved config by then. */
function unwritten(code: PortError['code'], why: string, accepted: Accepted | undefined, cause?: PortError): PortError {
  const left =
    accepted === undefined
      ? 'nothing was ordered.'
      : `it is not written who accepted, and nobody else was told; order it again. ${accepted.done}`;
  return new PortError(code, `${why}: ${left}`, { cause });
}

/** What is kept beside a journal that is not there yet may be this order, of a try that came no further: others have not heard of it. */
function withoutTheSame(command: Command, journal: Journal): Journal {
  const { hold, calledOff, ...rest } = journal;
  return {
    ...rest,
    ...(hold === undefined || command.do === 'hold' ? {} : { hold }),
    ...(calledOff === undefined || command.do === 'call-off' ? {} : { calledOff }),
  };
}

/** Tells others, and ends what was called off. What fails here the next look does: the order itself is written. */
async function follow(
  command: Command,
  after: Journal,
  policy: Policy,
  ports: Ports,
  budget: { readonly until: Instant; readonly holder: string },
): Promise<Omit<Obeyed, 'done'>> {
  if (command.do === 'call-off') return callOff(command, policy, ports, budget);
  await tellOthers(policy, ports, budget.holder);
  const why: Readonly<Record<typeof command.do, string>> = {
    approve: `${command.who} approved its deletion`,
    hold: `${command.who} held it while a recovery was under way`,
    release: `${command.who} released it`,
    accept: `${command.who} accepted its live configuration`,
  };
  const goesOn =
    command.do === 'approve' ||
    after.recovery !== undefined ||
    (command.do === 'release' && after.standing !== undefined);
  return goesOn ? { lookNext: why[command.do] } : {};
}

async function callOff(
  { who }: Command,
  policy: Policy,
  ports: Ports,
  budget: { readonly until: Instant; readonly holder: string },
): Promise<Omit<Obeyed, 'done'>> {
  const soon = plusSeconds(ports.clock.now(), endsWithinSeconds);
  const until = soon < budget.until ? soon : budget.until;
  const trigger = { kind: 'sweep', connector: policy.connector, why: `${who} called it off` } as const;
  const ended = await recover(trigger, policy, ports, { until, holder: budget.holder });
  if (ended.kind === 'finished') return { outcome: ended.outcome };
  return { lookNext: trigger.why };
}

async function tellOthers(policy: Policy, ports: Ports, holder: string): Promise<void> {
  try {
    const held = await HeldJournal.take(ports, policy.connector, holder);
    // Whoever was faster tells them.
    if (!(held instanceof HeldJournal)) return;
    await new Telling(ports, policy.connector).catchUp(held);
    await held.release(held.journal);
  } catch (error) {
    if (!(error instanceof PortError) && !(error instanceof LeaseLost)) throw error;
    ports.recorder.note('left-to-the-sweep', { connector: policy.connector, reason: error.message });
  }
}
