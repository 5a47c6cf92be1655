import type { Answer } from '../../lambda/summary.ts';
import type { Deployment } from './deployments.ts';
import type { ProductCall } from './virtualAccount.ts';
import { openVirtualWorld, type VirtualWorld } from './virtualWorld.ts';
import { Witness } from './witness.ts';

/** One recovery from the alarm to the message that it is over, in virtual milliseconds. */
export interface RecoveryFigures {
  readonly remedy: 'restart' | 'recreate';
  readonly seed: number;
  /** From the alarm to the call that acts, RestartConnector or DeleteConnector: the alarm comes before its proof is ripe. */
  readonly alarmToActMs: number;
  /** From the moment at which the death could be proved, or from the alarm where that is later, to the same call. */
  readonly provedToActMs: number;
  /** Of a recreation: from the end of the deletion to CreateConnector. */
  readonly goneToCreateMs: number;
  /** From the moment at which data could be seen in CloudWatch or its logs to the message that says so. */
  readonly readableToSaidMs: number;
  /** What MSK Connect took for its part: the restart, or deletion and creation. */
  readonly serviceMs: number;
  /** How often an invocation's time was up (15 minutes at most) before the recovery was, and another had to go on. */
  readonly handOvers: number;
  /** The whole of it, from the alarm to the message. */
  readonly alarmToSaidMs: number;
  /** Calls of the invocations that looked at the connector, by operation; the sweep makes its own whether something is wrong or not. */
  readonly calls: Readonly<Record<string, number>>;
}

/** As reported of MSK Connect, in the figures, with a third more or less. */
const durations = { deleteSeconds: 240, createSeconds: 480, restartSeconds: 60, jitter: 0.3 };
const minuteMs = 60_000;
const longestRunMs = 90 * minuteMs;

interface Seen {
  alarmAtMs?: number;
  restart?: { readonly atMs: number; readonly operationArn: string };
  delete?: { readonly atMs: number; readonly arn: string };
  createAtMs?: number;
  runningAtMs?: number;
  handOvers: number;
}

/**
 * One connector goes silent and comes back.
 * @throws when it does not come back by the remedy that its version needs
 */
export async function recoveryRun(
  deployment: Deployment,
  { seed, longestTravelMs }: { readonly seed: number; readonly longestTravelMs: number },
): Promise<RecoveryFigures> {
  let seen: Seen | undefined;
  const calls: ProductCall[] = [];
  let nowMs = () => 0;
  let witness: Witness | undefined;
  const world = await openVirtualWorld({
    deployment,
    seed,
    durations,
    longestTravelMs,
    onEvent: (event) => {
      if (seen !== undefined) seen.alarmAtMs ??= alarmMoment(event);
    },
    onAnswer: (answer) => {
      if (seen !== undefined && spentItsTime(answer)) seen.handOvers += 1;
    },
    onCall: (call) => {
      if (seen === undefined) return;
      calls.push(call);
      notice(seen, call);
    },
    onPublished: () => witness?.published(),
    onStart: () => {
      if (seen !== undefined) seen.runningAtMs = nowMs();
    },
  });
  const { clock } = world;
  nowMs = () => clock.now();
  try {
    // Sweeps have run, the configuration is saved, the alarms know their metrics; and the break comes at any moment of a minute.
    await clock.advanceBy(10 * minuteMs + Math.floor(world.random() * minuteMs));
    await mustBeSaved(world, deployment.connector.name);
    seen = { handOvers: 0 };
    world.dataPlane.halfOpen(deployment.connector.name);
    witness = new Witness(world, deployment.connector.name, deployment.remedy === 'restart' ? '3.7.x' : '2.7.1');
    const evidence = readable(world, deployment.remedy, witness, seen);
    const proved = witness.deathReadable(clock.now(), deployment.connector.name.replace('-cdc', ''));
    proved.catch(() => undefined);
    // It is waited for only after the message; should it fail before that, it is met there.
    evidence.catch(() => undefined);
    const saidAtMs = await untilSaid(world, clock.now() + longestRunMs);
    return { seed, ...figures(deployment, seen, calls, { ...(await evidence), provedAtMs: await proved, saidAtMs }) };
  } finally {
    await world.close();
  }
}

function alarmMoment(event: unknown): number | undefined {
  const { source, detail } = event as {
    readonly source?: string;
    readonly detail?: { readonly state?: { readonly value?: string; readonly timestamp?: string } };
  };
  const { value, timestamp } = detail?.state ?? {};
  if (source !== 'aws.cloudwatch' || value !== 'ALARM' || timestamp === undefined) return undefined;
  return Date.parse(timestamp.replace(/\+0000$/, 'Z'));
}

