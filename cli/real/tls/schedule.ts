import { seededRandom, type Random } from '../../../local/seededRandom.ts';
import type { TlsVersion } from './versions.ts';

export type FaultKind = 'half-open' | 'hole' | 'reset';

/** Something that befalls the connections of one worker, or of both at the same moment. */
export interface PlannedFault {
  readonly kind: FaultKind;
  /** From the beginning of the run. */
  readonly atMs: number;
  /** Of a hole; the other two are moments. */
  readonly lastsMs: number;
  readonly strikes: readonly TlsVersion[];
  /** Faults of one number are judged together: one that strikes both, or two alike that strike one worker each. */
  readonly unit: number;
}

export interface Plan {
  readonly lastsMs: number;
  /** Until then nothing is broken. */
  readonly calmUntilMs: number;
  /** When a row is written, in order. */
  readonly checksAtMs: readonly number[];
  /** In order. */
  readonly faults: readonly PlannedFault[];
}

export interface PlanOptions {
  readonly minutes: number;
  readonly checks: number;
  readonly seed: number;
}

/** The share of a run in which nothing is broken, so that there is something to compare with. */
const calmShare = 0.2;
/** In the last twentieth nothing new is broken. */
const faultsUntilShare = 0.95;
/** One fault in so much of the rest: a half-open connection takes Debezium's keep-alive up to 110 s to replace, so faults do meet. */
const msPerFault = 37_500;
const holeMs = { least: 5_000, most: 60_000 };

/**
 * What a run does and when: the same for the same options. Checks lie one in each equal slice of the time, at a random moment of it. The faults' moments are
 * random; of each kind two strike both workers for each pair that strikes one worker each, in random order, so that neither version bears more.
 */
export function planComparison({ minutes, checks, seed }: PlanOptions): Plan {
  const random = seededRandom(seed);
  const lastsMs = minutes * 60_000;
  const slice = lastsMs / checks;
  const checksAtMs = Array.from({ length: checks }, (_, index) => Math.round((index + random()) * slice));
  const calmUntilMs = lastsMs * calmShare;
  const spanMs = lastsMs * faultsUntilShare - calmUntilMs;
  const units = drawUnits(random, Math.max(1, Math.round(spanMs / msPerFault)));
  const moments = units
    .flat()
    .map(() => Math.round(calmUntilMs + random() * spanMs))
    .toSorted((a, b) => a - b);
  return {
    lastsMs,
    calmUntilMs,
    checksAtMs,
    faults: units.flatMap((faults, unit) => faults.map((fault) => ({ ...fault, atMs: moments.shift() ?? 0, unit }))),
  };
}

type Unit = readonly Pick<PlannedFault, 'kind' | 'lastsMs' | 'strikes'>[];

function drawUnits(random: Random, faults: number): readonly Unit[] {
  const units: Unit[] = [];
  for (let drawn = 0; drawn < faults;) {
    for (const unit of shuffled(random, deck(random))) {
      if (drawn >= faults) break;
      units.push(unit);
      drawn += unit.length;
    }
  }
  return units;
}

function deck(random: Random): readonly Unit[] {
  const kinds: readonly FaultKind[] = ['half-open', 'hole', 'reset'];
  return kinds.flatMap((kind) => {
    const lastsMs = () => (kind === 'hole' ? Math.round(holeMs.least + random() * (holeMs.most - holeMs.least)) : 0);
    const together = (): Unit => [{ kind, lastsMs: lastsMs(), strikes: ['TLSv1.3', 'TLSv1.2'] }];
    const alone = (): Unit => {
      const same = lastsMs();
      const order: readonly TlsVersion[] = random() < 0.5 ? ['TLSv1.3', 'TLSv1.2'] : ['TLSv1.2', 'TLSv1.3'];
      return order.map((version) => ({ kind, lastsMs: same, strikes: [version] }));
    };
    return [together(), together(), alone()];
  });
}

function shuffled<Item>(random: Random, items: readonly Item[]): readonly Item[] {
  return items
    .map((item) => ({ item, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
