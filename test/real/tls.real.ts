import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Dumps, dumpOptions } from '../../cli/real/tls/dumps.ts';
import { isProved, ProtocolProof } from '../../cli/real/tls/protocolProof.ts';
import { connectorThreads } from '../../cli/real/tls/threadDump.ts';
import { openTlsGround, type TlsGround } from '../../cli/real/tls/tlsGround.ts';
import { tlsVersions } from '../../cli/real/tls/versions.ts';

const dumps = new Dumps();
let ground: TlsGround;

beforeAll(async () => {
  ground = await openTlsGround({
    proxied: true,
    javaOptions: () => Promise.resolve(dumpOptions),
    onLine: (version, line) => dumps.hear(version, line),
    say: () => undefined,
    signal: AbortSignal.timeout(600_000),
  });
}, 600_000);

afterAll(() => ground.close(), 60_000);

test('each worker reads the binlog with its own version of TLS, as MariaDB says', async () => {
  const proof = new ProtocolProof(ground.mariadb);
  const readsBinlog = () => tlsVersions.every((version) => proof.binlogSessions[version] > 0);
  for (let looks = 0; looks < 60 && !readsBinlog(); looks += 1) {
    await proof.look();
    await sleep(500);
  }

  expect(isProved(proof)).toBe(true);
}, 60_000);

test('a row comes through both', async () => {
  await ground.mariadb.sql("INSERT INTO shop.orders (id, note, at) VALUES (1, 'a row', NOW(3))");

  await expect
    .poll(() => tlsVersions.map((version) => ground.topics[version].arrivals.has(1)), { timeout: 30_000 })
    .toEqual([true, true]);
}, 60_000);

test('a worker writes a thread dump when it is told to', async () => {
  const dump = await dumps.take('TLSv1.3', ground.worker('TLSv1.3'));

  expect(dump.jvm).toMatch(/^OpenJDK .*VM \(/);
  expect(connectorThreads(dump).map(({ name }) => name)).toContainEqual(expect.stringMatching(/^blc-127\.0\.0\.1:/));
}, 60_000);

test('a connector that is created again goes on where it was', async () => {
  await ground.recreate('TLSv1.2');
  await ground.mariadb.sql("INSERT INTO shop.orders (id, note, at) VALUES (2, 'a row', NOW(3))");

  await expect.poll(() => ground.topics['TLSv1.2'].arrivals.has(2), { timeout: 60_000 }).toBe(true);
  expect(ground.topics['TLSv1.2'].count(2)).toMatchObject({ arrived: 2, duplicated: 0, lost: 0 });
}, 120_000);
