import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, expect, it } from 'vitest';
import { s3Journals } from '../../store/journals.ts';
import { s3Neighbours } from '../../store/neighbours.ts';
import { bucketObjects } from '../../store/objects.ts';
import { AwsError } from '../../local/aws/awsError.ts';
import type { CallHooks } from '../../local/aws/calls.ts';
import type { InStack } from '../../recovery/suspicion.ts';
import { startServices, type TestServices } from './services.ts';

let services: TestServices;
afterEach(() => services.close());

const at = '2026-11-21T04:40:00.000Z';
const said: InStack = {
  suspected: {
    since: at,
    seenAt: at,
    verdict: 'elsewhere',
    host: 'orders-db',
    stands: { since: at, remedy: 'restart', approvable: true },
  },
  cameBack: { at, host: 'orders-db' },
  announced: { at, probes: 3 },
};

async function neighboursOf(names: readonly string[], fault?: CallHooks['fault']) {
  services = await startServices([], fault && { fault });
  const journals = s3Journals(bucketObjects(services.clients.s3, 'shop'));
  const put = (connector: string, Body: string) =>
    services.clients.s3.send(new PutObjectCommand({ Bucket: 'shop', Key: `journals/${connector}.json`, Body }));
  const neighbours = s3Neighbours(
    journals,
    names.map((name) => ({ name })),
  );
  return { journals, neighbours, put };
}

it('reads the journals of all others, and says which it could not read', async () => {
  const { journals, neighbours, put } = await neighboursOf(['orders', 'returns', 'stock', 'invoices'], (call) =>
    call.operation === 'GetObject' && String(call.input['Key']).includes('invoices')
      ? new AwsError('AccessDenied', 403, 'no')
      : undefined,
  );
  const written = { schema: 1, connector: 'returns', history: [], stack: said } as const;
  await journals.write('returns', written, undefined);
  await put('stock', '{"schema": 1, "conn');
  await put('orders', 'its own, which it knows better');
  const found = await neighbours.of('orders');
  expect(found).toEqual([
    { kind: 'read', connector: 'returns', journal: written },
    { kind: 'unreadable', connector: 'stock', reason: 'the journal is 19 characters that are not JSON' },
    { kind: 'unreadable', connector: 'invoices', reason: expect.stringContaining('access denied') },
  ]);
});

it('knows nothing of one that was never looked at, which is no fault', async () => {
  const { neighbours } = await neighboursOf(['orders', 'returns']);
  expect(await neighbours.of('orders')).toEqual([{ kind: 'read', connector: 'returns', journal: undefined }]);
});

it('refuses a journal whose word to the stack is of another shape, rather than to count it wrongly', async () => {
  const { neighbours, put } = await neighboursOf(['orders', 'returns']);
  const journal = { schema: 1, connector: 'returns', history: [], stack: { suspected: { since: 'yesterday' } } };
  await put('returns', JSON.stringify(journal));
  expect(await neighbours.of('orders')).toMatchObject([{ kind: 'unreadable', connector: 'returns' }]);
});

it('reads at most eight at once', async () => {
  let underWay = 0;
  let most = 0;
  const names = Array.from({ length: 30 }, (_, index) => `c${index}`);
  const neighbours = s3Neighbours(
    {
      async read() {
        underWay += 1;
        most = Math.max(most, underWay);
        await Promise.resolve();
        underWay -= 1;
        return { journal: undefined, tag: undefined };
      },
      write: () => Promise.resolve({ kind: 'lost' }),
    },
    names.map((name) => ({ name })),
  );
  services = await startServices();
  expect((await neighbours.of('c0')).length).toBe(29);
  expect(most).toBe(8);
});
