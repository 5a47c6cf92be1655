import type { Befall, ConnectorPlan, History } from './history.ts';

/** Says whether a history still fails in the same way. */
export type StillFails = (history: History) => Promise<boolean>;

/**
 * The smallest history that still fails, found by leaving things out one by one until nothing can be left out any more, and by then making plain
 * what is left: no lateness, no spread, short waits, one of each.
 */
export async function shrink(history: History, stillFails: StillFails): Promise<History> {
  let smallest = history;
  for (;;) {
    let smaller: History | undefined;
    for (const candidate of simpler(smallest)) {
      // oxlint-disable-next-line no-await-in-loop -- each candidate is one step from the last that failed
      if (!(await stillFails(candidate))) continue;
      smaller = candidate;
      break;
    }
    if (smaller === undefined) return smallest;
    smallest = smaller;
  }
}

/** Histories that are a step simpler, the boldest steps first. */
function* simpler(history: History): Generator<History> {
  const { befalls, connectors } = history;
  if (connectors.length > 1) {
    for (const index of connectors.keys()) yield withoutConnector(history, index);
  }
  for (const index of befalls.keys()) yield { ...history, befalls: befalls.toSpliced(index, 1) };
  if (history.clockSpreadSeconds !== 0) yield { ...history, clockSpreadSeconds: 0 };
  for (const [index, befall] of befalls.entries()) {
    for (const plainer of simplerBefalls(befall)) yield { ...history, befalls: befalls.with(index, plainer) };
  }
  for (const [index, plan] of connectors.entries()) {
    for (const plainer of simplerPlans(plan)) yield { ...history, connectors: connectors.with(index, plainer) };
  }
  const durations = { createSeconds: 60, createFailureSeconds: 120, deleteSeconds: 60, restartSeconds: 30 };
  if (JSON.stringify(durations) !== JSON.stringify(history.durations)) yield { ...history, durations };
  for (const calmAtSeconds of [600, 1200, 3600]) {
    if (calmAtSeconds < history.calmAtSeconds) yield { ...history, calmAtSeconds };
  }
}

function withoutConnector(history: History, index: number): History {
  const befalls = history.befalls.flatMap((befall): Befall[] => {
    if (!('connector' in befall)) return [befall];
    if (befall.connector === index) return [];
    return [befall.connector < index ? befall : { ...befall, connector: befall.connector - 1 }];
  });
  return { ...history, connectors: history.connectors.toSpliced(index, 1), befalls };
}

/** Values that are plainer than others, where a thing that befalls has such a field. */
const plain: Readonly<Record<string, readonly number[]>> = {
  times: [1, 2],
  copies: [1],
  everySeconds: [0],
  lateSeconds: [0],
  skip: [0],
  lastsSeconds: [60, 300],
};

function* simplerBefalls(befall: Befall): Generator<Befall> {
  for (const [field, values] of Object.entries(plain)) {
    const now: unknown = Reflect.get(befall, field);
    if (typeof now !== 'number') continue;
    for (const value of values) if (value < now) yield { ...befall, [field]: value };
  }
  if ('reordered' in befall && befall.reordered) yield { ...befall, reordered: false };
  if ('orphaned' in befall && befall.orphaned) yield { ...befall, orphaned: false };
  if ('when' in befall && 'after' in befall.when && befall.when.seconds > 0) {
    yield { ...befall, when: { ...befall.when, seconds: 0 } };
  }
}

function* simplerPlans(plan: ConnectorPlan): Generator<ConnectorPlan> {
  const { pollSeconds } = plan.waits;
  if (Object.keys(plan.waits).length > 1) {
    yield { ...plan, waits: pollSeconds === undefined ? {} : { pollSeconds } };
  }
  if (Object.keys(plan.limits).length > 0) yield { ...plan, limits: {} };
  if (plan.kind !== 'mysql') yield { ...plan, kind: 'mysql' };
  if (plan.saved !== 'there') yield { ...plan, saved: 'there' };
  if (!plan.log || !plan.exporter || !plan.pinned) yield { ...plan, log: true, exporter: true, pinned: true };
  if (plan.heartbeats) yield { ...plan, heartbeats: false };
  if (plan.idle) yield { ...plan, idle: false };
  if (plan.offsets !== 'must-survive' || plan.drift !== 'refuse') {
    yield { ...plan, offsets: 'must-survive', drift: 'refuse' };
  }
}
