import { CreateWorkerConfigurationCommand, ListWorkerConfigurationsCommand } from '@aws-sdk/client-kafkaconnect';
import type { KafkaConnectClient } from '@aws-sdk/client-kafkaconnect';
import type { CreateRequest, LiveConnector } from '../recovery/connector.ts';
import { pinName } from '../recovery/ownPin.ts';
import { PortError } from '../recovery/ports.ts';
import type { Pin } from '../recovery/ports.ts';
import { failureOf, portError } from './awsErrors.ts';
import { cleanReason } from './cleanText.ts';
import { readJavaProperties } from './javaProperties.ts';
import { defaultTopic } from './offsetSurvival.ts';
import { readWorkerConfiguration } from './workerConfigurations.ts';

/** What MSK Connect gives a connector that names no worker configuration: https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-workers.html */
const platformDefault = [
  'key.converter=org.apache.kafka.connect.storage.StringConverter',
  'value.converter=org.apache.kafka.connect.storage.StringConverter',
].join('\n');

const mostPages = 20;

/** Looks for the worker configuration that pins the default offsets topic of `live` beside all that `request` asks of its own. @throws PortError */
export async function findPin(client: KafkaConnectClient, live: LiveConnector, request: CreateRequest): Promise<Pin> {
  const wanted = await wantedText(client, live, request);
  if (typeof wanted !== 'string') return wanted;
  const name = pinName(live);
  const arn = await arnOf(client, name);
  if (arn === undefined) return { kind: 'missing' };
  const workerConfiguration = { workerConfigurationArn: arn, revision: 1 };
  const found = await readWorkerConfiguration(client, { workerConfiguration });
  if (found.kind === 'read' && same(found.text, wanted)) return { kind: 'pinned', workerConfiguration };
  return { kind: 'refused', reason: `worker configuration ${name} is there and says something else` };
}

/**
 * Makes it. Twice is as good as once: a name is taken once, and what is there under it is compared.
 * @throws PortError
 */
export async function makePin(
  client: KafkaConnectClient,
  once: KafkaConnectClient,
  live: LiveConnector,
  request: CreateRequest,
): Promise<Pin> {
  const wanted = await wantedText(client, live, request);
  if (typeof wanted !== 'string') return wanted;
  const name = pinName(live);
  try {
    const made = await once.send(
      new CreateWorkerConfigurationCommand({
        name,
        description: `Keeps the offsets of connector ${live.name} in the topic of ${live.arn}`.slice(0, 1024),
        propertiesFileContent: Buffer.from(wanted).toString('base64'),
      }),
    );
    if (made.workerConfigurationArn === undefined) {
      throw new PortError('unexpected', 'CreateWorkerConfiguration: an answer without ARN');
    }
    const revision = made.latestRevision?.revision ?? 1;
    return {
      kind: 'pinned',
      workerConfiguration: { workerConfigurationArn: made.workerConfigurationArn, revision },
    };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.name === 'ConflictException') {
      const found = await findPin(client, live, request);
      // Taken and not listed yet: the next look sees it.
      if (found.kind === 'missing')
        throw new PortError('unavailable', `worker configuration ${name} is not listed yet`);
      return found;
    }
    const mapped = portError('CreateWorkerConfiguration', error);
    if (mapped.code === 'throttled' || mapped.code === 'unavailable') throw mapped;
    return { kind: 'refused', reason: `CreateWorkerConfiguration: ${failure.name}: ${cleanReason(failure.message)}` };
  }
}

/** The text of the request's own worker configuration, with the topic; or why there can be none. */
async function wantedText(
  client: KafkaConnectClient,
  live: LiveConnector,
  request: CreateRequest,
): Promise<string | Pin> {
  const own = await readWorkerConfiguration(client, request);
  if (own.kind !== 'none' && own.kind !== 'read') return { kind: 'refused', reason: own.reason };
  const text = own.kind === 'read' ? own.text : platformDefault;
  const topic = defaultTopic(live);
  const wanted = `${text.replace(/\s*$/, '')}\noffset.storage.topic=${topic}\n`;
  const properties = readJavaProperties(text);
  const read = readJavaProperties(wanted);
  // A last line that goes on, such as one that ends in a backslash, would swallow the topic.
  const keepsAll = [...properties].every(([key, value]) => read.get(key) === value);
  if (properties.has('offset.storage.topic') || read.get('offset.storage.topic') !== topic || !keepsAll) {
    return {
      kind: 'refused',
      reason: 'its worker configuration does not take an offset.storage.topic beside what it says',
    };
  }
  return wanted;
}

/** Compared as what Kafka Connect reads of them. */
function same(one: string, other: string): boolean {
  const [a, b] = [readJavaProperties(one), readJavaProperties(other)];
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}

async function arnOf(client: KafkaConnectClient, name: string): Promise<string | undefined> {
  let nextToken: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    try {
      const answer = await client.send(
        new ListWorkerConfigurationsCommand({
          namePrefix: name,
          maxResults: 100,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      );
      const found = answer.workerConfigurations?.find((one) => one.name === name)?.workerConfigurationArn;
      if (found !== undefined) return found;
      nextToken = answer.nextToken;
    } catch (error) {
      throw portError('ListWorkerConfigurations', error);
    }
    if (nextToken === undefined) return undefined;
  }
  throw new PortError('unexpected', `ListWorkerConfigurations: more than ${mostPages} pages`);
}
