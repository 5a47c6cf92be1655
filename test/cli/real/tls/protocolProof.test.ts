import { expect, test } from 'vitest';
import { closingWords, readClosing } from '../../../../cli/real/tls/closeWhileBlocked.ts';
import { isProved, proofLines, ProtocolProof } from '../../../../cli/real/tls/protocolProof.ts';

type Session = readonly [user: string, command: string, protocol: string, cipher: string];

async function looks(...each: readonly (readonly Session[])[]): Promise<ProtocolProof> {
  const answers = [...each];
  const proof = new ProtocolProof({
    sql: () =>
      Promise.resolve(
        (answers.shift() ?? []).map(([user, command, protocol, cipher]) => ({ user, command, protocol, cipher })),
      ),
  });
  for (let look = 0; look < each.length; look += 1) await proof.look();
  return proof;
}

const tls13: Session = ['tls13', 'Binlog Dump', 'TLSv1.3', 'TLS_AES_256_GCM_SHA384'];
const tls12: Session = ['tls12', 'Binlog Dump', 'TLSv1.2', 'ECDHE-ECDSA-AES256-GCM-SHA384'];

test.each<[string, readonly (readonly Session[])[], boolean]>([
  ['each read the binlog with its own', [[tls13, tls12]], true],
  ['one was away in one look', [[tls13], [tls13, tls12]], true],
  ['one was never seen reading the binlog', [[tls13, ['tls12', 'Sleep', 'TLSv1.2', 'X']]], false],
  ['one once had the other’s', [[tls13, tls12], [['tls12', 'Binlog Dump', 'TLSv1.3', 'X']]], false],
  ['one once had none', [[tls13, tls12], [['tls13', 'Sleep', '', '']]], false],
  ['nobody was seen', [[]], false],
])('%s', async (_, sessions, proved) => {
  expect(isProved(await looks(...sessions))).toBe(proved);
});

test('it is told what was seen how often', async () => {
  const proof = await looks([tls13, tls12], [tls12, ['tls12', 'Sleep', '', '']]);

  expect(proofLines(proof)).toEqual([
    '  user tls13, to be held to TLS 1.3: TLSv1.3 TLS_AES_256_GCM_SHA384 (1 times); 1 times while it read the binlog',
    '  user tls12, to be held to TLS 1.2: TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384 (2 times), no TLS (1 times); 2 times while it read the binlog',
  ]);
});

test('the line of the Java program tells when close() returned', () => {
  expect(readClosing('TLSv1.2 TLS_AES 4096000 3 ')).toEqual({
    protocol: 'TLSv1.2',
    bytesWritten: 4_096_000,
    closedAfterMs: 3,
    where: '',
  });
  expect(closingWords({ closedAfterMs: 3, where: '' })).toBe('close() returned after 3 ms');
});

test('the line of the Java program tells where close() stands when it has not returned', () => {
  const closing = readClosing('TLSv1.3 TLS_AES_256_GCM_SHA384 4161536 -1 closeNotify:735 < close:584');

  expect(closing?.closedAfterMs).toBeUndefined();
  expect(closing && closingWords(closing)).toBe('close() had not returned after 10 s, at closeNotify:735 < close:584');
});

test('another line of Java’s is not taken for it', () => {
  expect(readClosing('error: compilation failed')).toBeUndefined();
});
