import { describe, expect, it } from 'vitest';
import { realCast, type Quicker } from '../../../cli/real/cast.ts';
import { serverNameOf } from '../../../lambda/captureEntry.ts';
import { kindOf } from '../../../settings/connectorKind.ts';
import { plainSecrets } from '../../../recovery/secrets.ts';

const endpoints = {
  databasePort: 23306,
  bootstrapServers: '127.0.0.1:19092',
  password: '${file:/run/secrets:mariadb}',
};
const quicker = { keepAliveSeconds: 10, flushSeconds: 15 };
const configurations = (asked?: Quicker) => realCast(asked).map(({ configuration }) => configuration(endpoints));

describe('the connectors of the main run', () => {
  it('read the same table through connections of their own, each as a replica of its own', () => {
    expect(
      configurations().map((each) => [each['database.port'], each['table.include.list'], each['database.server.id']]),
    ).toEqual([
      ['23306', 'shop.orders', '6401'],
      ['23306', 'shop.orders', '6402'],
    ]);
  });

  it('hold no password, only where it lies', () => {
    expect(configurations().map((each) => each['database.password'])).toEqual([
      '${file:/run/secrets:mariadb}',
      '${file:/run/secrets:mariadb}',
    ]);
    expect(configurations().flatMap(plainSecrets)).toEqual([]);
  });

  it('never notice by themselves that a connection is half open', () => {
    expect(configurations().map((each) => each['connect.keep.alive'])).toEqual(['false', 'false']);
  });

  it.each([
    ['its usual heartbeat in the full form', undefined, undefined],
    ['a shorter one in the short form', quicker, '10000'],
  ])('ask the database for %s', (_, asked, interval) => {
    expect(configurations(asked).map((each) => each['connect.keep.alive.interval.ms'])).toEqual([interval, interval]);
  });

  it.each([
    ['once a minute in the full form', undefined, {}],
    ['more often in the short form', quicker, { 'offset.flush.interval.ms': '15000' }],
  ])('commit their offsets %s', (_, asked, properties) => {
    expect(realCast(asked).map(({ workerProperties }) => workerProperties)).toEqual([properties, properties]);
  });

  it('publish their rows into the topic that is counted', () => {
    expect(configurations().map((each) => `${serverNameOf(each)}.${each['table.include.list']}`)).toEqual(
      realCast().map(({ topic }) => topic),
    );
  });

  it('are seen by capture as what they are: with the adapter, Debezium’s MySQL connector is one for MariaDB', () => {
    expect(configurations().map(kindOf)).toEqual(['mariadb', 'mysql']);
  });
});
