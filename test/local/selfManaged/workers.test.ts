import { describe, expect, test } from 'vitest';
import { clusterAt, mysql, postgres } from './clusterAt.ts';

/** Ten connectors of one task each over three workers, the first of which leads. */
function fleet() {
  const at = clusterAt({ workers: 3 });
  for (let index = 0; index < 10; index += 1) at.cluster.addConnector(`cdc-${index}`, mysql);

  /** Which tasks are on which worker, by what statuses say. */
  async function placed(worker = 0): Promise<Readonly<Record<string, readonly string[]>>> {
    const { json } = await at.ask('GET', '/connectors?expand=status', { worker });
    const places: Record<string, string[]> = {};
    const statuses = json as Record<string, { status: { tasks: { state: string; worker_id: string }[] } }>;
    for (const [name, { status }] of Object.entries(statuses)) {
      for (const { state, worker_id } of status.tasks) (places[worker_id] ??= []).push(`${name} ${state}`);
    }
    return places;
  }
  const waiting = () =>
    Array.from({ length: 10 }, (_, index) => at.cluster.rows(`cdc-${index}`).waiting).filter((rows) => rows > 0).length;
  return { ...at, placed, waiting };
}

describe('a worker that dies', () => {
  test('leaves its tasks RUNNING in the statuses, and nobody has them for five minutes', async () => {
    const { clock, cluster, placed, waiting } = fleet();
    const before = await placed();
    const dead = 'shop-2.connect:8083';
    expect(before[dead]?.length).toBeGreaterThan(0);
    cluster.killWorker(1);

    await clock.advanceBy(305_000);
    expect((await placed())[dead]).toEqual(before[dead]);
    expect(waiting()).toBe(before[dead]?.length);

    await clock.advanceBy(10_000);
    expect((await placed())[dead]).toBeUndefined();
    expect(waiting()).toBe(0);
  });

  test('its tasks are UNASSIGNED where it was told to stop', async () => {
    const { clock, cluster, placed } = fleet();
    cluster.killWorker(1, 'stopped');
    await clock.advanceBy(60_000);

    expect(new Set((await placed())['shop-2.connect:8083']?.map((task) => task.split(' ')[1]))).toEqual(
      new Set(['UNASSIGNED']),
    );
  });

  test('its tasks are taken over at once where it led the others, for the next leader knows nothing of a delay', async () => {
    const { clock, cluster, waiting, placed } = fleet();
    cluster.killWorker(0);
    await clock.advanceBy(9000);
    expect(waiting()).toBeGreaterThan(0);
    await clock.advanceBy(5000);

    expect(waiting()).toBe(0);
    expect((await placed(1))['shop-1.connect:8083']).toBeUndefined();
  });

  test('gets its tasks back when it returns, though not before the five minutes are over', async () => {
    const { clock, cluster, placed, waiting } = fleet();
    const before = await placed();
    cluster.killWorker(1);
    await clock.advanceBy(30_000);
    cluster.startWorker(1);
    await clock.advanceBy(200_000);
    expect(waiting()).toBe(before['shop-2.connect:8083']?.length);
    await clock.advanceBy(100_000);

    expect(waiting()).toBe(0);
    expect((await placed())['shop-2.connect:8083']?.length).toBe(before['shop-2.connect:8083']?.length);
  });

  test('a restart of a task that nobody has is refused with 409, one of the whole connector accepted and without effect', async () => {
    const { clock, cluster, ask, placed } = fleet();
    const name = ((await placed())['shop-2.connect:8083']?.[0] ?? '').split(' ')[0] ?? '';
    cluster.killWorker(1);
    await clock.advanceBy(30_000);

    expect(await ask('POST', `/connectors/${name}/tasks/0/restart`)).toMatchObject({
      status: 409,
      json: { message: expect.stringContaining('no known leader URL') },
    });
    expect((await ask('POST', `/connectors/${name}/restart?includeTasks=true`)).status).toBe(202);
    await clock.advanceBy(30_000);
    expect(cluster.rows(name).waiting).toBeGreaterThan(50);
  });

  test('a restart before anybody knows of the death is accepted, and starts nothing', async () => {
    const { cluster, clock, ask, states, placed } = fleet();
    const name = ((await placed())['shop-2.connect:8083']?.[0] ?? '').split(' ')[0] ?? '';
    cluster.killWorker(1);

    expect((await ask('POST', `/connectors/${name}/restart?includeTasks=true`)).status).toBe(202);
    expect(await states(name)).toBe('RUNNING: RUNNING');
    await clock.advanceBy(60_000);
    expect(await states(name)).toBe('RUNNING: RUNNING');
    expect(cluster.rows(name).arrived).toBe(0);
  });

  test('a new one shares in what there is', async () => {
    const { clock, cluster, placed, waiting } = fleet();
    cluster.killWorker(2);
    await clock.advanceBy(400_000);
    expect(Object.keys(await placed())).toHaveLength(2);
    cluster.startWorker(2);
    await clock.advanceBy(30_000);

    expect(Object.values(await placed()).map(({ length }) => length)).toEqual(expect.arrayContaining([3, 3, 4]));
    expect(waiting()).toBe(0);
  });
});

