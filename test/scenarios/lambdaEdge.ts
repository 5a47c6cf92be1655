import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openVirtualAccount, type ProductCall } from '../../cli/bench/virtualAccount.ts';
import { faultsFrom } from '../../local/connect/faults.ts';
import { SimulatedDataPlane } from '../../local/connect/simulated/simulatedDataPlane.ts';
import { seededRandom } from '../../local/seededRandom.ts';
import { VirtualClock } from '../../local/virtualClock.ts';
import { functionSettings } from '../../settings/alarmNames.ts';
import { checkSettings } from '../../settings/read.ts';
import type { ConnectorEntry } from '../../settings/schema.ts';
import { createAll, entry, logGroup, publishes, sourcesOf, type People } from './cast.ts';
import {
  actOf,
  bucketOf,
  heard,
  ignoredReason,
  lookForAlarm,
  savedConfig,
  type ConnectorAtEnd,
  type Ending,
} from './ending.ts';
import { befall, stackName } from './lambdaEvents.ts';
import { answersLost, faultRules } from './lambdaFaults.ts';
import type { Story } from './story.ts';

const minuteMs = 60_000;
const createSeconds = 240;
const watchedMinutes = 10;
/** From what befell connectors before the product was there to its deployment. */
const beforeMinutes = 5;

/** The product as it is deployed on AWS: the synthesized stack on the local services, its Lambda adapter in this process, in virtual time. */
export class LambdaEdge {
  readonly #folder: string;
  readonly #assemblies = new Map<string, Promise<string>>();

  /** @param folder Where the synthesized stacks are written; the caller's to remove. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Runs a story from its first moment to its end. */
  async run(story: Story): Promise<Ending> {
    const settings = checkSettings(
      {
        stackName,
        notify: { emails: ['oncall@example.com'] },
        operators: ['arn:aws:iam::111122223333:role/oncall'],
        ...(story.breaker && { breaker: story.breaker }),
        connectors: story.who.map(entry),
      },
      'connectors.json',
    );
    const assembly = await this.#synthesize(story.who.map(entry), settings);
    return tell(story, assembly, functionSettings(settings));
  }

  /** Stories with the same connectors share what was synthesized. */
  #synthesize(entries: readonly ConnectorEntry[], settings: ReturnType<typeof checkSettings>): Promise<string> {
    const key = JSON.stringify(entries);
    const known = this.#assemblies.get(key);
    if (known !== undefined) return known;
    const made = synthesize(settings, this.#folder, `stack-${this.#assemblies.size}`);
    this.#assemblies.set(key, made);
    return made;
  }
}

export async function synthesize(
  settings: ReturnType<typeof checkSettings>,
  folder: string,
  name: string,
): Promise<string> {
  // The CDK is slow to load, and only this needs it.
  const { buildApp } = await import('../../infra/buildApp.ts');
  const bundle = join(folder, 'bundle');
  mkdirSync(bundle, { recursive: true });
  writeFileSync(join(bundle, 'index.mjs'), 'export const handler = () => {};\n');
  const outdir = join(folder, name);
  buildApp(settings, { outdir, bundle }).synth();
  return outdir;
}

