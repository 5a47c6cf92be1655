import { expect, test } from 'vitest';
import { parseProperties } from '../../../../local/connect/properties.ts';
import { propertiesText, workerSettings } from '../../../../local/connect/real/workerSettings.ts';

const platform = { bootstrapServers: '127.0.0.1:9092', restPort: 18_083, pluginFolders: ['/p/one', '/p/two'] };
const settingsOf = (workerProperties: Readonly<Record<string, string>>, id = 'aa-2') =>
  workerSettings(
    {
      name: 'orders-cdc',
      arn: `arn:aws:kafkaconnect:us-east-1:111122223333:connector/orders-cdc/${id}`,
      connectVersion: '3.7.x',
      configuration: {},
      plugins: ['one', 'two'],
      workerProperties,
    },
    platform,
  );

test('a worker configuration without a word gets the defaults of MSK Connect and of Kafka Connect', () => {
  expect(settingsOf({})).toEqual({
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'offset.flush.interval.ms': '60000',
    'bootstrap.servers': '127.0.0.1:9092',
    'group.id': '__amazon_msk_connect_orders-cdc_aa-2',
    listeners: 'http://127.0.0.1:18083',
    'rest.advertised.host.name': '127.0.0.1',
    'rest.advertised.port': '18083',
    'plugin.path': '/p/one,/p/two',
    'config.storage.replication.factor': '1',
    'offset.storage.replication.factor': '1',
    'status.storage.replication.factor': '1',
  });
});

test('a recreated connector gets a group of its own', () => {
  expect(settingsOf({}, 'bb-2')['group.id']).toBe('__amazon_msk_connect_orders-cdc_bb-2');
});

test.for([
  ['key.converter', 'org.apache.kafka.connect.json.JsonConverter', 'org.apache.kafka.connect.json.JsonConverter'],
  ['key.converter.schemas.enable', 'false', 'false'],
  ['offset.flush.interval.ms', '10000', '10000'],
  ['offset.storage.topic', 'shop-offsets', 'shop-offsets'],
  ['offset.storage.partitions', '25', '25'],
  ['offset.storage.replication.factor', '3', '1'],
  ['producer.acks', '1', '1'],
  ['config.providers', 'file', 'file'],
  ['group.id', 'mine', '__amazon_msk_connect_orders-cdc_aa-2'],
  ['listeners', 'http://0.0.0.0:8083', 'http://127.0.0.1:18083'],
  ['plugin.path', '/mine', '/p/one,/p/two'],
  ['bootstrap.servers', 'elsewhere:9092', '127.0.0.1:9092'],
  ['rest.port', '1', undefined],
  ['rest.advertised.port', '1', '18083'],
  ['scheduled.rebalance.max.delay.ms', '0', undefined],
  ['worker.unsync.backoff.ms', '1', undefined],
])('%s=%s becomes %s', ([key, asked, expected]) => {
  expect(settingsOf({ [String(key)]: String(asked) })[String(key)]).toBe(expected);
});

test.for([
  ['plain', 'value'],
  ['a key:with=signs', ' leading and trailing '],
  ['#comment', '!x'],
  ['path', 'C:\\dir\\file'],
  ['lines', 'one\ntwo\tthree\rfour'],
  ['umlaut', 'Gr\u00fc\u00dfe'],
])('a properties file says %s as it was meant', ([key = '', value = '']) => {
  expect(parseProperties(propertiesText({ before: '1', [key]: value, after: '2' }))).toEqual({
    before: '1',
    [key]: value,
    after: '2',
  });
});
