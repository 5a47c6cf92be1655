import { describe, expect, test } from 'vitest';
import type { HttpRequest } from '../../../watchdog/rest/transport.ts';
import type { ConnectorSeen } from '../../../watchdog/round/seen.ts';
import { clusterOf, mysql, postgres, sink } from '../clusterOf.ts';

const connectorsOf = (seen: { readonly connectors: { readonly kind: string } }): readonly ConnectorSeen[] => {
  const { connectors } = seen as { connectors: { kind: 'read'; list: readonly ConnectorSeen[] } };
  return connectors.list;
};

describe('one round', () => {
  test('sees every worker, every connector with its tasks, and where each stands', async () => {
    const { connect, rounds } = clusterOf({ workers: 2 });
    connect.addConnector('orders-cdc', mysql);
    connect.addConnector('to-s3', sink, { partitions: 4 });

    const seen = await rounds();

    expect(seen.workers).toMatchObject([
      { worker: 'shop-1.connect:8083', answer: { kind: 'answers' }, version: '3.7.1', rebalancing: false },
      { worker: 'shop-2.connect:8083', answer: { kind: 'answers' }, version: '3.7.1', rebalancing: false },
    ]);
    expect(connectorsOf(seen)).toMatchObject([
      {
        name: 'orders-cdc',
        type: 'source',
        state: 'RUNNING',
        tasks: [{ id: 0, state: 'RUNNING' }],
        offsets: { kind: 'read' },
        lag: { kind: 'not-watched' },
      },
      {
        name: 'to-s3',
        type: 'sink',
        state: 'RUNNING',
        tasks: [
          { id: 0, state: 'RUNNING' },
          { id: 1, state: 'RUNNING' },
        ],
        offsets: { kind: 'not-asked' },
        lag: { kind: 'read' },
      },
    ]);
  });

  test('asks for the list once, whoever many workers there are', async () => {
    const { asked, wire } = noting();
    const { connect, watched, waitFor } = clusterOf({ workers: 3, wire });
    connect.addConnector('orders-cdc', mysql);

    await waitFor(watched.round());

    expect(asked.filter((url) => url.includes('expand=status'))).toHaveLength(1);
    expect(asked.filter((url) => url.endsWith(':8083/'))).toHaveLength(3);
  });

  test('is one at a time: whoever asks meanwhile gets the same', async () => {
    const { connect, watched, waitFor } = clusterOf();
    connect.addConnector('orders-cdc', mysql);

    const both = Promise.all([watched.round(), watched.round()]);
    const [first, second] = await waitFor(both);

    expect(first).toBe(second);
  });

  test('looks after those alone that the patterns name, and knows of the others', async () => {
    const { connect, rounds, watched } = clusterOf({ settings: { connectors: ['orders-*'], except: ['orders-old'] } });
    for (const name of ['orders-cdc', 'orders-old', 'users-cdc']) connect.addConnector(name, mysql);

    const seen = await rounds();

    expect(watched.watched()).toEqual(['shop/orders-cdc']);
    expect(seen.connectors).toMatchObject({ others: [{ name: 'orders-old' }, { name: 'users-cdc' }] });
  });
});

/** Notes every address that is asked for. */
function noting() {
  const asked: string[] = [];
  const wire = ({ url }: HttpRequest): undefined => {
    asked.push(url);
  };
  return { asked, wire };
}