async function tell(story: Story, assembly: string, settings: ReturnType<typeof functionSettings>): Promise<Ending> {
  const random = seededRandom(1);
  const dice = seededRandom(story.productDies?.seed ?? 0);
  const clock = new VirtualClock(Date.UTC(2026, 0, 5, 8, 0, 7));
  const calls: ProductCall[] = [];
  const lines: string[] = [];
  let deaths = 0;
  let dataPlane: SimulatedDataPlane | undefined;
  let begun = false;
  const sources = sourcesOf(story, clock);
  const published = { metrics: true };
  const aws = await openVirtualAccount({
    clock,
    random,
    settings,
    logGroups: [logGroup],
    durations: { createSeconds, deleteSeconds: 240, restartSeconds: 60, createFailureSeconds: 1200 },
    connectFaults: faultsFrom(faultRules(story)),
    fault: answersLost(story),
    longestTravelMs: 0,
    dataPlane: (telemetry) => {
      dataPlane = new SimulatedDataPlane({
        clock,
        telemetry: {
          ...telemetry,
          metric: (...metric) => {
            if (published.metrics) telemetry.metric(...metric);
          },
        },
        random,
        ...sources,
        exporter: ({ configuration }) =>
          configuration['topics'] === undefined ? { publish: publishes, everySeconds: 15 } : undefined,
      });
      return dataPlane;
    },
    onCall: (call) => {
      calls.push(call);
      const dies = story.productDies;
      if (dies === undefined || !begun || call.by !== 'look' || deaths >= dies.atMost) return;
      if (dice() >= dies.chance) return;
      deaths += 1;
      if (dies.how === 'exits') call.kill();
      else call.fallSilent();
    },
    onLine: (line) => lines.push(line),
  });
  try {
    if (dataPlane === undefined) throw new Error('The data plane was not made.');
    const people = await createAll(aws, story.who);
    await clock.advanceBy((createSeconds + 120) * 1000);
    await live(story, { dataPlane, clock });
    for (const event of story.before ?? []) await befall(event, { aws, dataPlane, people, clock, settings, published });
    if (story.before !== undefined) await clock.advanceBy(beforeMinutes * minuteMs);
    await aws.deploy(assembly);
    const bucket = await bucketOf(aws);
    await clock.advanceBy(watchedMinutes * minuteMs);
    begun = true;
    const startMs = clock.now();
    let lastEventAtMs = startMs;
    for (const { atMinute, event } of story.events) {
      await clock.advanceTo(startMs + atMinute * minuteMs);
      lastEventAtMs = clock.now();
      await befall(event, { aws, dataPlane, people, clock, settings, published });
    }
    const endMs = startMs + story.lastsMinutes * minuteMs;
    const failedAtMs = mayFail(story) ? await firstFailure(story, people, clock, endMs) : undefined;
    await clock.advanceTo(endMs);
    const connectors: Record<string, ConnectorAtEnd> = {};
    for (const { name } of story.who) {
      connectors[name] = {
        state: await people.state(name),
        rows: dataPlane.rows(name),
        savedConfig: await savedConfig(aws, bucket, name),
      };
    }
    const messages = aws.sns.inbox().map(heard);
    return {
      acts: calls.flatMap((call) => actOf(call, people)),
      refused: calls.flatMap(({ service, operation, error }) =>
        service === 'kafkaconnect' && error !== undefined && error.code !== 'NotFoundException'
          ? [{ operation, code: error.code }]
          : [],
      ),
      messages: messages.filter((one) => one.of !== ''),
      others: messages.filter((one) => one.of === '').map(({ news }) => news),
      connectors,
      ignored: lines.flatMap(ignoredReason),
      looks: lines.flatMap(lookForAlarm).filter(({ atMs }) => atMs >= startMs),
      lastEventAtMs,
      ...(failedAtMs === undefined ? {} : { failedAtMs }),
      deaths,
    };
  } finally {
    await aws.close();
  }
}

/** The past of the story's connectors, lived through in full. */
async function live(
  { past, who }: Story,
  { dataPlane, clock }: { readonly dataPlane: SimulatedDataPlane; readonly clock: VirtualClock },
): Promise<void> {
  if (past === undefined) return;
  const lullMs = past.lullMinutesADay * minuteMs;
  for (let day = 0; day < past.days; day += 1) {
    for (const { name } of who) dataPlane.goBusy(name, 0);
    // oxlint-disable-next-line no-await-in-loop -- one day after the other is the point
    await clock.advanceBy(lullMs);
    for (const { name, rowsPerSecond = 1 } of who) dataPlane.goBusy(name, rowsPerSecond);
    // oxlint-disable-next-line no-await-in-loop -- one day after the other is the point
    await clock.advanceBy(24 * 60 * minuteMs - lullMs);
  }
}

function mayFail({ atTheEnd }: Story): boolean {
  return Object.values(atTheEnd).some((one) => one.firstActAfterFailedWithinMinutes !== undefined);
}

/** Watches the connectors' states from second to second. */
async function firstFailure(
  { who }: Story,
  people: People,
  clock: VirtualClock,
  endMs: number,
): Promise<number | undefined> {
  while (clock.now() < endMs) {
    await clock.advanceBy(1000);
    const states = await Promise.all(who.map(({ name }) => people.state(name)));
    if (states.includes('FAILED')) return clock.now();
  }
  return undefined;
}