function spentItsTime(answer: Answer): boolean {
  return answer.kind === 'looked' && answer.looks.some(({ ended }) => ended === 'time-spent');
}

function notice(seen: Seen, call: ProductCall): void {
  if (call.error !== undefined) return;
  const { operation, atMs, input, output } = call;
  if (operation === 'RestartConnector') {
    seen.restart ??= { atMs, operationArn: String(output?.['connectorOperationArn']) };
  }
  if (operation === 'DeleteConnector') seen.delete ??= { atMs, arn: String(input['connectorArn']) };
  if (operation === 'CreateConnector') seen.createAtMs ??= atMs;
}

async function mustBeSaved({ aws }: VirtualWorld, connector: string): Promise<void> {
  const { Buckets } = (await aws.s3.call('ListBuckets', {})) as { Buckets?: readonly { readonly Name?: string }[] };
  for (const { Name } of Buckets ?? [])
    await aws.s3.call('GetObject', { Bucket: Name, Key: `connectors/${connector}.json` });
}

interface Readable {
  readonly goneAtMs: number;
  readonly actEndedAtMs: number;
  readonly readableAtMs: number;
}

/** Waits beside the product for the moments at which it could have known. */
async function readable(
  { clock }: VirtualWorld,
  remedy: Deployment['remedy'],
  witness: Witness,
  seen: Seen,
): Promise<Readable> {
  const until = async <T>(known: () => T | undefined): Promise<T> => {
    for (;;) {
      const value = known();
      if (value !== undefined) return value;
      // oxlint-disable-next-line no-await-in-loop -- it waits
      await clock.sleep(100);
    }
  };
  if (remedy === 'restart') {
    const { operationArn } = await until(() => seen.restart);
    const actEndedAtMs = await witness.ended(operationArn);
    return { goneAtMs: 0, actEndedAtMs, readableAtMs: await witness.dataReadable(actEndedAtMs) };
  }
  const { arn } = await until(() => seen.delete);
  const goneAtMs = await witness.gone(arn);
  const actEndedAtMs = await until(() => seen.runningAtMs);
  return { goneAtMs, actEndedAtMs, readableAtMs: await witness.dataReadable(actEndedAtMs) };
}

/** Moves the clock until people are told that it is back. */
async function untilSaid({ clock, aws }: VirtualWorld, limitMs: number): Promise<number> {
  const before = aws.sns.inbox().length;
  while (clock.now() < limitMs) {
    // oxlint-disable-next-line no-await-in-loop -- time passes step by step
    await clock.advanceBy(1000);
    const said = aws.sns
      .inbox()
      .slice(before)
      .find(({ subject }) => subject?.includes(': back: ') === true);
    if (said !== undefined) return said.atMs;
  }
  const heard = aws.sns
    .inbox()
    .slice(before)
    .map(({ subject }) => subject);
  throw new Error(`Nobody said that it is back; people heard: ${heard.join('; ')}`);
}

function figures(
  { remedy }: Deployment,
  { alarmAtMs, restart, delete: deletion, createAtMs, handOvers }: Seen,
  calls: readonly ProductCall[],
  {
    goneAtMs,
    actEndedAtMs,
    readableAtMs,
    provedAtMs,
    saidAtMs,
  }: Readable & { readonly provedAtMs: number; readonly saidAtMs: number },
): Omit<RecoveryFigures, 'seed'> {
  const act = remedy === 'restart' ? restart : deletion;
  const foreign = remedy === 'restart' ? deletion : restart;
  if (alarmAtMs === undefined || act === undefined || foreign !== undefined)
    throw new Error(`It came back otherwise than by ${remedy}.`);
  if (remedy === 'recreate' && createAtMs === undefined) throw new Error('It came back without CreateConnector.');
  const createdAtMs = createAtMs ?? actEndedAtMs;
  return {
    remedy,
    alarmToActMs: act.atMs - alarmAtMs,
    provedToActMs: act.atMs - Math.max(alarmAtMs, provedAtMs),
    goneToCreateMs: remedy === 'recreate' ? createdAtMs - goneAtMs : 0,
    readableToSaidMs: saidAtMs - readableAtMs,
    serviceMs: remedy === 'recreate' ? goneAtMs - act.atMs + (actEndedAtMs - createdAtMs) : actEndedAtMs - act.atMs,
    handOvers,
    alarmToSaidMs: saidAtMs - alarmAtMs,
    calls: counted(calls.filter(({ by, atMs }) => by === 'look' && atMs >= alarmAtMs && atMs <= saidAtMs)),
  };
}

function counted(calls: readonly ProductCall[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { operation } of calls) found[operation] = (found[operation] ?? 0) + 1;
  return found;
}
