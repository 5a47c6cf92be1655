import type { AwsError } from '../../local/aws/awsError.ts';
import type { LocalService } from '../../local/aws/service.ts';
import { concerns, isCallFault, refusedBy } from './callFaults.ts';
import type { Befall, CallFault, History, Outage } from './history.ts';

interface Armed {
  readonly fault: CallFault;
  skip: number;
  times: number;
}

interface Lasting {
  readonly outage: Outage;
  readonly untilMs: number;
}

export interface HostilityOptions {
  readonly history: History;
  readonly startMs: number;
  readonly now: () => number;
  /** Runs it at that moment. */
  readonly at: (whenMs: number, callback: () => void) => void;
  /** Takes what befalls now and is neither a fault of a call nor an outage. */
  readonly happen: (befall: Befall) => void;
  readonly hit: (kind: string) => void;
}

/**
 * What is wrong at the moment: which faults wait for a call, and what lasts. It begins each thing that befalls at its time, or when the product
 * made the call that it waits for; once it is calm nothing begins any more and nothing lasts.
 */
export class Hostility {
  readonly #options: HostilityOptions;
  readonly #waiting: Befall[];
  readonly #made = new Map<string, number>();
  #armed: Armed[] = [];
  #lasting: Lasting[] = [];
  #open: number;
  #isCalm = false;

  constructor(options: HostilityOptions) {
    this.#options = options;
    const { befalls } = options.history;
    this.#waiting = befalls.filter((befall) => 'when' in befall && 'after' in befall.when);
    this.#open = befalls.length;
    for (const befall of befalls) {
      if (!('when' in befall)) continue;
      const { when } = befall;
      if ('atSeconds' in when) options.at(options.startMs + when.atSeconds * 1000, () => this.#begin(befall));
    }
  }

  get isCalm(): boolean {
    return this.#isCalm;
  }

  /** Whether nothing is left that could befall. */
  get isSpent(): boolean {
    return this.#open <= 0;
  }

  becomeCalm(): void {
    this.#isCalm = true;
    this.#armed = [];
    this.#lasting = [];
  }

  /** One thing that befell is over. */
  over(): void {
    this.#open -= 1;
  }

  /** The product makes such a call: what waits for it begins so long afterwards. */
  made(operation: string): void {
    const nth = (this.#made.get(operation) ?? 0) + 1;
    this.#made.set(operation, nth);
    for (const befall of this.#waiting) {
      if (!('when' in befall) || !('after' in befall.when)) continue;
      const { when } = befall;
      if (when.after !== operation || when.nth !== nth) continue;
      if (when.seconds === 0) this.#begin(befall);
      else this.#options.at(this.#options.now() + when.seconds * 1000, () => this.#begin(befall));
    }
  }

  /** The fault that hits this call, if any. */
  strike(operation: string): CallFault | undefined {
    for (const armed of this.#armed) {
      if (!concerns(armed.fault.on, operation)) continue;
      if (armed.skip > 0) {
        armed.skip -= 1;
        continue;
      }
      armed.times -= 1;
      if (armed.times <= 0) {
        this.#armed = this.#armed.filter((other) => other !== armed);
        this.over();
      }
      return armed.fault;
    }
    return undefined;
  }

  /** What refuses this call, and with which error. */
  refusal(
    service: LocalService['name'],
    operation: string,
  ): { readonly kind: string; readonly error: AwsError } | undefined {
    for (const outage of this.#now()) {
      const error = refusedBy(outage, service, operation);
      if (error !== undefined) return { kind: outage.kind, error };
    }
    return undefined;
  }

  /** How old answers to that operation may be, in seconds. */
  staleness(operation: string): number {
    for (const outage of this.#now()) {
      if (outage.kind === 'stale-reads' && concerns(outage.on, operation)) return outage.seconds;
    }
    return 0;
  }

  get sweepIsOff(): boolean {
    return this.#now().some(({ kind }) => kind === 'sweep-off');
  }

  /** How much longer a deletion that begins now lasts. */
  get deletionHangsSeconds(): number {
    for (const outage of this.#now()) {
      if (outage.kind !== 'deletion-hangs') continue;
      this.#options.hit('deletion-hangs');
      return outage.seconds;
    }
    return 0;
  }

  #now(): readonly Outage[] {
    if (this.#lasting.length === 0) return [];
    const now = this.#options.now();
    this.#lasting = this.#lasting.filter(({ untilMs }) => untilMs > now);
    return this.#lasting.map(({ outage }) => outage);
  }

  #begin(befall: Befall): void {
    if (this.#isCalm) return;
    if (isCallFault(befall)) {
      this.#armed.push({ fault: befall, skip: befall.skip, times: befall.times });
    } else if ('lastsSeconds' in befall) {
      const untilMs = this.#options.now() + befall.lastsSeconds * 1000;
      this.#lasting.push({ outage: befall, untilMs });
      this.#options.at(untilMs, () => this.over());
      if (befall.kind === 'metrics-missing') this.#options.happen(befall);
    } else {
      this.#options.happen(befall);
    }
  }
}
