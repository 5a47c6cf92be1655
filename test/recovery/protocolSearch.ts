import { recover } from '../../recovery/recover.ts';
import type { Policy } from '../../recovery/policy.ts';
import { planSweep } from '../../lambda/sweepPlan.ts';
import { alarm, at, name, sweep } from './examples.ts';
import { lost, Memory, ProtocolWorld } from './protocolWorld.ts';
import type { SharedCall } from './protocolWorld.ts';

/** How many of each may happen in one history; what happens when is the scheduler's choice. */
export interface Bounds {
  /** Processes that die, at any of their calls. */
  readonly crashes: number;
  /** Requests and answers of calls that change something, that are lost. */
  readonly losses: number;
  /** Reads that are not answered. */
  readonly unread: number;
  /** Moments at which everybody stands still until every lease has ended. */
  readonly pauses: number;
}

export interface Search {
  readonly policy: Policy;
  readonly cure: 'restart' | 'recreation';
  readonly bounds: Bounds;
  /** The second invocation begins at any moment, or only once the first has stood still: before that it would find the lease held. */
  readonly secondBegins: 'at any moment' | 'after a pause';
  /** How long an invocation lives; who comes next continues from the journal. */
  readonly budgetSeconds: number;
}

/** What was covered, and the first history that broke a property. */
export interface Found {
  readonly histories: number;
  readonly states: number;
  readonly steps: number;
  readonly ends: number;
  readonly broken: { readonly what: string; readonly choices: readonly string[] } | undefined;
}

/** Longer than a lease (90 s) and the difference of two clocks (10 s). */
const pauseSeconds = 120;
const names = ['A', 'B'] as const;

/** What was sent after the journal was written: it arrives, or never does, before the lease can end (the client gives up after 10 s). */
const mustArrive: readonly SharedCall[] = ['restart', 'delete', 'create', 'writeBackup'];

const changes: readonly SharedCall[] = ['writeJournal', ...mustArrive];

/** One action of the scheduler. */
interface Choice {
  readonly label: string;
  readonly spends: keyof Bounds | undefined;
  readonly run: (execution: Execution) => void;
}

/** One history as it is played: the real loop of each invocation, stopped at each of its calls. */
class Execution {
  readonly world: ProtocolWorld;
  readonly left: { -readonly [Kind in keyof Bounds]: Bounds[Kind] };
  readonly choices: string[] = [];
  readonly #policy: Policy;
  /** Of those under way. */
  readonly #remembered = new Map<string, Memory>();
  readonly #waiting: Set<string>;
  readonly #mayBegin: () => boolean;
  readonly #budgetSeconds: number;

  constructor({ policy, cure, bounds, secondBegins, budgetSeconds }: Search) {
    this.#budgetSeconds = budgetSeconds;
    this.world = new ProtocolWorld(cure);
    this.#policy = policy;
    this.left = { ...bounds };
    this.#waiting = new Set(names);
    this.#mayBegin = () => secondBegins === 'at any moment' || this.left.pauses < bounds.pauses;
  }

