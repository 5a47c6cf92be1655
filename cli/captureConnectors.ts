import { isDeepStrictEqual } from 'node:util';
import type { ConnectorEntry } from '../settings/schema.ts';
import type { LiveConnector } from '../recovery/connector.ts';
import { captureEntry } from '../lambda/captureEntry.ts';
import { plainSecrets } from '../recovery/secrets.ts';
import type { Clients } from '../lambda/clients.ts';
import { listConnectors, sight } from '../lambda/mskConnect.ts';
import { bucketObjects } from '../store/objects.ts';
import { keys } from '../settings/environment.ts';
import { entryIn, fillEntry } from './connectorsText.ts';
import { publishedMetrics } from './publishedMetrics.ts';

/** What is to be captured. */
export interface CaptureRequest {
  /** Empty with `all`. */
  readonly names: readonly string[];
  readonly all: boolean;
  /** The stack's bucket; absent before the first deployment. */
  readonly bucket?: string;
  /** Writes over a saved config that differs from the live connector. */
  readonly overwrite: boolean;
  /** The text of `connectors.json`; absent: there is none yet. */
  readonly text?: string;
}

/** What came of it. */
export interface Captured {
  /** The new text of `connectors.json`. */
  readonly text: string | undefined;
  /** What was done and what is missing, line by line, without secrets. */
  readonly lines: readonly string[];
  /** Whether everything that was asked for was done. */
  readonly complete: boolean;
}

/**
 * Reads live connectors, stores their create requests in S3 where there are none, and fills their entries in `connectors.json`.
 * @throws PortError when AWS does not answer
 */
export async function captureConnectors(
  request: CaptureRequest,
  clients: Pick<Clients, 'kafkaConnect' | 's3' | 'cloudWatch'>,
): Promise<Captured> {
  const listed = await listConnectors(clients.kafkaConnect);
  const names = request.all ? listed.flatMap(({ connectorName }) => connectorName ?? []).toSorted() : request.names;
  const lines: string[] = [];
  let { text } = request;
  let complete = names.length > 0;
  if (names.length === 0) lines.push('There is no connector in this account and Region.');
  for (const name of names) {
    const arn = listed.find(({ connectorName }) => connectorName === name)?.connectorArn;
    const seen = arn === undefined ? undefined : await sight(clients.kafkaConnect, arn);
    if (seen?.kind !== 'present') {
      lines.push(`${name}: no such connector in this account and Region; nothing was changed.`);
      complete = false;
      continue;
    }
    const live = seen.connector;
    const { entry, missing } = captureEntry(live, await publishedMetrics(clients.cloudWatch, live));
    const filled = fillEntry(text, entry);
    ({ text } = filled);
    lines.push(
      `${name}: ${live.state}, Kafka Connect ${live.request.kafkaConnectVersion}, ${entry.kind ?? 'unknown'}`,
      filled.filled.length > 0
        ? `  connectors.json: filled ${filled.filled.join(', ')}`
        : '  connectors.json: nothing to fill',
      ...filled.differs.map(
        (field) => `  connectors.json: ${field} says otherwise than the live connector; left as it is`,
      ),
      ...missing.map((what) => `  missing: ${what}`),
      ...plainSecrets(live.request.connectorConfiguration).map(
        (key) => `  ${key} is in plain text, and would be in the saved config; a config provider keeps it out`,
      ),
    );
    const stored = await store(live, entryIn(text, name), request, clients);
    lines.push(`  ${stored.line}`);
    complete &&= stored.done;
  }
  return { text, lines, complete };
}

async function store(
  { request: live, state }: LiveConnector,
  entry: Partial<ConnectorEntry>,
  request: CaptureRequest,
  clients: Pick<Clients, 's3'>,
): Promise<{ readonly line: string; readonly done: boolean }> {
  const bucket = entry.savedConfig?.bucket ?? request.bucket;
  if (bucket === undefined) {
    return {
      line: 'saved config: no bucket yet; after the deployment the function saves it on its first sweep, or name one with --bucket',
      done: true,
    };
  }
  // What does not run may be what should not be created again; whoever knows better says so.
  if (state !== 'RUNNING' && !request.overwrite) {
    return { line: `saved config: not stored, for it is ${state} (--overwrite stores it all the same)`, done: false };
  }
  const objects = bucketObjects(clients.s3, bucket);
  const key = entry.savedConfig?.key ?? `${keys.savedConfigs}${live.connectorName}.json`;
  const place = `s3://${bucket}/${key}`;
  const text = `${JSON.stringify(live, undefined, 2)}\n`;
  const found = await objects.read(key);
  if (found.kind === 'denied') return { line: `saved config: access to ${place} is denied`, done: false };
  if (found.kind === 'read' && isDeepStrictEqual(jsonOf(found.text), live)) {
    return { line: `saved config: ${place} says the same already`, done: true };
  }
  if (found.kind !== 'missing' && !request.overwrite) {
    return {
      line: `saved config: ${place} differs from the live connector; left as it is (--overwrite replaces it)`,
      done: false,
    };
  }
  const written = await objects.swap(key, text, found.kind === 'missing' ? undefined : found.tag);
  return written.kind === 'written'
    ? { line: `saved config: ${found.kind === 'missing' ? 'stored' : 'replaced'} ${place}`, done: true }
    : { line: `saved config: somebody else wrote ${place} at this moment; left as it is`, done: false };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
