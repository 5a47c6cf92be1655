import { CreateWorkerConfigurationCommand, ListWorkerConfigurationsCommand } from '@aws-sdk/client-kafkaconnect';
import type { KafkaConnectClient } from '@aws-sdk/client-kafkaconnect';
import type { CreateRequest, LiveConnector } from '../recovery/connector.ts';
import { pinName, pinPrefix } from '../recovery/ownPin.ts';
import { PortError } from '../recovery/ports.ts';
import type { Pin } from '../recovery/ports.ts';
import { failureOf, portError } from '../tell/awsErrors.ts';
import { cleanReason } from '../tell/cleanText.ts';
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
 * Looks for the worker configuration that was made for an earlier connector of the request's name. Without a backup that names it, it is known by
 * its name and by the topic that it pins. @throws PortError what may pass by itself
 */
export async function findEarlierPin(
  client: KafkaConnectClient,
  request: CreateRequest,
  known: CreateRequest['workerConfiguration'],
): Promise<Pin> {
  const own = await readWorkerConfiguration(client, request);
  // Whoever pins a topic of his own choice moved there since.
  if (own.kind === 'read' && own.properties.has('offset.storage.topic')) return { kind: 'missing' };
  if (known !== undefined) {
    const found = await readWorkerConfiguration(client, { workerConfiguration: known });
    return found.kind === 'gone'
      ? { kind: 'refused', reason: found.reason }
      : { kind: 'pinned', workerConfiguration: known };
  }
  const named = await listNamed(client, pinPrefix(request.connectorName));
  const pins = [];
  for (const one of named) {
    const workerConfiguration = { workerConfigurationArn: one.arn, revision: 1 };
    // oxlint-disable-next-line no-await-in-loop -- there is seldom more than one
    const found = await readWorkerConfiguration(client, { workerConfiguration });
    const topic = found.kind === 'read' ? found.properties.get('offset.storage.topic') : undefined;
    const id = one.name.slice(pinPrefix(request.connectorName).length);
    // A longer name may begin like this one, and two names may be spelt alike: the topic tells them apart.
    if (topic === defaultTopic({ name: request.connectorName, arn: id })) pins.push(workerConfiguration);
  }
  const [pin, ...more] = pins;
  if (pin === undefined) return { kind: 'missing' };
  if (more.length === 0) return { kind: 'pinned', workerConfiguration: pin };
  const arns = pins.map((one) => one.workerConfigurationArn).join(', ');
  return { kind: 'refused', reason: `several worker configurations were made for connectors of this name (${arns})` };
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
  return (await listNamed(client, name)).find((one) => one.name === name)?.arn;
}

async function listNamed(
  client: KafkaConnectClient,
  namePrefix: string,
): Promise<{ readonly name: string; readonly arn: string }[]> {
  const named: { readonly name: string; readonly arn: string }[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one page names the next
      const answer = await client.send(
        new ListWorkerConfigurationsCommand({
          namePrefix,
          maxResults: 100,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      );
      for (const { name, workerConfigurationArn: arn } of answer.workerConfigurations ?? []) {
        if (name !== undefined && arn !== undefined) named.push({ name, arn });
      }
      nextToken = answer.nextToken;
    } catch (error) {
      throw portError('ListWorkerConfigurations', error);
    }
    if (nextToken === undefined) return named;
  }
  throw new PortError('unexpected', `ListWorkerConfigurations: more than ${mostPages} pages`);
}