  /** Everything that may happen now. Nothing: both invocations have ended. */
  possible(): readonly Choice[] {
    const { world } = this;
    const choices: Choice[] = [];
    const can = (label: string, run: Choice['run'], spends?: keyof Bounds) => {
      if (spends === undefined || this.left[spends] > 0) choices.push({ label, spends, run });
    };
    for (const who of this.#waiting) {
      // Both are alike until one has begun.
      if (who === 'A' || (!this.#waiting.has('A') && this.#mayBegin())) can(`${who} begins`, () => this.#begin(who));
    }
    let nextSeconds = Infinity;
    let acting = false;
    for (const [who, gate] of world.gates) {
      const { call, untilSeconds } = gate;
      if (untilSeconds !== undefined && untilSeconds > world.seconds) {
        nextSeconds = Math.min(nextSeconds, untilSeconds);
        can(`${who} dies asleep`, () => this.#die(who), 'crashes');
        continue;
      }
      acting ||= mustArrive.includes(call);
      can(`${who} ${call}`, () => this.#answer(who));
      if (call === 'sleep') continue;
      can(`${who} dies before ${call}`, () => this.#die(who), 'crashes');
      // Of what changes nothing a lost answer is a lost request; and to die after a call is to die before the next.
      if (changes.includes(call)) {
        can(`${who} loses the request ${call}`, () => this.#lose(who), 'losses');
        can(`${who} loses the answer to ${call}`, () => this.#lose(who, 'done'), 'losses');
      } else {
        can(`${who} is not answered: ${call}`, () => this.#lose(who), 'unread');
      }
    }
    // Calls take no time of their own, so that it passes only while all who have begun sleep ...
    const allAsleep = world.gates.size > 0 && [...world.gates.values()].every(isAsleep(world.seconds));
    if (allAsleep) can(`until ${nextSeconds}`, () => this.#pass(nextSeconds - world.seconds));
    // ... or where somebody stands still.
    if (!acting && world.gates.size > 0) can('a long pause', () => this.#pass(pauseSeconds), 'pauses');
    return choices;
  }

  /** Plays one action until everybody stands still again. */
  async play(choice: Choice): Promise<void> {
    this.choices.push(choice.label);
    if (choice.spends !== undefined) this.left[choice.spends] -= 1;
    choice.run(this);
    await quiet();
  }

  /** The third invocation: the sweep hands the connector over each minute until nothing is left to do. */
  async finish(): Promise<string | undefined> {
    const { world } = this;
    for (let minute = 1; minute <= 40; minute += 1) {
      this.#pass(60);
      const { live } = world;
      const plan = planSweep(
        [
          {
            connector: name,
            journal: { kind: 'read', journal: world.journal },
            alarms: [],
            compared: { state: live?.state, savedConfig: 'there' },
          },
        ],
        at(world.seconds),
      );
      if (plan.length > 0) {
        const who = `S${minute}`;
        void this.#recover(who, new Memory(world.seconds));
        // oxlint-disable-next-line no-await-in-loop -- one call after the other
        await quiet();
        for (let gate = world.gates.get(who); gate !== undefined; gate = world.gates.get(who)) {
          if (gate.untilSeconds !== undefined) this.#pass(Math.max(0, gate.untilSeconds - world.seconds));
          this.#answer(who);
          // oxlint-disable-next-line no-await-in-loop -- one call after the other
          await quiet();
        }
      } else if (live?.state === 'RUNNING' && world.journal?.recovery === undefined) {
        break;
      }
    }
    return this.#wrongAtTheEnd();
  }

  key(): string {
    const remembered = names.map(
      (who) => this.#remembered.get(who)?.heard ?? (this.#waiting.has(who) ? 'waiting' : 'over'),
    );
    return `${this.world.state()}|${remembered.join('|')}|${Object.values(this.left).join(',')}`;
  }

  #wrongAtTheEnd(): string | undefined {
    const { live, journal, backups, deletions, creations } = this.world;
    if (live?.state !== 'RUNNING') return `in the end it is ${live?.state ?? 'gone'}`;
    if (journal?.recovery !== undefined) return 'in the end its recovery is not finished';
    if (backups.some(({ closed }) => closed === undefined)) return 'in the end a backup still promises to recreate it';
    return deletions === creations ? undefined : `${deletions} deletions and ${creations} creations`;
  }

  #begin(who: string): void {
    this.#waiting.delete(who);
    const memory = new Memory(this.world.seconds);
    this.#remembered.set(who, memory);
    void this.#recover(who, memory).then(() => this.#remembered.delete(who));
  }

  async #recover(who: string, memory: Memory): Promise<void> {
    const { world } = this;
    const ports = world.portsOf(who, memory);
    const until = at(world.seconds + this.#budgetSeconds);
    const trigger = who.startsWith('S') ? sweep : alarm;
    try {
      await recover(trigger, this.#policy, ports, { until, holder: who });
    } catch (error) {
      // What a port refused stands while nothing is begun: the invocation fails and is tried again.
      if (!(error instanceof Error)) throw error;
    }
  }

  #answer(who: string): void {
    const gate = this.world.gates.get(who);
    this.world.gates.delete(who);
    gate?.answer(gate.carryOut());
  }

  #lose(who: string, done?: 'done'): void {
    const gate = this.world.gates.get(who);
    if (done !== undefined) gate?.carryOut();
    this.world.gates.delete(who);
    gate?.refuse(lost());
  }

  #die(who: string): void {
    this.world.gates.delete(who);
    this.#remembered.delete(who);
  }

  #pass(seconds: number): void {
    this.world.seconds += seconds;
    this.world.settle();
  }
}

function isAsleep(seconds: number): (gate: { readonly untilSeconds?: number }) => boolean {
  return ({ untilSeconds }) => untilSeconds !== undefined && untilSeconds > seconds;
}

/** Lets every promise run that can. Nothing here waits for the machine's own time. */
function quiet(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/**
 * Plays every history within the bounds: from each state that was not met before, every action of the scheduler. A process cannot be copied, so
 * a state is reached again by playing its choices from the beginning; a state that was met before is not gone on from, for what follows is the
 * same.
 */
export async function search(what: Search): Promise<Found> {
  const seen = new Set<string>();
  const ended = new Set<string>();
  const stack: (readonly number[])[] = [[]];
  let [histories, steps, ends] = [0, 0, 0];
  for (;;) {
    const prefix = stack.pop();
    if (prefix === undefined) return { histories, states: seen.size, steps, ends, broken: undefined };
    histories += 1;
    const execution = new Execution(what);
    const path: number[] = [];
    const stop = (reason: string): Found => ({
      histories,
      states: seen.size,
      steps,
      ends,
      broken: { what: reason, choices: execution.choices },
    });
    for (;;) {
      const choices = execution.possible();
      const planned = prefix[path.length];
      if (planned === undefined) {
        const key = execution.key();
        if (seen.has(key)) break;
        seen.add(key);
        for (let other = 1; other < choices.length; other += 1) stack.push([...path, other]);
      }
      const index = planned ?? 0;
      const choice = choices[index];
      if (choice === undefined) {
        const end = execution.world.state();
        if (ended.has(end)) break;
        ended.add(end);
        ends += 1;
        // oxlint-disable-next-line no-await-in-loop -- one history after the other
        const wrong = (await execution.finish()) ?? execution.world.faults[0];
        if (wrong !== undefined) return stop(wrong);
        break;
      }
      path.push(index);
      steps += 1;
      // oxlint-disable-next-line no-await-in-loop -- one action after the other
      await execution.play(choice);
      const [fault] = execution.world.faults;
      if (fault !== undefined) return stop(fault);
    }
  }
}