describe('workers in trouble', () => {
  test('a slow worker holds nobody: the round ends within 2 s, with everything but what it alone knows', async () => {
    const { connect, rounds } = clusterOf({ workers: 3 });
    for (let index = 0; index < 20; index += 1) connect.addConnector(`orders-${index}`, mysql);
    connect.slowWorker(0, 4000);

    const seen = await rounds();

    expect(seen.tookSeconds).toBeLessThan(2);
    expect(seen.workers[0]?.answer).toMatchObject({ kind: 'slow' });
    expect(connectorsOf(seen)).toHaveLength(20);
    expect(connectorsOf(seen).filter(({ offsets }) => offsets.kind === 'read')).toHaveLength(20);
  });

  test('it is slow as long as it answers at all, and no more when it answers well again', async () => {
    const { connect, rounds } = clusterOf({ workers: 2 });
    connect.slowWorker(0, 4000);
    await rounds(60);
    const slow = await rounds();
    connect.slowWorker(0, 0);
    await rounds(30);
    const well = await rounds();

    expect(slow.workers[0]?.answer?.kind).toBe('slow');
    expect(well.workers[0]?.answer?.kind).toBe('answers');
  });

  test('one answer that never came makes it slow, the second in a row makes it silent', async () => {
    const { connect, rounds } = clusterOf({ workers: 2 });
    connect.slowWorker(0, 60_000);

    const answers = [await rounds(), await rounds(), await rounds()].map(({ workers }) => workers[0]?.answer?.kind);

    expect(answers).toEqual(['slow', 'slow', 'silent']);
  });

  test('a worker that is gone is silent, since it was first not reached', async () => {
    const { connect, rounds, now } = clusterOf({ workers: 2 });
    connect.addConnector('orders-cdc', mysql);
    await rounds(30);
    const goneAt = now();
    connect.killWorker(0);

    await rounds(30);
    const seen = await rounds();

    expect(seen.workers[0]?.answer).toMatchObject({
      kind: 'silent',
      since: expect.stringMatching(goneAt.slice(0, 19)),
    });
    expect(connectorsOf(seen).map(({ name }) => name)).toEqual(['orders-cdc']);
  });

  test('a worker that hangs is slow first, then silent', async () => {
    const { connect, rounds } = clusterOf({ workers: 2 });
    await rounds();
    connect.freezeWorker(1);

    const first = await rounds();
    await rounds(30);
    const later = await rounds();

    expect(first.workers[1]?.answer?.kind).toBe('slow');
    expect(later.workers[1]?.answer?.kind).toBe('silent');
  });

  test('a worker that lost its group is told as such, though its REST interface answers', async () => {
    const { connect, rounds } = clusterOf({ workers: 2 });
    connect.addConnector('orders-cdc', mysql);
    await rounds(20);
    connect.loseGroup(1, 600);

    const soon = await rounds();
    await rounds(30);
    const later = await rounds();

    expect(soon.workers[1]?.answer?.kind).toBe('answers');
    expect(later.workers[1]?.answer).toMatchObject({ kind: 'lost-its-group' });
    expect(later.workers[0]?.answer?.kind).toBe('answers');
  });

  test('what the herder says at last, after 90 s, is the reason', async () => {
    const { connect, rounds } = clusterOf({ workers: 1 });
    await rounds(20);
    connect.loseGroup(0, 600);
    await rounds(120);

    const seen = await rounds();

    expect(seen.workers[0]?.answer).toMatchObject({
      kind: 'lost-its-group',
      reason: expect.stringContaining('Request timed out'),
    });
  });

  test('one question for the herder is open at a time: a worker that hangs is not buried under them', async () => {
    const { asked, wire } = noting();
    const { connect, rounds } = clusterOf({ workers: 1, wire });
    connect.loseGroup(0, 600);

    await rounds(80);

    expect(asked.filter((url) => url.endsWith('/connectors/connector-watchdog'))).toHaveLength(1);
  });

  test('a rebalance is seen, and its end', async () => {
    const { connect, rounds } = clusterOf({ workers: 2 });
    connect.addConnector('orders-cdc', mysql);
    await rounds();
    connect.rebalance(25);

    const during = await rounds();
    await rounds(20);
    const after = await rounds();

    expect([during.rebalancing, after.rebalancing]).toEqual([true, false]);
  });

  test('an answer that is cut short: another worker is asked', async () => {
    const { connect, rounds } = clusterOf({ workers: 2 });
    connect.addConnector('orders-cdc', mysql);
    connect.cutShort(0, true);

    const seen = await rounds();

    expect(connectorsOf(seen)).toMatchObject([{ name: 'orders-cdc', offsets: { kind: 'read' } }]);
  });

  test('nobody answers: the round says so, and ends all the same', async () => {
    const { connect, rounds } = clusterOf({ workers: 2 });
    connect.killWorker(0);
    connect.killWorker(1);

    const seen = await rounds();

    expect(seen.connectors).toMatchObject({ kind: 'unreadable', reason: expect.stringContaining('shop-1.connect') });
    expect(seen.tookSeconds).toBeLessThan(2);
  });

  test('nobody answers in time: the round says so, and ends all the same', async () => {
    const { connect, rounds } = clusterOf({ workers: 2 });
    connect.freezeWorker(0);
    connect.freezeWorker(1);

    const seen = await rounds();

    expect(seen.connectors).toEqual({ kind: 'unreadable', reason: 'no worker showed its connectors in 1.9 s' });
    expect(seen.tookSeconds).toBeLessThan(2);
  });
});

describe('committed offsets', () => {
  test('of more connectors than a round can ask for, those that waited longest come first', async () => {
    const { asked, wire } = noting();
    const { connect, rounds } = clusterOf({ workers: 1, wire });
    for (let index = 0; index < 60; index += 1) connect.addConnector(`c-${index}`, mysql);
    // Four at a time, 300 ms each: some twenty in a round.
    connect.slowWorker(0, 300);

    await rounds(40);

    const names = asked.filter((url) => url.endsWith('/offsets'));
    // One or the other is asked for at a round's end, not answered in time, and asked for again.
    expect(new Set(names.slice(0, 64)).size).toBe(60);
  });

  test('what one worker could not answer, for its herder was away, another is asked for in the same round', async () => {
    const { connect, rounds } = clusterOf({
      workers: 2,
      wire: ({ url }) =>
        url.startsWith('http://shop-1.') && url.endsWith('/offsets')
          ? { status: 500, headers: {}, body: '{"error_code":500,"message":"Request timed out"}' }
          : undefined,
    });
    for (let index = 0; index < 20; index += 1) connect.addConnector(`c-${index}`, mysql);

    const seen = await rounds();

    expect(connectorsOf(seen).map(({ offsets }) => offsets.kind)).toEqual(Array.from({ length: 20 }, () => 'read'));
  });

  test('a version that does not show them is asked once, and the cure is said', async () => {
    const { asked, wire } = noting();
    const { connect, rounds, signs } = clusterOf({ version: '3.4.0', wire });
    connect.addConnector('orders-cdc', mysql);
    connect.addConnector('users-cdc', postgres);

    await rounds(60);

    expect(asked.filter((url) => url.endsWith('/offsets')).length).toBeLessThanOrEqual(2);
    expect(signs('orders-cdc').position).toEqual({
      kind: 'not-watched',
      cure: 'let Kafka Connect be of version 3.5 or later, which shows committed offsets (KIP-875)',
    });
  });

  test('a sink without a named Kafka cluster is asked for by REST, and seldom: Connect makes a client for each question', async () => {
    const { asked, wire } = noting();
    const { connect, rounds, signs } = clusterOf({ wire, withoutKafka: true });
    connect.addConnector('to-s3', sink, { partitions: 2 });

    await rounds(120);

    expect(asked.filter((url) => url.endsWith('/offsets')).length).toBeLessThanOrEqual(5);
    expect(signs('to-s3').position).toMatchObject({ kind: 'read', movedAt: expect.any(String) });
    expect(signs('to-s3').lag).toMatchObject({ kind: 'not-watched' });
  });
});
