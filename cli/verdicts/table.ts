import type { Verdict } from '../../recovery/verdict.ts';
import type { RecordedSample, Recording, Truth } from './recording.ts';
import { replay, type Judged } from './replay.ts';

/** What was said of one recording. */
export interface Row {
  readonly recording: Recording;
  readonly judged: readonly Judged[];
  readonly falseDeaths: number;
  /** Of what was broken, how long it took until the verdict was right. Absent: nothing was, or it was over before. */
  readonly found?: Found | 'never';
}

export interface Found {
  readonly seconds: number;
  /** Somebody acted, or the recording ended, before that: the seconds are of its last sample repeated. */
  readonly prolonged: boolean;
}

/** Right, not (yet) to be told, and wrong verdicts. */
export interface Total {
  readonly truth: Truth;
  samples: number;
  right: number;
  undecided: number;
  wrong: number;
}

/** What may be said of each, and what is no answer; anything else is wrong. */
const answers: Readonly<Record<Truth, { readonly right: readonly Kind[]; readonly open: readonly Kind[] }>> = {
  healthy: { right: ['alive', 'idle'], open: ['unknown'] },
  busy: { right: ['alive'], open: ['unknown'] },
  idle: { right: ['idle', 'alive'], open: ['unknown'] },
  lagging: { right: ['alive'], open: ['unknown'] },
  snapshotting: { right: ['alive', 'idle'], open: ['unknown'] },
  'recovering its schema history': { right: ['alive', 'idle'], open: ['unknown'] },
  restarting: { right: ['alive', 'idle'], open: ['unknown', 'elsewhere'] },
  rebalancing: { right: ['alive', 'idle'], open: ['unknown', 'elsewhere'] },
  'cut, and healing by itself': { right: ['alive', 'idle'], open: ['unknown', 'elsewhere'] },
  'its source away': { right: ['elsewhere'], open: ['alive', 'idle', 'unknown'] },
  'its position gone': { right: ['elsewhere'], open: ['alive', 'idle', 'unknown'] },
  'refused by its source': { right: ['dead', 'elsewhere'], open: ['alive', 'idle', 'unknown'] },
  dead: { right: ['dead'], open: ['alive', 'idle', 'unknown'] },
};
type Kind = Verdict['kind'];

const broken: readonly Truth[] = ['dead', 'its source away', 'its position gone', 'refused by its source'];
const everySeconds = 15;
const prolongedSeconds = 240;
/** After the break: a rate remembers a minute. */
const forgottenSeconds = 75;

/** Whether somebody would restart or delete it though it lives, or will by itself. */
export function isFalseDeath({ truth, verdict }: Judged): boolean {
  return verdict.kind === 'dead' && !answers[truth].right.includes('dead');
}

export async function judgeAll(recordings: readonly Recording[]): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const recording of recordings) {
    // oxlint-disable-next-line no-await-in-loop -- each has the machine to itself
    const judged = await replay(recording);
    // oxlint-disable-next-line no-await-in-loop -- and so has the same recording, prolonged
    const found = await foundAfter(recording, judged);
    rows.push({ recording, judged, falseDeaths: judged.filter(isFalseDeath).length, ...(found && { found }) });
  }
  return rows;
}

/** How often each kind of life was told rightly. */
export function totals(rows: readonly Row[]): readonly Total[] {
  const found = new Map<Truth, Total>();
  for (const { judged } of rows) {
    const seen = new Set<Truth>();
    for (const { truth, verdict } of judged) {
      const total = found.get(truth) ?? { truth, samples: 0, right: 0, undecided: 0, wrong: 0 };
      const { right, open } = answers[truth];
      // Once it was found dead, nothing else is right until that is over.
      const isOpen = open.includes(verdict.kind) && (verdict.kind === 'unknown' || !seen.has(truth));
      total.samples += 1;
      if (right.includes(verdict.kind)) total.right += 1;
      else if (isOpen) total.undecided += 1;
      else total.wrong += 1;
      if (broken.includes(truth) && right.includes(verdict.kind)) seen.add(truth);
      found.set(truth, total);
    }
  }
  return (Object.keys(answers) as Truth[]).flatMap((truth) => found.get(truth) ?? []);
}

async function foundAfter(recording: Recording, judged: readonly Judged[]): Promise<Found | 'never' | undefined> {
  const lasting = recording.truth.findLast(({ is, fromSeconds }) => broken.includes(is) && fromSeconds >= 0)?.is;
  if (lasting === undefined) return undefined;
  const first = recording.truth.find(({ is, fromSeconds }) => broken.includes(is) && fromSeconds >= 0);
  if (first === undefined) return undefined;
  const { fromSeconds, is } = first;
  const isRight = (one: Judged) =>
    one.truth === is && one.atSeconds >= fromSeconds && answers[is].right.includes(one.verdict.kind);
  const hit = judged.find(isRight);
  if (hit !== undefined) return { seconds: Math.round(hit.atSeconds), prolonged: false };
  const healed = recording.truth.some(({ is: other, fromSeconds: at }) => at > fromSeconds && !broken.includes(other));
  if (healed && recording.states.length === 0) return undefined;
  const longer = await replay(hadNobodyActed(recording));
  const late = longer.find(isRight);
  return late === undefined ? 'never' : { seconds: Math.round(late.atSeconds), prolonged: true };
}

/** Up to the first act or its end, and then as it would have gone on: everything stands still, and only clocks and queues grow. */
function hadNobodyActed(recording: Recording): Recording {
  const actedAt = recording.states.find(({ atSeconds }) => atSeconds > 0)?.atSeconds ?? Infinity;
  const samples = recording.samples.filter(({ atSeconds }) => atSeconds < actedAt);
  const last = samples.at(-1);
  if (last === undefined) return recording;
  const before = samples.at(-2) ?? last;
  const grows = (last.lag ?? 0) - (before.lag ?? 0);
  const more = Array.from({ length: prolongedSeconds / everySeconds }, (_, index): RecordedSample => {
    const steps = index + 1;
    const atSeconds = last.atSeconds + steps * everySeconds;
    return {
      ...last,
      atSeconds,
      commits: 0,
      ...(atSeconds < forgottenSeconds ? {} : { pollRate: 0, writeRate: 0 }),
      msSinceLastEvent:
        last.msSinceLastEvent === undefined ? undefined : last.msSinceLastEvent + steps * everySeconds * 1000,
      lag: last.lag === undefined ? undefined : last.lag + steps * grows,
    };
  });
  return {
    ...recording,
    states: [],
    samples: [...samples, ...more],
    lines: recording.lines.filter(({ atSeconds }) => atSeconds < actedAt),
    truth: recording.truth.filter(({ fromSeconds }) => fromSeconds <= last.atSeconds),
  };
}
