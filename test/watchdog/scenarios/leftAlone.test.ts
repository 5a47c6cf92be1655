import { describe, expect, test } from 'vitest';
import { curable, WatchdogWorld } from '../watchdogWorld.ts';
import { course, mysql, mysqlWithoutKeepAlive, sink, subjectsOf, whatOf } from './stories.ts';

const back = 'shop/orders: back: restarted, and data flows again';
const taskZero = 'POST /connectors/orders/tasks/0/restart';

/** Somebody else's hand on Kafka Connect. */
async function somebody(world: WatchdogWorld, method: 'PUT' | 'POST', path: string): Promise<void> {
  const url = `${world.connect.urls[0]}${path}`;
  const answer = world.connect.transport()({ method, url, timeoutMs: 5000 });
  await world.pass(6);
  await answer;
}

describe('what somebody decided is left alone', () => {
  test.each(['pause', 'stop'] as const)(
    '%s, though a task is dead; and what runs again is looked after again',
    async (how) => {
      const world = new WatchdogWorld();
      world.add('orders');
      const found = await course(
        world,
        async () => {
          await somebody(world, 'PUT', `/connectors/orders/${how}`);
          if (how === 'pause') world.connect.failTask('orders', 0, curable);
          await world.pass(7200);
          await somebody(world, 'PUT', '/connectors/orders/resume');
          if (how === 'stop') {
            await world.pass(30);
            world.connect.failTask('orders', 0, curable);
          }
        },
        300,
      );
      expect(whatOf(found)).toEqual([`PUT /connectors/orders/${how}`, 'PUT /connectors/orders/resume', taskZero]);
      expect(found.asked[2]?.at).toBeGreaterThan(7200);
      expect(subjectsOf(found)).toEqual([back]);
    },
  );
});

describe('a rebalance is waited for', () => {
  test.each<[string, (world: WatchdogWorld) => void]>([
    ['409 to everything that changes', (world) => world.connect.rebalance(100)],
    [
      '500, because a rebalance is expected',
      (world) =>
        world.connect.answer({
          to: /^(POST|PUT) /,
          times: 6,
          answer: {
            status: 500,
            body: { error_code: 500, message: 'Request cannot be completed because a rebalance is expected' },
          },
        }),
    ],
  ])('%s', async (_what, strike) => {
    const world = new WatchdogWorld();
    world.add('orders');
    const found = await course(
      world,
      () => {
        strike(world);
        world.connect.failTask('orders', 0, curable);
      },
      900,
    );
    const done = found.asked.filter(({ status }) => status === 204);
    expect(done.map(({ what }) => what)).toEqual([taskZero]);
    // A refusal of that kind is no attempt: nothing harsher follows, and nobody waits for a back-off.
    expect(new Set(whatOf(found))).toEqual(new Set([taskZero]));
    expect(done[0]?.at).toBeLessThan(180);
    expect(subjectsOf(found)).toEqual([back]);
  });
});

describe('what no restart cures is told at once with its trace, and never restarted', () => {
  const secret = 'hunter2-5c2e88';
  test.each([
    ['credentials', `java.sql.SQLException: Access denied for user 'cdc'@'10.0.0.7' (using password: ${secret})`],
    ['unknown topic', 'org.apache.kafka.common.errors.InvalidTopicException: Invalid topics: [a b]'],
    [
      'serialization',
      'org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded in error handler\nCaused by: org.apache.kafka.common.errors.SerializationException: Unknown magic byte!',
    ],
  ])('%s', async (_what, trace) => {
    const world = new WatchdogWorld();
    world.add('orders', { ...mysql, 'database.password': secret });
    const found = await course(world, () => world.connect.failTask('orders', 0, trace), 7200);
    expect(whatOf(found)).toEqual([]);
    expect(subjectsOf(found)).toEqual(['shop/orders: dead, and no restart cures it: see its trace']);
    expect(found.told[0]?.at).toBeLessThanOrEqual(12);
    const lastLine = trace.split('\n').at(-1) ?? '';
    expect(found.told[0]?.text).toContain(lastLine.replace('Caused by: ', '').replace(secret, '').slice(0, 40));
    const everything = JSON.stringify([world.told, world.lines]);
    expect(everything).not.toContain(secret);
  });

  test('once it has another configuration, it is looked at anew', async () => {
    const world = new WatchdogWorld();
    world.add('orders');
    const found = await course(
      world,
      async () => {
        world.connect.failTask('orders', 0);
        await world.pass(600);
        const url = `${world.connect.urls[0]}/connectors/orders/config`;
        const body = JSON.stringify({ ...mysql, 'errors.tolerance': 'all' });
        const answer = world.connect.transport()({
          method: 'PUT',
          url,
          timeoutMs: 5000,
          body,
          headers: { 'content-type': 'application/json' },
        });
        await world.pass(60);
        await answer;
        world.connect.failTask('orders', 0, curable);
      },
      600,
    );
    expect(whatOf(found)).toEqual(['PUT /connectors/orders/config', taskZero]);
    expect(subjectsOf(found).at(-1)).toBe(back);
  });
});

