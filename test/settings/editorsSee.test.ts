import { Ajv } from 'ajv';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SettingsError } from '../../settings/faults.ts';
import { checkSelfManaged } from '../../settings/selfManagedDeploy.ts';
import { checkWatchdogSettings } from '../../settings/watchdogRead.ts';

const schemaOf = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../${name}.schema.json`, import.meta.url), 'utf8')) as object;
const watchdogSchema = schemaOf('watchdog');
const selfManagedSchema = schemaOf('self-managed');

/** Whether an editor and the program take the file. */
function taken(schema: object, read: (file: object) => unknown, file: object) {
  const editor = new Ajv({ strict: false, validateFormats: false }).validate(schema, file);
  try {
    read(file);
    return { editor, program: true };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { editor, program: false };
  }
}

const topicArn = 'arn:aws:sns:ap-northeast-2:111122223333:people';
const webhooks = [{ urlEnv: 'HOOK', format: 'json' }];
const brokers = { bootstrapServers: ['broker:9093'] };

describe('an editor takes of watchdog.json what the program takes:', () => {
  const file = (tell: object, cluster: object = {}) => ({
    clusters: [{ name: 'shop', urls: ['https://connect:8083'], ...cluster }],
    store: { folder: '/var/lib/watchdog' },
    tell,
  });

  it.each<[string, object, boolean]>([
    ['nobody who is told', file({}), false],
    ['nobody, in an empty list', file({ webhooks: [] }), false],
    ['a topic', file({ topicArn }), true],
    ['a topic, and an empty list', file({ topicArn, webhooks: [] }), true],
    ['a webhook', file({ webhooks }), true],
    ['both', file({ topicArn, webhooks }), true],
    ['that nobody is told', file({ logOnly: true }), true],
    ['that nobody is told, and an empty list', file({ logOnly: true, webhooks: [] }), true],
    ['that nobody is told, and a topic', file({ logOnly: true, topicArn }), false],
    ['that nobody is told, and a webhook', file({ logOnly: true, webhooks }), false],
    ['a certificate without its key', file({ topicArn }, { tls: { certFile: 'a.pem' } }), false],
    ['a key without its certificate', file({ topicArn }, { tls: { keyFile: 'a.key' } }), false],
    ['a certificate and its key', file({ topicArn }, { tls: { certFile: 'a.pem', keyFile: 'a.key' } }), true],
    ['neither', file({ topicArn }, { tls: {} }), true],
    ['half of it for Kafka', file({ topicArn }, { kafka: { ...brokers, tls: { certFile: 'a.pem' } } }), false],
  ])('%s', (_title, input, takes) => {
    const read = (one: object) => checkWatchdogSettings(one, 'watchdog.json');
    expect(taken(watchdogSchema, read, input)).toEqual({ editor: takes, program: takes });
  });
});

describe('an editor takes of self-managed.json what the program takes:', () => {
  const usual = {
    operators: ['arn:aws:iam::111122223333:role/oncall'],
    network: {
      vpcId: 'vpc-0123456789abcdef0',
      subnetIds: ['subnet-0123456789abcdef0'],
      kafkaSecurityGroupId: 'sg-01234567',
    },
    kafka: { security: 'tls', bootstrapServers: ['b-1.shop.example.com:9094'] },
  };
  const told = { ...usual, notify: { subscribedElsewhere: true } };
  const image = '111122223333.dkr.ecr.ap-northeast-2.amazonaws.com/connect:1.4.0';
  const jmxAgent = { jar: '/agent.jar', configuration: '/agent.yaml' };

  it.each<[string, object, boolean]>([
    ['nothing of who is told', usual, false],
    ['nobody who is told', { ...usual, notify: {} }, false],
    ['nobody, in an empty list', { ...usual, notify: { emails: [] } }, false],
    ['an address', { ...usual, notify: { emails: ['oncall@example.com'] } }, true],
    ['a topic', { ...usual, notify: { topic: { arn: topicArn } } }, true],
    ['subscribers by other means', told, true],
    ['a version of Debezium', { ...told, connect: { debezium: '3.0.8.Final' } }, true],
    ['an image', { ...told, connect: { image, jmxAgent } }, true],
    ['both', { ...told, connect: { image, debezium: '3.0.8.Final' } }, false],
    ['an agent without an image', { ...told, connect: { jmxAgent } }, false],
  ])('%s', (_title, input, takes) => {
    const read = (one: object) => checkSelfManaged(one, 'self-managed.json');
    expect(taken(selfManagedSchema, read, input)).toEqual({ editor: takes, program: takes });
  });
});

describe('an editor says of every field what it is', () => {
  it.each([
    ['watchdog.json', watchdogSchema],
    ['self-managed.json', selfManagedSchema],
  ])('in %s', (_file, schema) => {
    expect(undescribed(schema, '')).toEqual([]);
  });

  it('down to the depths', () => {
    const bare = { properties: { a: { items: { oneOf: [{ properties: { b: {} } }] } }, c: { description: 'C.' } } };
    expect(undescribed(bare, '')).toEqual(['.a', '.a[].b']);
  });
});

interface Node {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly additionalProperties?: Node | false;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
}

/** The fields whose description an editor would look for in vain; what a form only asks for besides, as `required` does, is described elsewhere. */
function undescribed(node: Node, place: string): string[] {
  const forms = [...(node.anyOf ?? []), ...(node.oneOf ?? [])].filter(
    (form) => !('required' in form) || 'type' in form,
  );
  return [
    ...Object.entries(node.properties ?? {}).flatMap(([name, field]) => [
      ...(field.description === undefined ? [`${place}.${name}`] : []),
      ...undescribed(field, `${place}.${name}`),
    ]),
    ...(node.items ? undescribed(node.items, `${place}[]`) : []),
    ...(node.additionalProperties ? undescribed(node.additionalProperties, `${place}.*`) : []),
    ...forms.flatMap((form) => undescribed(form, place)),
  ];
}