describe('the only worker', () => {
  test('is up 11 s after its start, and its tasks with it', async () => {
    const { clock, cluster, ask, states } = clusterAt();
    cluster.addConnector('orders-cdc', mysql);
    await clock.advanceBy(100_000);
    await cluster.replaceWorker('shop-1.connect:8083');
    await clock.advanceBy(10_500);
    await expect(ask('GET', '/', { timeoutMs: 100 })).rejects.toMatchObject({ code: 'unreachable' });
    await clock.advanceBy(3000);

    expect(await states('orders-cdc')).toBe('RUNNING: RUNNING');
    expect(cluster.rows('orders-cdc')).toMatchObject({ lost: 0, duplicated: 0, waiting: 0 });
  });

  test('killed, it sends again what it had not committed', async () => {
    const { clock, cluster } = clusterAt({ flushSeconds: 60 });
    cluster.addConnector('orders-cdc', mysql);
    await clock.advanceBy(100_000);
    cluster.killWorker(0);
    cluster.startWorker(0);
    await clock.advanceBy(20_000);

    // Committed at 60 s; 61 to 100 had arrived.
    expect(cluster.rows('orders-cdc')).toMatchObject({ written: 120, arrived: 120, duplicated: 40, lost: 0 });
  });

  test('out of its group and back, it waits five minutes for itself', async () => {
    const { clock, cluster, states } = clusterAt();
    cluster.addConnector('orders-cdc', mysql);
    cluster.loseGroup(0, 60);
    await clock.advanceBy(50_000);
    expect(await states('orders-cdc')).toBe('RUNNING: RUNNING');
    await clock.advanceBy(15_000);
    expect(await states('orders-cdc')).toBe('UNASSIGNED: UNASSIGNED');
    await clock.advanceBy(290_000);
    expect(await states('orders-cdc')).toBe('UNASSIGNED: UNASSIGNED');
    await clock.advanceBy(10_000);
    expect(await states('orders-cdc')).toBe('RUNNING: RUNNING');
  });

  test('out of its group for less than a session, nothing happens', async () => {
    const { clock, cluster, states } = clusterAt();
    cluster.addConnector('orders-cdc', mysql);
    cluster.loseGroup(0, 6);
    await clock.advanceBy(60_000);

    expect(await states('orders-cdc')).toBe('RUNNING: RUNNING');
    expect(cluster.rows('orders-cdc').waiting).toBe(0);
  });
});

describe('a worker that stands still', () => {
  test('loses its tasks to the others, and says so when it is back', async () => {
    const { clock, cluster, waiting, placed } = fleet();
    cluster.freezeWorker(1);
    await clock.advanceBy(320_000);
    expect(waiting()).toBe(0);
    cluster.thawWorker(1);
    await clock.advanceBy(30_000);

    expect(waiting()).toBe(0);
    expect(Object.values(await placed(1)).flat()).toHaveLength(10);
  });

  test('for a moment only, nothing happens', async () => {
    const { clock, cluster, waiting, placed } = fleet();
    const before = await placed();
    cluster.freezeWorker(1);
    await clock.advanceBy(8000);
    expect(waiting()).toBeGreaterThan(0);
    cluster.thawWorker(1);
    await clock.advanceBy(60_000);

    expect(waiting()).toBe(0);
    expect(await placed()).toEqual(before);
  });
});

