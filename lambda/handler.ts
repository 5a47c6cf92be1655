import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Command } from '../recovery/intervention.ts';
import { obey } from '../recovery/obey.ts';
import type { Ports, Recorder } from '../recovery/ports.ts';
import { recover } from '../recovery/recover.ts';
import { plusSeconds } from '../recovery/time.ts';
import type { Trigger } from '../recovery/trigger.ts';
import type { FunctionSettings } from '../settings/connectorSettings.ts';
import { environment } from '../settings/environment.ts';
import { createClients } from './clients.ts';
import type { Clients } from './clients.ts';
import { consoleDirections } from './directions.ts';
import { handOver } from './handOver.ts';
import { s3Holds } from '../store/holds.ts';
import { s3Journals } from '../store/journals.ts';
import { jsonRecorder } from '../tell/jsonRecorder.ts';
import { mskConnectors } from './mskConnect.ts';
import { s3Neighbours } from '../store/neighbours.ts';
import { snsNotifier } from '../tell/snsNotifier.ts';
import { cloudWatchPast } from './past.ts';
import { bucketObjects } from '../store/objects.ts';
import { orderOnStack, tellLateOrders } from '../store/orders.ts';
import { s3SavedConfigs, savedPlaces } from './savedConfigs.ts';
import { cloudWatchSigns } from './signsOfLife.ts';
import { summarize, summarizeCheck } from './summary.ts';
import type { Answer } from './summary.ts';
import { s3StandingOrders } from '../store/standingOrders.ts';
import { sweep } from './sweep.ts';
import type { HandOver } from './sweepPlan.ts';
import { s3Sweep } from './sweepRecord.ts';
import { triage } from './triage.ts';

/** What the function uses of Lambda's context object. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly invokedFunctionArn: string;
  getRemainingTimeInMillis(): number;
}

/** Left over when the time is nearly up, to write the journal and answer. */
const reserveSeconds = 30;

/**
 * How often invocations hand a recovery on in a row before it is left to the sweep, which begins a new chain. Lambda stops a function that
 * calls itself after about 16 invocations of one chain, and drops the event into the dead-letter queue.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
const mostHandedOn = 12;

/** One process: its settings and clients, made once. */
export interface Process {
  readonly settings: FunctionSettings;
  readonly clients: Clients;
  readonly bucket: string;
  readonly topicArn: string;
  /** Takes each line of the log. @default stdout, where Lambda reads it */
  readonly writeLine?: (line: string) => void;
  /** Identities of recoveries and lease holders. @default at random */
  readonly newId?: () => string;
}

let current: Process | undefined;

/**
 * The function's entry, for every kind of input. Answers with a summary; a held lease and a spent time are normal ends.
 * @throws what is unexpected, so that Lambda tries again and the alarm on its errors tells people
 */
export async function handler(event: unknown, context: InvocationContext): Promise<Answer> {
  current ??= start();
  return invoke(current, event, context);
}

function start(): Process {
  const text = readFileSync(new URL('./settings.json', import.meta.url), 'utf8');
  return {
    settings: JSON.parse(text) as FunctionSettings,
    clients: createClients(),
    bucket: required(environment.bucket),
    topicArn: required(environment.topicArn),
  };
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`The environment variable ${name} is not set.`);
  return value;
}

/** As `handler`, for a process that is given. */
export async function invoke(process: Process, event: unknown, context: InvocationContext): Promise<Answer> {
  const { settings, clients } = process;
  const functionArn = unqualified(context.invokedFunctionArn);
  const now = new Date().toISOString();
  const until = plusSeconds(now, context.getRemainingTimeInMillis() / 1000 - reserveSeconds);
  const recorder = jsonRecorder({ request: context.awsRequestId }, process.writeLine);
  const asked = triage(event, { settings, functionArn, now });

  switch (asked.kind) {
    case 'rejected':
      recorder.note('rejected', { faults: asked.faults });
      return { kind: 'rejected', faults: asked.faults };
    case 'command':
      return order(process, asked.command, functionArn, until, recorder);
    case 'stack-command': {
      const stackBucket = bucketObjects(clients.s3, process.bucket);
      const ports = portsOf(process, functionArn, recorder);
      const { done, next } = await orderOnStack(asked.command, settings.connectors, stackBucket, ports);
      await Promise.all(next.map((one) => goOn(process, one, functionArn, recorder)));
      return { kind: 'ordered', done };
    }
    case 'sweep': {
      const stackBucket = bucketObjects(clients.s3, process.bucket);
      const handedOver = await sweep(
        {
          settings,
          functionArn,
          stackBucket,
          placeOf: placesIn(process),
          journals: s3Journals(stackBucket),
          cloudWatch: clients.cloudWatch,
          kafkaConnect: clients.kafkaConnect,
          lambda: clients.lambda,
          recorder,
        },
        now,
      );
      await tellLateOrders(stackBucket, portsOf(process, functionArn, recorder), now);
      return { kind: 'swept', handedOver };
    }
    case 'check': {
      // A part of the bundle of its own: what no recovery needs is not loaded for one.
      const { checkReadiness, ownEyes } = await import('./readinessCheck.ts');
      const stackBucket = bucketObjects(clients.s3, process.bucket);
      const checked = await checkReadiness(
        {
          connectors: settings.connectors,
          ...clients,
          savedConfigs: s3SavedConfigs(placesIn(process), stackBucket),
          ...ownEyes(consoleDirections(functionArn, settings.connectors)),
          stackBucket,
          sweep: s3Sweep(stackBucket),
          notifier: snsNotifier(clients.sns, process.topicArn),
          recorder,
        },
        now,
      );
      return { kind: 'checked', ...summarizeCheck(checked) };
    }
    case 'look': {
      for (const { reason } of asked.ignored) recorder.note('ignored', { reason });
      const looks = await Promise.allSettled(
        asked.triggers.map((trigger) =>
          look(process, trigger, {
            functionArn,
            until,
            handedOn: asked.handedOn ?? 0,
            recorder: jsonRecorder({ request: context.awsRequestId, connector: trigger.connector }, process.writeLine),
          }),
        ),
      );
      const failed = looks
        .filter((one) => one.status === 'rejected')
        .map(({ reason }: PromiseRejectedResult): unknown => reason);
      if (failed.length === 1) throw failed[0];
      if (failed.length > 1) throw new AggregateError(failed, `${failed.length} connectors could not be looked at.`);
      return {
        kind: 'looked',
        looks: looks.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
        ignored: asked.ignored.map(({ reason }) => reason),
      };
    }
  }
}

