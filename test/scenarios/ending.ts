import type { CreateConnectorCommandInput } from '@aws-sdk/client-kafkaconnect';
import type { ProductCall } from '../../cli/bench/virtualAccount.ts';
import type { DeliveredMessage } from '../../local/aws/sns.ts';
import type { SimulatedDataPlane } from '../../local/connect/simulated/simulatedDataPlane.ts';
import type { LocalAws } from '../../local/stack/localAws.ts';
import { savedKey, type People } from './cast.ts';
import type { Act } from './story.ts';

/** What a story came to, in the terms of the services' own records. */
export interface Ending {
  readonly acts: readonly { readonly act: Act; readonly of: string; readonly atMs: number }[];
  readonly refused: readonly { readonly operation: string; readonly code: string }[];
  /** Messages about connectors, and others. */
  readonly messages: readonly Heard[];
  readonly others: readonly string[];
  readonly connectors: Readonly<Record<string, ConnectorAtEnd>>;
  readonly ignored: readonly string[];
  /** Looks that an alarm asked for. */
  readonly looks: readonly { readonly of: string; readonly atMs: number }[];
  /** When the last event of the story happened. */
  readonly lastEventAtMs: number;
  /** When a connector's state was first seen to be FAILED. */
  readonly failedAtMs?: number;
  readonly deaths: number;
}

export interface Heard {
  readonly of: string;
  readonly news: string;
  readonly text: string;
  readonly atMs: number;
}

export interface ConnectorAtEnd {
  readonly state: string;
  readonly rows: ReturnType<SimulatedDataPlane['rows']>;
  readonly savedConfig: Readonly<Record<string, string>> | undefined;
}

/** The operations that are acts. */
export const acts: Readonly<Record<string, 'restart' | 'delete' | 'create'>> = {
  RestartConnector: 'restart',
  DeleteConnector: 'delete',
  CreateConnector: 'create',
};

export function actOf(
  { service, operation, error, input, atMs }: ProductCall,
  people: People,
): { act: Act; of: string; atMs: number }[] {
  const act = acts[operation];
  if (service !== 'kafkaconnect' || act === undefined || error !== undefined) return [];
  const name = input['connectorName'] as string | undefined;
  const of = name ?? people.nameOf(String(input['connectorArn']));
  const onlyFailed = input['onlyFailedTasks'] === true || input['onlyFailedTasks'] === 'true';
  return [{ act: onlyFailed ? 'restart of failed tasks' : act, of, atMs }];
}

/** `[connector-recovery] orders-cdc: back: ...`, or a subject of CloudWatch's. */
export function heard({ subject = '', message, atMs }: DeliveredMessage): Heard {
  const [, of = '', news = subject] = /^\[connector-recovery\] ([^:]+): (.*)$/.exec(subject) ?? [];
  return { of, news, text: message, atMs };
}

export function ignoredReason(line: string): string[] {
  const { event, reason } = JSON.parse(line) as { readonly event?: string; readonly reason?: string };
  return event === 'ignored' && reason !== undefined ? [reason] : [];
}

export function lookForAlarm(line: string): { of: string; atMs: number }[] {
  const { event, time, trigger } = JSON.parse(line) as {
    readonly event?: string;
    readonly time: string;
    readonly trigger?: { readonly kind: string; readonly connector: string };
  };
  if (event !== 'look' || trigger?.kind !== 'alarm') return [];
  return [{ of: trigger.connector, atMs: Date.parse(time) }];
}

export async function bucketOf({ s3 }: LocalAws): Promise<string> {
  const { Buckets } = (await s3.call('ListBuckets', {})) as { Buckets?: readonly { readonly Name?: string }[] };
  const name = Buckets?.[0]?.Name;
  if (name === undefined) throw new Error('The stack has no bucket.');
  return name;
}

export async function savedConfig(
  { s3 }: LocalAws,
  bucket: string,
  name: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    const { Body } = await s3.call('GetObject', { Bucket: bucket, Key: savedKey(name) });
    const text = Buffer.from(Body as Uint8Array).toString('utf8');
    return (JSON.parse(text) as CreateConnectorCommandInput).connectorConfiguration;
  } catch {
    return undefined;
  }
}
