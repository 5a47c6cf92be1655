import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { KafkaConnectClient } from '@aws-sdk/client-kafkaconnect';
import type { Journals, Recorder } from '../recovery/ports.ts';
import { secondsBetween } from '../recovery/time.ts';
import type { Instant } from '../recovery/time.ts';
import type { FunctionSettings, Signal } from '../settings/connectorSettings.ts';
import { alarmPrefix } from '../settings/alarmNames.ts';
import { portError } from '../tell/awsErrors.ts';
import { handOver } from './handOver.ts';
import { callsAtOnce, inBatches } from '../store/inBatches.ts';
import { listConnectors } from './mskConnect.ts';
import type { Objects } from '../store/objects.ts';
import type { SavedPlace } from './savedConfigs.ts';
import { withoutMuted } from './mutedAlarms.ts';
import { planSweep } from './sweepPlan.ts';
import type { Compared, HandOver, Swept, SweptJournal } from './sweepPlan.ts';
import { readSweepRecord, writeSweepRecord } from './sweepRecord.ts';

/** What a sweep works with. */
export interface SweepWorld {
  readonly settings: FunctionSettings;
  readonly functionArn: string;
  readonly stackBucket: Objects;
  readonly placeOf: (connector: string) => SavedPlace;
  readonly journals: Journals;
  readonly cloudWatch: CloudWatchClient;
  readonly kafkaConnect: KafkaConnectClient;
  readonly lambda: LambdaClient;
  readonly recorder: Recorder;
}

/** How often the account is compared with the configured connectors. */
const compareSeconds = 300;
/** A comparison that was due at a full five minutes must not wait for the sixth because of a second. */
const toleranceSeconds = 20;
/** Signals that Debezium's own metrics feed, and those that would call of a silence without them. */
const fedByDebezium: readonly Signal[] = ['connected', 'event-clock', 'lag'];
const calls: readonly Signal[] = ['offset-commits', 'stalled-records'];

function isOfTheDead(signal: Signal | undefined): boolean {
  return signal !== undefined && fedByDebezium.includes(signal);
}

/**
 * The one-minute sweep: looks for connectors that need a look and gives each an invocation of its own. It writes down that it ran
 * only once all of that went well, for deletions rely on it.
 * @throws what kept it from handing a connector over, after all others were
 */
export async function sweep(world: SweepWorld, now: Instant): Promise<readonly HandOver[]> {
  const { settings, stackBucket, recorder } = world;
  const before = await readSweepRecord(stackBucket);
  const due =
    before?.comparedAt === undefined || secondsBetween(before.comparedAt, now) >= compareSeconds - toleranceSeconds;
  const [journals, alarms, compared] = await Promise.all([
    inBatches(settings.connectors, callsAtOnce, ({ name }) => readJournal(world.journals, name)),
    alarmsOf(world),
    due ? compare(world) : undefined,
  ]);
  const seen = settings.connectors.map(({ name, signals, policy: { breaker } }, index): Swept => {
    const found = compared?.get(name);
    const journal = journals[index] ?? { kind: 'unreadable', reason: 'not read' };
    const on = alarms.get(name) ?? [];
    return {
      connector: name,
      journal,
      alarms: on,
      ...(breaker && { breaker }),
      ...(journal.kind === 'read' && journal.journal?.watchedWithLess !== undefined
        ? {
            alarmsOfTheDead: on.filter((alarm) => isOfTheDead(settings.alarms[alarm]?.signal)),
            isCalledOtherwise: signals.some(({ signal }) => calls.includes(signal)),
          }
        : {}),
      ...(found === undefined ? {} : { compared: found }),
    };
  });
  for (const { connector, journal } of seen) {
    if (journal.kind !== 'read') recorder.note(`sweep.journal-${journal.kind}`, { connector, reason: journal.reason });
  }
  const plan = planSweep(seen, now);
  await handOver(plan, world);
  const comparedAt = compared === undefined ? before?.comparedAt : now;
  await writeSweepRecord(stackBucket, { at: now, ...(comparedAt === undefined ? {} : { comparedAt }) });
  recorder.note('sweep.done', { connectors: seen.length, compared: compared !== undefined, handedOver: plan });
  return plan;
}

async function readJournal(journals: Journals, connector: string): Promise<SweptJournal> {
  try {
    const found = await journals.read(connector);
    return 'kind' in found ? { kind: 'broken', reason: found.reason } : { kind: 'read', journal: found.journal };
  } catch (error) {
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** The stack's look alarms that are in ALARM and that nobody mutes, by connector. Without an answer there are none this time; the next sweep asks again. */
async function alarmsOf({ settings, cloudWatch, recorder }: SweepWorld): Promise<ReadonlyMap<string, string[]>> {
  const on: string[] = [];
  let NextToken: string | undefined;
  try {
    do {
      const answer = await cloudWatch.send(
        new DescribeAlarmsCommand({
          AlarmNamePrefix: alarmPrefix(settings.stackName),
          StateValue: 'ALARM',
          AlarmTypes: ['MetricAlarm'],
          MaxRecords: 100,
          ...(NextToken === undefined ? {} : { NextToken }),
        }),
      );
      for (const { AlarmName: name = '' } of answer.MetricAlarms ?? []) {
        if (Object.hasOwn(settings.alarms, name) && settings.alarms[name]?.does === 'look') on.push(name);
      }
      NextToken = answer.NextToken;
    } while (NextToken !== undefined);
  } catch (error) {
    recorder.note('sweep.alarms-unread', { reason: portError('DescribeAlarms', error).message });
  }
  const found = new Map<string, string[]>();
  for (const name of await withoutMuted(on, cloudWatch, recorder)) {
    const connector = settings.alarms[name]?.connector ?? '';
    found.set(connector, [...(found.get(connector) ?? []), name]);
  }
  return found;
}

/** The account beside the configured connectors; `undefined` when it could not be seen, and then it is due again in a minute. */
async function compare(world: SweepWorld): Promise<ReadonlyMap<string, Compared> | undefined> {
  const { settings, kafkaConnect, placeOf, recorder } = world;
  try {
    const states = new Map((await listConnectors(kafkaConnect)).map((one) => [one.connectorName, one.connectorState]));
    const saved = await inBatches(
      settings.connectors,
      callsAtOnce,
      async ({ name }): Promise<Compared['savedConfig']> => {
        const { objects, key } = placeOf(name);
        try {
          const exists = await objects.exists(key);
          return exists === 'yes' ? 'there' : exists === 'no' ? 'missing' : 'unknown';
        } catch {
          return 'unknown';
        }
      },
    );
    return new Map(
      settings.connectors.map(({ name }, index) => [
        name,
        { state: states.get(name), savedConfig: saved[index] ?? 'unknown' },
      ]),
    );
  } catch (error) {
    recorder.note('sweep.not-compared', { reason: portError('ListConnectors', error).message });
    return undefined;
  }
}