describe('a worker in trouble is told once, and once when it is over; connectors are not touched', () => {
  test.each<[string, (world: WatchdogWorld) => void, ((world: WatchdogWorld) => void) | undefined, readonly string[]]>([
    [
      'answers no more',
      (world) => world.connect.freezeWorker(1),
      (world) => world.connect.thawWorker(1),
      ['shop: worker shop-2.connect:8083 answers no more', 'shop: worker shop-2.connect:8083 answers again'],
    ],
    [
      'answers slowly',
      (world) => world.connect.slowWorker(1, 3000),
      (world) => world.connect.slowWorker(1, 0),
      ['shop: worker shop-2.connect:8083 answers slowly', 'shop: worker shop-2.connect:8083 answers as usual again'],
    ],
    [
      'has lost its group',
      (world) => world.connect.loseGroup(1, 900),
      undefined,
      ['shop: worker shop-2.connect:8083 has lost its group', 'shop: worker shop-2.connect:8083 is back in its group'],
    ],
    [
      'is killed, and its tasks are Kafka Connect’s to move',
      (world) => world.connect.killWorker(1),
      (world) => world.connect.startWorker(1),
      ['shop: worker shop-2.connect:8083 answers no more', 'shop: worker shop-2.connect:8083 answers again'],
    ],
  ])('it %s', async (_what, strike, mend, told) => {
    const world = new WatchdogWorld({ workers: 2 });
    for (const name of ['orders', 'customers', 'invoices']) world.add(name);
    world.start('second');
    const found = await course(
      world,
      async () => {
        strike(world);
        await world.pass(900);
        mend?.(world);
      },
      900,
    );
    expect(whatOf(found)).toEqual([]);
    expect(subjectsOf(found)).toEqual(told);
    for (const name of ['orders', 'customers', 'invoices'])
      expect(world.connect.rows(name)).toMatchObject({ lost: 0, waiting: 0 });
  });
});

describe('at the door of Kafka Connect', () => {
  test('who is sent to the leader follows', async () => {
    const world = new WatchdogWorld({ workers: 2 });
    world.connect.redirectToLeader();
    world.add('orders', sink(1), { rowsPerSecond: 5 });
    const found = await course(world, () => world.connect.failTask('orders', 0, curable), 300);
    expect(found.asked.filter(({ status }) => status === 204).map(({ what }) => what)).toEqual([taskZero]);
    expect(subjectsOf(found)).toEqual([back]);
  });

  test('who is sent to a stranger does not, and asks nobody else to act', async () => {
    const world = new WatchdogWorld();
    world.add('orders');
    world.connect.answer({
      to: /^POST /,
      answer: { status: 307, headers: { location: 'http://stranger.example:8083/connectors/orders/tasks/0/restart' } },
    });
    const found = await course(world, () => world.connect.failTask('orders', 0, curable), 900);
    // A restart that goes astray is no reason for a stop, which might arrive.
    expect(found.asked.every(({ status }) => status === 307)).toBe(true);
    expect(world.connect.rows('orders').waiting).toBeGreaterThan(0);
    expect(JSON.stringify(found.told)).toContain('stranger.example');
  });

  test.each<[string, (world: WatchdogWorld) => void]>([
    ['is slow', (world) => world.connect.slowWorker(0, 1500)],
    ['cuts its answers short', (world) => world.connect.cutShort(1)],
    [
      'loses one answer after the work was done',
      (world) => world.connect.answer({ to: /^POST /, times: 1, answer: 'done-but-lost' }),
    ],
  ])('of two workers one %s: a FAILED task is restarted once all the same', async (_what, strike) => {
    const world = new WatchdogWorld({ workers: 2 });
    world.add('orders', mysqlWithoutKeepAlive);
    strike(world);
    const found = await course(world, () => world.connect.failTask('orders', 0, curable), 600);
    expect(whatOf(found)).toEqual([taskZero]);
    expect(subjectsOf(found).filter((subject) => subject.startsWith('shop/'))).toEqual([back]);
  });

  test('a connector that somebody deleted is forgotten: a 404 is no failure of it', async () => {
    const world = new WatchdogWorld();
    world.add('orders');
    world.add('customers');
    const found = await course(world, () => somebodyDeletes(world), 1800);
    expect(whatOf(found)).toEqual(['DELETE /connectors/orders']);
    expect(subjectsOf(found)).toEqual([]);
  });
});

async function somebodyDeletes(world: WatchdogWorld): Promise<void> {
  const answer = world.connect.transport()({
    method: 'DELETE',
    url: `${world.connect.urls[0]}/connectors/orders`,
    timeoutMs: 5000,
  });
  await world.pass(6);
  await answer;
}
