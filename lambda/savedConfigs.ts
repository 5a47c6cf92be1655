import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import type { CreateRequest } from '../recovery/connector.ts';
import { parseCreateRequest } from '../recovery/createRequest.ts';
import { PortError } from '../recovery/ports.ts';
import type { FoundBackup, SavedConfigs } from '../recovery/ports.ts';
import type { ConnectorSettings } from '../settings/connectorSettings.ts';
import { keys } from '../settings/environment.ts';
import { faultsOf } from '../tell/faults.ts';
import { mostBytes } from '../store/objects.ts';
import type { Objects } from '../store/objects.ts';

/** Where a connector's saved create request lies. */
export interface SavedPlace {
  readonly objects: Objects;
  readonly key: string;
  /** The one role that the function may pass on when it creates this connector. */
  readonly executionRoleArn?: string;
}

/** The place of each connector's saved config: the stack's bucket, or one of the user's. */
export function savedPlaces(
  connectors: readonly ConnectorSettings[],
  stackBucket: Objects,
  open: (bucket: string) => Objects,
): (connector: string) => SavedPlace {
  const places = new Map(
    connectors.map(({ name, executionRoleArn, savedConfig: { bucket, key } }) => [
      name,
      { objects: bucket === undefined ? stackBucket : open(bucket), key, executionRoleArn },
    ]),
  );
  return (connector) => places.get(connector) ?? { objects: stackBucket, key: `${keys.savedConfigs}${connector}.json` };
}

/** The port SavedConfigs. Backups always lie in the stack's own bucket. */
export function s3SavedConfigs(placeOf: (connector: string) => SavedPlace, backups: Objects): SavedConfigs {
  return {
    async read(connector) {
      const { objects, key, executionRoleArn } = placeOf(connector);
      const place = `s3://${objects.bucket}/${key}`;
      try {
        const found = await objects.read(key);
        switch (found.kind) {
          case 'missing':
            return { kind: 'missing', place };
          case 'denied':
            return {
              kind: 'unreadable',
              reason: 'access denied; without s3:ListBucket S3 answers the same for an object that is not there',
              place,
            };
          case 'too-large':
            return {
              kind: 'invalid',
              faults: [`the object has ${found.bytes} bytes; expected at most ${mostBytes}`],
              place,
            };
          case 'read': {
            const parsed = parseCreateRequest(found.text, connector);
            const fault = parsed.kind === 'valid' ? roleFault(parsed.request, executionRoleArn) : undefined;
            return fault === undefined ? { ...parsed, place } : { kind: 'invalid', faults: [fault], place };
          }
        }
      } catch (error) {
        // A bucket that does not exist stays so; what may pass goes on.
        if (error instanceof PortError && error.code === 'unexpected') {
          return { kind: 'unreadable', reason: error.message, place };
        }
        throw error;
      }
    },

    async capture(connector, request) {
      const { objects, key } = placeOf(connector);
      const written = await objects.swap(key, JSON.stringify(request, undefined, 2), undefined);
      return { kind: written.kind === 'written' ? 'stored' : 'exists', place: `s3://${objects.bucket}/${key}` };
    },

    async replace(connector, request) {
      const { objects, key, executionRoleArn } = placeOf(connector);
      const place = `s3://${objects.bucket}/${key}`;
      const text = JSON.stringify(request, undefined, 2);
      const parsed = parseCreateRequest(text, connector);
      const fault = parsed.kind === 'valid' ? roleFault(parsed.request, executionRoleArn) : undefined;
      if (parsed.kind === 'invalid') return { kind: 'unfit', place, faults: parsed.faults };
      if (fault !== undefined) return { kind: 'unfit', place, faults: [fault] };
      const found = await objects.read(key);
      switch (found.kind) {
        case 'denied':
          throw new PortError('denied', `GetObject ${place}: access denied`);
        case 'missing': {
          const written = await objects.swap(key, text, undefined);
          return written.kind === 'written' ? { kind: 'stored', place, tag: written.tag } : { kind: 'lost', place };
        }
        case 'read':
        case 'too-large': {
          if (found.kind === 'read' && says(found.text, request)) return { kind: 'same', place, tag: found.tag };
          if (found.version === undefined) return { kind: 'no-versions', place };
          const written = await objects.swap(key, text, found.tag);
          return written.kind === 'written'
            ? { kind: 'stored', place, tag: written.tag, before: found.version }
            : { kind: 'lost', place };
        }
      }
    },

    async writeBackup(backup) {
      const key = `${keys.backups}${backup.connector}/${backup.at}-${backup.recoveryId}.json`;
      await backups.write(key, JSON.stringify(backup, undefined, 2));
      return `s3://${backups.bucket}/${key}`;
    },

    async newestBackup(connector) {
      // The time in front makes the order of the keys the order of time.
      const newest = (await backups.list(`${keys.backups}${connector}/`)).at(-1);
      if (newest === undefined) return undefined;
      const found = await backups.read(newest);
      if (found.kind === 'missing') return undefined;
      const place = `s3://${backups.bucket}/${newest}`;
      if (found.kind === 'denied') throw new PortError('denied', `GetObject ${place}: access denied`);
      if (found.kind === 'too-large') return { kind: 'broken', reason: `${place} has ${found.bytes} bytes` };
      return parseBackup(found.text, connector, place);
    },
  };
}

function says(text: string, request: CreateRequest): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(text), JSON.parse(JSON.stringify(request)));
  } catch {
    return false;
  }
}

/** Found while the connector still lives: CreateConnector would be refused for iam:PassRole when it is gone. */
function roleFault(request: CreateRequest, executionRoleArn: string | undefined): string | undefined {
  if (executionRoleArn === undefined || request['serviceExecutionRoleArn'] === executionRoleArn) return undefined;
  return `serviceExecutionRoleArn: expected ${executionRoleArn}, the executionRoleArn in connectors.json: no other may the function pass on.`;
}

const request = v.looseObject({
  connectorName: v.string(),
  kafkaConnectVersion: v.string(),
  connectorConfiguration: v.record(v.string(), v.string()),
});

const backupShape = v.looseObject({
  schema: v.literal(1),
  connector: v.string(),
  recoveryId: v.string(),
  at: v.string(),
  arn: v.string(),
  version: v.string(),
  live: request,
  recreateFrom: request,
  closed: v.optional(v.looseObject({ at: v.string(), why: v.string() })),
});

function parseBackup(text: string, connector: string, place: string): FoundBackup {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'broken', reason: `${place} is not JSON` };
  }
  const read = v.safeParse(backupShape, json);
  if (!read.success) return { kind: 'broken', reason: `${place}: ${faultsOf(read.issues).join('; ')}` };
  if (read.output.connector !== connector) return { kind: 'broken', reason: `${place} is another connector's` };
  return { kind: 'read', backup: read.output };
}
