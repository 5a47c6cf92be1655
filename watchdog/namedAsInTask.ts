import { PortError } from '../recovery/ports.ts';
import { isThisHost } from '../settings/thisHost.ts';
import type { ClusterSettings, WatchdogSettings } from '../settings/watchdogSettings.ts';
import { hostAndPort } from './rest/workerAddresses.ts';
import type { Environment } from './secretsOf.ts';

/** Reads JSON. @throws whatever, where no answer came */
type ReadJson = (url: string) => Promise<unknown>;

/**
 * The settings with the name that a worker of this host advertises, where this process is a container of the same ECS task: there all containers share
 * the task's address, by which the states of connectors and tasks name the worker. Elsewhere as they are.
 * @throws PortError where ECS names no address
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate-response.html
 */
export async function namedAsInTask(
  settings: WatchdogSettings,
  environment: Environment,
  readJson: ReadJson = readMetadata,
): Promise<WatchdogSettings> {
  const place = environment['ECS_CONTAINER_METADATA_URI_V4'] ?? '';
  if (place === '' || !settings.clusters.some((cluster) => unnamed(cluster).length > 0)) return settings;
  const address = addressIn(await answerOf(place, readJson));
  if (address === undefined) return settings;
  const clusters = settings.clusters.map((cluster) => ({
    ...cluster,
    advertised: {
      ...cluster.advertised,
      ...Object.fromEntries(unnamed(cluster).map((url) => [hostAndPort(url).replace(/^.*(?=:\d+$)/, address), url])),
    },
  }));
  return { ...settings, clusters };
}

/** Addresses of this host whose worker nobody has named. */
function unnamed({ urls, advertised }: ClusterSettings): readonly string[] {
  const named = new Set(Object.values(advertised));
  return urls.filter((url) => isThisHost(url) && !named.has(url));
}

async function answerOf(place: string, readJson: ReadJson): Promise<unknown> {
  try {
    return await readJson(place);
  } catch (error) {
    throw new PortError('unavailable', `the metadata of this ECS task: no answer`, { cause: error });
  }
}

/** `undefined`: its containers do not share a network of their own. @throws PortError */
function addressIn(metadata: unknown): string | undefined {
  const networks = fieldOf(metadata, 'Networks');
  const first: unknown = Array.isArray(networks) ? networks[0] : undefined;
  if (fieldOf(first, 'NetworkMode') !== 'awsvpc') return undefined;
  const addresses = fieldOf(first, 'IPv4Addresses');
  const address: unknown = Array.isArray(addresses) ? addresses[0] : undefined;
  if (typeof address !== 'string') throw new PortError('unexpected', 'the metadata of this ECS task: no address');
  return address;
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[field] : undefined;
}

async function readMetadata(url: string): Promise<unknown> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5000) });
  return answer.json();
}