describe('a thread that stays in its slot [invented]', () => {
  test.each([
    { act: 'a restart of the task', path: '/tasks/0/restart', method: 'POST' },
    { act: 'a restart with tasks', path: '/restart?includeTasks=true', method: 'POST' },
  ])('$act is of no use', async ({ path, method }) => {
    const { clock, cluster, ask, states } = clusterAt();
    cluster.addConnector('users-cdc', postgres);
    cluster.inventedZombie('users-cdc');
    await clock.advanceBy(60_000);
    await ask(method, `/connectors/users-cdc${path}`);
    await clock.advanceBy(600_000);

    expect(await states('users-cdc')).toBe('RUNNING: RUNNING');
    expect(cluster.rows('users-cdc').arrived).toBe(0);
  });

  test('neither is stop and resume, nor deletion and creation; the death of its worker is', async () => {
    const { clock, cluster, ask } = clusterAt();
    cluster.addConnector('users-cdc', postgres);
    cluster.inventedZombie('users-cdc');
    await ask('PUT', '/connectors/users-cdc/stop');
    await clock.advanceBy(60_000);
    await ask('PUT', '/connectors/users-cdc/resume');
    await clock.advanceBy(300_000);
    expect(cluster.rows('users-cdc').arrived).toBe(0);
    await ask('DELETE', '/connectors/users-cdc');
    await clock.advanceBy(60_000);
    await ask('PUT', '/connectors/users-cdc/config', { body: postgres });
    await clock.advanceBy(300_000);
    expect(cluster.rows('users-cdc').arrived).toBe(0);

    await cluster.replaceWorker('shop-1.connect:8083');
    await clock.advanceBy(20_000);
    expect(cluster.rows('users-cdc')).toMatchObject({ lost: 0, duplicated: 0, waiting: 0 });
  });

  test('the death of another worker is of no use either', async () => {
    const { clock, cluster, ask, placed } = fleet();
    const name = ((await placed())['shop-2.connect:8083']?.[0] ?? '').split(' ')[0] ?? '';
    cluster.inventedZombie(name);
    cluster.killWorker(2);
    await ask('POST', `/connectors/${name}/restart?includeTasks=true`);
    await clock.advanceBy(60_000);

    expect(cluster.rows(name).arrived).toBe(0);
  });

  test('it does not stop when it is told to: a restart of its task takes 5 s to answer', async () => {
    const { clock, cluster, ask } = clusterAt();
    cluster.addConnector('users-cdc', postgres);
    cluster.inventedZombie('users-cdc');
    const before = clock.now();
    await ask('POST', '/connectors/users-cdc/tasks/0/restart');

    expect(clock.now() - before).toBeGreaterThanOrEqual(5000);
  });

  test.each([
    { inventedCure: 'restart', cured: [true, true] },
    { inventedCure: 'stop-and-resume', cured: [false, true] },
    { inventedCure: 'none', cured: [false, false] },
  ] as const)(
    'a death can be given the cure that it needs: $inventedCure',
    async ({ inventedCure, cured: [byRestart, byStop] }) => {
      const { clock, cluster, ask } = clusterAt();
      cluster.addConnector('users-cdc', postgres);
      cluster.halfOpen('users-cdc', 0, { inventedCure });
      await ask('POST', '/connectors/users-cdc/restart?includeTasks=true');
      await clock.advanceBy(300_000);
      expect(cluster.rows('users-cdc').waiting === 0).toBe(byRestart);
      await ask('PUT', '/connectors/users-cdc/stop');
      await clock.advanceBy(10_000);
      await ask('PUT', '/connectors/users-cdc/resume');
      await clock.advanceBy(300_000);
      expect(cluster.rows('users-cdc').waiting === 0).toBe(byStop);
    },
  );
});
