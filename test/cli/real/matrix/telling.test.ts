import { describe, expect, it } from 'vitest';
import { fewest, isTelling, strippedLine } from '../../../../cli/real/matrix/telling.ts';

const prefix = '[Worker-0] [2026-11-21 02:33:57,654]';

describe('which lines are kept', () => {
  it.each([
    `${prefix} ERROR [orders-cdc|task-0] Graceful stop of task orders-cdc-0 failed. (org.apache.kafka.connect.runtime.Worker:1077)`,
    `${prefix} INFO [orders-cdc|task-0|offsets] WorkerSourceTask{id=orders-cdc-0} Committing offsets for 12 acknowledged messages`,
    'INFO: Keepalive: Trying to restore lost connection to 127.0.0.1:3306',
    'Caused by: java.net.SocketException: Connection reset',
  ])('%s', (line) => {
    expect(isTelling(line)).toBe(true);
  });

  it.each([
    `${prefix} WARN The configuration 'plugin.path' was supplied but isn't a known config. (org.apache.kafka.clients.admin.AdminClientConfig:385)`,
    '\treconnect.backoff.ms = 50',
    '\tat com.mysql.cj.jdbc.exceptions.SQLError.createSQLException(SQLError.java:110)',
    'Caused by: java.lang.ClassNotFoundException: org.osgi.framework.BundleListener',
    `${prefix} INFO Kafka version: 3.7.1 (org.apache.kafka.common.utils.AppInfoParser:124)`,
  ])('not %s', (line) => {
    expect(isTelling(line)).toBe(false);
  });
});

describe('what is left of a line', () => {
  it.each([
    ['connects with hunter2 now', 'connects with (secret) now'],
    ['database.password = abc123', 'database.password = (secret)'],
    ['reads /tmp/cr-x1/secrets.properties, then', 'reads (path), then'],
    ['lost connection to 10.77.0.2:34207', 'lost connection to 10.77.0.2:(port)'],
    ['Failed to connect to 127.0.0.1:43567', 'Failed to connect to 127.0.0.1:(port)'],
  ])('%s: %s', (line, left) => {
    expect(strippedLine(line, ['hunter2', ''])).toBe(left);
  });

  it('is shortened', () => {
    expect(strippedLine('x'.repeat(1000), [])).toHaveLength(303);
  });
});

describe('where there are too many', () => {
  it('the first of each kind stay, in their order', () => {
    const [first, again, other, third] = [
      '[a] tried 1 times',
      '[b] tried 2 times',
      '[c] gave up',
      '[d] tried 3 times',
    ].map((line) => ({ line }));
    const lines = [first, again, other, third].filter((line) => line !== undefined);
    expect(fewest(lines, 2)).toEqual([first, other]);
    expect(fewest(lines, 3)).toEqual([first, again, other]);
    expect(fewest(lines, 9)).toEqual(lines);
  });
});
