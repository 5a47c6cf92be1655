import { setTimeout as sleep } from 'node:timers/promises';
import type { Proxy } from '../../../local/real/proxy.ts';
import { comparisonLines } from './comparisonReport.ts';
import { allArrived, checkOf, type Check } from './outcome.ts';
import { isProved, proofLines, ProtocolProof } from './protocolProof.ts';
import { planComparison, type Plan, type PlannedFault, type PlanOptions } from './schedule.ts';
import { openTlsGround, type TlsGround } from './tlsGround.ts';
import { perVersion, spoken, tlsVersions, type PerVersion } from './versions.ts';

/** How often the database is asked which protocol its sessions speak. */
const lookEveryMs = 5_000;
/** A worker that has not come back so long after the last fault has not come back: twice what keep-alive takes at its default. */
const mostDrainMs = 240_000;

/**
 * Runs both workers beside each other, breaks their connections by the plan, and prints what became of each row.
 * @returns whether the comparison stands: each protocol was proved, and both workers were delivering in the end with no row lost
 */
export async function compare(options: PlanOptions, signal: AbortSignal): Promise<boolean> {
  const plan = planComparison(options);
  const say = (text: string) => console.log(text);
  const { minutes, checks, seed } = options;
  say(`Two workers, one with TLS 1.3 and one held to TLS 1.2: ${checks} rows in ${minutes} minutes, seed ${seed}.`);
  const ground = await openTlsGround({ proxied: true, say, signal });
  try {
    const proof = new ProtocolProof(ground.mariadb);
    const seen = await play(plan, ground, proof, signal, say);
    say('');
    say('The protocol of each session, as MariaDB itself told it (performance_schema.status_by_thread):');
    for (const line of proofLines(proof)) say(line);
    for (const line of comparisonLines(seen, plan, (minutes * 60_000) / checks)) say(line);
    say('');
    const whole = tlsVersions.map((version) => {
      const { arrived, duplicated, lost, waiting } = ground.topics[version].count(seen.length);
      const state =
        ground.samples
          .get(version)
          ?.tasks.map((task) => task.state)
          .join(', ') ?? 'no answer';
      say(
        `${spoken(version)}, in the end: ${arrived} of ${seen.length} rows arrived, ${duplicated} of them twice, ${lost} lost, ${waiting} still awaited; task ${state}`,
      );
      return lost === 0 && waiting === 0;
    });
    const proved = isProved(proof);
    if (!proved) say('The comparison does not stand: the protocols were not proved.');
    return proved && whole.every(Boolean);
  } finally {
    await ground.close();
  }
}

async function play(
  plan: Plan,
  ground: TlsGround,
  proof: ProtocolProof,
  signal: AbortSignal,
  say: (text: string) => void,
): Promise<readonly Check[]> {
  const { proxies } = ground;
  if (proxies === undefined) throw new Error('There is nothing to break the connections with.');
  const faults = new Faults(proxies);
  const beganAtMs = Date.now();
  const at = (ms: number) => sleep(Math.max(0, beganAtMs + ms - Date.now()), undefined, { signal });
  const over = new AbortController();
  const looking = look(proof, AbortSignal.any([signal, over.signal]));
  const breaking = breakByPlan(plan, faults, at, say);
  breaking.catch(() => undefined);

  const written: { readonly plannedAtMs: number; readonly committedAtMs: number }[] = [];
  for (const plannedAtMs of plan.checksAtMs) {
    await at(plannedAtMs);
    await ground.mariadb.sql(
      `INSERT INTO shop.orders (id, note, at) VALUES (${written.length + 1}, 'a check', NOW(3))`,
    );
    written.push({ plannedAtMs, committedAtMs: Date.now() });
  }
  await breaking;
  await at(plan.lastsMs);
  const arrivals = perVersion((version) => ground.topics[version].arrivals);
  say(`${seconds(beganAtMs)}  every row is written and every hole healed; waiting for what has not arrived`);
  const giveUpAtMs = Date.now() + mostDrainMs;
  while (!allArrived(written.length, arrivals) && Date.now() < giveUpAtMs) await sleep(500, undefined, { signal });
  over.abort();
  await looking;
  return written.map(({ plannedAtMs, committedAtMs }, index) =>
    checkOf(plannedAtMs, index + 1, committedAtMs, arrivals),
  );
}

async function breakByPlan(
  plan: Plan,
  faults: Faults,
  at: (ms: number) => Promise<void>,
  say: (text: string) => void,
): Promise<void> {
  const ends = plan.faults.map(async (fault) => {
    await at(fault.atMs);
    say(`${(fault.atMs / 1000).toFixed(0).padStart(5)} s  ${fault.kind}: ${fault.strikes.map(spoken).join(' and ')}`);
    faults.begin(fault);
    if (fault.kind !== 'hole') return;
    await at(fault.atMs + fault.lastsMs);
    await faults.end(fault);
  });
  await Promise.all(ends);
}

/** Two holes of one worker may overlap; the later end counts. */
class Faults {
  readonly #proxies: PerVersion<Proxy>;
  readonly #holes = new Map<string, number>();

  constructor(proxies: PerVersion<Proxy>) {
    this.#proxies = proxies;
  }

  begin({ kind, strikes }: PlannedFault): void {
    for (const version of strikes) {
      const proxy = this.#proxies[version];
      if (kind === 'half-open') proxy.freeze();
      else if (kind === 'reset') proxy.reset();
      else {
        proxy.hole();
        this.#holes.set(version, (this.#holes.get(version) ?? 0) + 1);
      }
    }
  }

  async end({ strikes }: PlannedFault): Promise<void> {
    for (const version of strikes) {
      const left = (this.#holes.get(version) ?? 1) - 1;
      this.#holes.set(version, left);
      if (left === 0) await this.#proxies[version].heal();
    }
  }
}

async function look(proof: ProtocolProof, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await proof.look();
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
}

function seconds(beganAtMs: number): string {
  return `${((Date.now() - beganAtMs) / 1000).toFixed(0).padStart(5)} s`;
}