/** A person's word on one connector. What it opens goes on in an invocation of its own, so that the answer comes at once. */
async function order(
  process: Process,
  command: Command,
  functionArn: string,
  until: string,
  recorder: Recorder,
): Promise<Answer> {
  const connector = process.settings.connectors.find(({ name }) => name === command.connector);
  if (connector === undefined) throw new Error(`Connector ${command.connector} is not configured.`);
  const budget = { until, holder: (process.newId ?? randomUUID)() };
  const ports = portsOf(process, functionArn, recorder);
  const { done, outcome, lookNext } = await obey(command, connector.policy, ports, budget);
  if (lookNext !== undefined)
    await goOn(process, { connector: connector.name, why: lookNext, handedOn: 0 }, functionArn, recorder);
  return { kind: 'ordered', done, ...(outcome === undefined ? {} : { outcome: outcome.kind, reason: outcome.reason }) };
}

async function look(
  process: Process,
  trigger: Trigger,
  {
    functionArn,
    until,
    handedOn,
    recorder,
  }: {
    readonly functionArn: string;
    readonly until: string;
    readonly handedOn: number;
    readonly recorder: Recorder;
  },
) {
  const connector = process.settings.connectors.find(({ name }) => name === trigger.connector);
  if (connector === undefined) throw new Error(`Connector ${trigger.connector} is not configured.`);
  recorder.note('look', { trigger });
  // An identity of its own: an event that Lambda delivers twice carries the same request id both times.
  const budget = { until, holder: (process.newId ?? randomUUID)() };
  const ended = await recover(trigger, connector.policy, portsOf(process, functionArn, recorder), budget);
  const atOnce = ended.kind === 'time-spent' && ended.atOnce && handedOn < mostHandedOn;
  const summary = summarize(trigger.connector, ended.kind === 'time-spent' ? { ...ended, atOnce } : ended);
  recorder.note('ended', { summary });
  if (atOnce) {
    const next = {
      connector: trigger.connector,
      why: 'the invocation before it ran out of time',
      handedOn: handedOn + 1,
    };
    await goOn(process, next, functionArn, recorder);
  }
  return summary;
}

/** A recovery under way is not left waiting for the sweep. Where this fails, the sweep comes within a minute. */
async function goOn({ clients }: Process, next: HandOver, functionArn: string, recorder: Recorder): Promise<void> {
  const { connector } = next;
  try {
    await handOver([next], { lambda: clients.lambda, functionArn, recorder });
  } catch (error) {
    recorder.note('left-to-the-sweep', { connector, reason: error instanceof Error ? error.message : String(error) });
  }
}

function placesIn({ settings, clients, bucket }: Process) {
  return savedPlaces(settings.connectors, bucketObjects(clients.s3, bucket), (name) => bucketObjects(clients.s3, name));
}

function portsOf(process: Process, functionArn: string, recorder: Recorder): Ports {
  const { settings, clients, topicArn } = process;
  const stackBucket = bucketObjects(clients.s3, process.bucket);
  return {
    connectors: mskConnectors(
      clients.kafkaConnect,
      clients.kafkaConnectOnce,
      (name) => settings.connectors.find((one) => one.name === name)?.kind ?? 'other-source',
    ),
    savedConfigs: s3SavedConfigs(placesIn(process), stackBucket),
    journals: s3Journals(stackBucket),
    signsOfLife: cloudWatchSigns(clients.cloudWatch, clients.logs, settings.connectors),
    past: cloudWatchPast(clients.cloudWatch, settings.connectors),
    sweep: s3Sweep(stackBucket),
    holds: s3Holds(stackBucket),
    standingOrders: s3StandingOrders(stackBucket),
    neighbours: s3Neighbours(s3Journals(stackBucket), settings.connectors),
    notifier: snsNotifier(clients.sns, topicArn),
    directions: consoleDirections(functionArn, settings.connectors),
    clock: {
      now: () => new Date().toISOString(),
      sleep: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
    },
    recorder,
    newId: process.newId ?? randomUUID,
  };
}

/** `arn:...:function:name` without the version or alias that may follow. */
function unqualified(arn: string): string {
  return arn.split(':').slice(0, 7).join(':');
}
