import { describe, expect, test } from 'vitest';
import { PortError } from '../../../recovery/ports.ts';
import type { RestartHow } from '../../../recovery/ports.ts';
import type { ReplaceWorker } from '../../../watchdog/acts/replaceWorker.ts';
import { clusterOf, mysql, sink } from '../clusterOf.ts';

const orders = 'connect://shop/orders-cdc';
const all: RestartHow = { onlyFailedTasks: false };

/** A cluster of two workers with a source and a sink of two tasks, seen by a round. */
async function seenCluster(options: Parameters<typeof clusterOf>[0] = {}) {
  const cluster = clusterOf({ workers: 2, ...options });
  cluster.connect.addConnector('orders-cdc', mysql);
  cluster.connect.addConnector('to-s3', sink, { partitions: 4 });
  await cluster.rounds();
  const { connectors, workers } = cluster.watched.ports;
  const asked = () => cluster.connect.asked.map(({ method, path }) => `${method} ${path}`);
  return { ...cluster, connectors, workers, asked };
}

async function errorOf(asking: Promise<unknown>): Promise<unknown> {
  return asking.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a restart is what was asked for', () => {
  test.each<{
    readonly what: string;
    readonly name: string;
    readonly how: RestartHow;
    readonly asked: readonly string[];
  }>([
    {
      what: 'connector and tasks',
      name: 'to-s3',
      how: all,
      asked: ['POST /connectors/to-s3/restart?includeTasks=true&onlyFailed=false'],
    },
    {
      what: 'what failed',
      name: 'to-s3',
      how: { onlyFailedTasks: true },
      asked: ['POST /connectors/to-s3/restart?includeTasks=true&onlyFailed=true'],
    },
    {
      what: 'some tasks alone',
      name: 'to-s3',
      how: { onlyFailedTasks: true, tasks: [0, 1] },
      asked: ['POST /connectors/to-s3/tasks/0/restart', 'POST /connectors/to-s3/tasks/1/restart'],
    },
    {
      what: 'the connector and each task, where its version knows no better',
      name: 'to-s3',
      how: { onlyFailedTasks: false, tasks: [0, 1] },
      asked: [
        'POST /connectors/to-s3/restart',
        'POST /connectors/to-s3/tasks/0/restart',
        'POST /connectors/to-s3/tasks/1/restart',
      ],
    },
    {
      what: 'a stop',
      name: 'orders-cdc',
      how: { onlyFailedTasks: false, by: 'stop-and-resume' },
      asked: ['PUT /connectors/orders-cdc/stop'],
    },
  ])('$what', async ({ name, how, asked: expected }) => {
    const { connectors, waitFor, asked } = await seenCluster();

    const answer = await waitFor(connectors.restart(`connect://shop/${name}`, how));

    expect(answer).toEqual({ kind: 'started', operationArn: `connect://shop/${name}#id-1` });
    // Tasks of several workers are asked for at once.
    expect(asked().toSorted()).toEqual(expected);
  });

  test('a stopped one is resumed', async () => {
    const { connectors, workers, waitFor, asked, rounds, live } = await seenCluster();
    await waitFor(connectors.restart(orders, { onlyFailedTasks: false, by: 'stop-and-resume' }));
    await rounds();
    const stopped = live('orders-cdc').state;

    const answer = await waitFor(workers.resume(orders));
    await rounds(20);

    expect(stopped).toBe('STOPPED');
    expect(answer).toEqual({ kind: 'started' });
    expect(asked().at(-1)).toBe('PUT /connectors/orders-cdc/resume');
    expect(live('orders-cdc').state).toBe('RUNNING');
  });

  test('a worker is replaced by the means that somebody named', async () => {
    const replaced: string[] = [];
    const replace: ReplaceWorker = async (worker) => {
      replaced.push(worker);
      return undefined;
    };
    const { connectors, waitFor } = await seenCluster({ world: { replace } });

    const how = { onlyFailedTasks: false, by: 'replace-worker', worker: 'shop-1.connect:8083' } as const;
    expect(await waitFor(connectors.restart(orders, how))).toMatchObject({ kind: 'started' });
    expect(replaced).toEqual(['shop-1.connect:8083']);
  });
});

describe('hung tasks, each of which takes its worker 5 s to give up', () => {
  /** So many tasks of a sink that hang, on so many workers. */
  async function hung(tasks: number, workers: number) {
    const cluster = clusterOf({ workers });
    cluster.connect.addConnector('to-s3', { ...sink, 'tasks.max': `${tasks}` }, { partitions: tasks });
    await cluster.rounds();
    cluster.connect.inventedZombie('to-s3');
    const ids = Array.from({ length: tasks }, (_, id) => id);
    const begunAt = cluster.virtual.now();
    const restart = async () => {
      const how = { onlyFailedTasks: true, tasks: ids };
      const answer = await cluster.waitFor(cluster.watched.ports.connectors.restart('connect://shop/to-s3', how));
      return { answer, seconds: (cluster.virtual.now() - begunAt) / 1000 };
    };
    return { ...cluster, restart };
  }

  test('are restarted on all workers at once', async () => {
    const { restart, connect } = await hung(9, 3);

    const { answer, seconds } = await restart();

    expect(answer.kind).toBe('started');
    expect(connect.asked.map(({ path }) => path).toSorted()).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, 8].map((id) => `/connectors/to-s3/tasks/${id}/restart`),
    );
    expect(seconds).toBeLessThan(25);
  });

  test('are asked for within a minute, however many they are: nobody may take the connector over meanwhile', async () => {
    const { restart, connect } = await hung(30, 1);

    const { answer, seconds } = await restart();

    expect(answer.kind).toBe('started');
    expect(connect.asked.length).toBeGreaterThanOrEqual(10);
    expect(seconds).toBeLessThan(70);
  });

  test('of which some could be restarted: those were, and what became of the others is seen', async () => {
    const { restart, connect } = await hung(3, 3);
    connect.answer({ to: /tasks\/0\/restart/, answer: 'done-but-lost' });

    expect((await restart()).answer.kind).toBe('started');
    expect(connect.asked.map(({ path }) => path).toSorted()).toEqual(
      [0, 1, 2].map((id) => `/connectors/to-s3/tasks/${id}/restart`),
    );
  });
});

describe('what is refused says why', () => {
  test('in a rebalance Connect refuses, and it passes', async () => {
    const { connectors, connect, waitFor } = await seenCluster();
    connect.rebalance(60);

    expect(await waitFor(connectors.restart(orders, all))).toMatchObject({
      kind: 'refused',
      code: 'Rebalancing',
      busy: true,
    });
  });

  test('no such connector', async () => {
    const { connectors, waitFor } = await seenCluster();

    expect(await waitFor(connectors.restart('connect://shop/nobody', all))).toMatchObject({
      kind: 'refused',
      code: 'NotFound',
    });
  });

  test('no such task', async () => {
    const { connectors, waitFor } = await seenCluster();

    expect(await waitFor(connectors.restart(orders, { onlyFailedTasks: true, tasks: [7] }))).toMatchObject({
      kind: 'refused',
      code: 'NotFound',
      reason: expect.stringContaining('Unknown task'),
    });
  });

  test('a version that knows no stop', async () => {
    const { connectors, waitFor } = await seenCluster({ version: '3.4.0' });

    expect(await waitFor(connectors.restart(orders, { onlyFailedTasks: false, by: 'stop-and-resume' }))).toMatchObject({
      kind: 'refused',
      code: 'UnknownToThisVersion',
    });
  });

  test('no means to replace a worker', async () => {
    const { connectors, waitFor } = await seenCluster();
    const how = { onlyFailedTasks: false, by: 'replace-worker', worker: 'shop-1.connect:8083' } as const;

    expect(await waitFor(connectors.restart(orders, how))).toMatchObject({ kind: 'refused', code: 'NoMeans' });
  });

  test('wrong credentials are a missing right, not a fault of the connector', async () => {
    const { connectors, waitFor } = await seenCluster({
      wire: ({ method }) => (method === 'GET' ? undefined : { status: 401, headers: {}, body: 'no' }),
    });

    expect(await waitFor(connectors.restart(orders, all))).toMatchObject({
      kind: 'refused',
      code: 'Denied',
      denied: true,
    });
  });

  test('a deletion, a creation and all that belongs to them', async () => {
    const { connectors, live, waitFor } = await seenCluster();
    const connector = live('orders-cdc');

    const answers = await waitFor(
      Promise.all([
        connectors.delete(orders, connector.version),
        connectors.create(connector.request),
        connectors.findPin(connector, connector.request),
        connectors.findEarlierPin(connector.request, undefined),
        connectors.makePin(connector, connector.request),
      ]),
    );

    expect(answers.map(({ kind }) => kind)).toEqual(['refused', 'refused', 'refused', 'refused', 'refused']);
    expect((await waitFor(connectors.find('shop/orders-cdc'))).kind).toBe('present');
  });

  test('nobody answers: it may have been carried out, and who asked looks again', async () => {
    const { connectors, connect, waitFor } = await seenCluster();
    connect.freezeWorker(0);
    connect.freezeWorker(1);

    expect(await errorOf(waitFor(connectors.restart(orders, all)))).toMatchObject({ code: 'unavailable' });
  });
});

describe('a look at one connector', () => {
  test('shows its states of this moment', async () => {
    const { connectors, connect, waitFor } = await seenCluster();
    connect.failTask('to-s3', 1, 'java.lang.RuntimeException: x');

    expect(await waitFor(connectors.find('shop/to-s3'))).toMatchObject({
      kind: 'present',
      connector: {
        tasks: [
          { id: 0, state: 'RUNNING' },
          { id: 1, state: 'FAILED', trace: 'java.lang.RuntimeException: x' },
        ],
      },
    });
  });

  test('of another cluster, or of none, there is none', async () => {
    const { connectors, waitFor } = await seenCluster();

    expect(await waitFor(connectors.find('billing/orders-cdc'))).toEqual({ kind: 'absent' });
    expect(await waitFor(connectors.find('shop/nobody'))).toEqual({ kind: 'absent' });
  });

  test('one that was made a moment ago is not taken for absent', async () => {
    const { connectors, connect, waitFor } = await seenCluster();
    connect.addConnector('new-cdc', mysql);

    expect(await errorOf(waitFor(connectors.find('shop/new-cdc')))).toBeInstanceOf(PortError);
  });

  test('one that was seen a moment ago is not taken for gone', async () => {
    const { connectors, waitFor } = await seenCluster({
      wire: ({ url }) =>
        url.endsWith('/connectors/orders-cdc/status')
          ? {
              status: 404,
              headers: {},
              body: '{"error_code":404,"message":"No status found for connector orders-cdc"}',
            }
          : undefined,
    });

    expect(await errorOf(waitFor(connectors.find('shop/orders-cdc')))).toMatchObject({ code: 'unavailable' });
  });
});

describe('a restart is an operation until it is seen to have ended', () => {
  const states = async (cluster: Awaited<ReturnType<typeof seenCluster>>, name: string) => {
    const sighting = await cluster.waitFor(cluster.connectors.find(`shop/${name}`));
    if (sighting.kind === 'absent') throw new Error('it is there');
    return sighting.connector.operations.map(({ type, state }) => `${type} ${state}`);
  };

  test('a failed task runs again: ended', async () => {
    const cluster = await seenCluster();
    cluster.connect.failTask('to-s3', 1, 'x');
    await cluster.rounds();
    await cluster.waitFor(cluster.connectors.restart('connect://shop/to-s3', { onlyFailedTasks: true, tasks: [1] }));

    await cluster.virtual.advanceBy(15_000);

    expect(await states(cluster, 'to-s3')).toEqual(['RESTART complete']);
  });

  test('living tasks: not before a worker can have stopped and begun them anew', async () => {
    const cluster = await seenCluster();
    await cluster.waitFor(cluster.connectors.restart('connect://shop/to-s3', all));

    const soon = await states(cluster, 'to-s3');
    await cluster.rounds(30);
    const later = await states(cluster, 'to-s3');

    expect([soon, later]).toEqual([['RESTART in-progress'], ['RESTART complete']]);
  });

  test('what we stopped is under way until it runs again', async () => {
    const cluster = await seenCluster();
    await cluster.waitFor(cluster.connectors.restart(orders, { onlyFailedTasks: false, by: 'stop-and-resume' }));
    await cluster.rounds(120);
    const stopped = await states(cluster, 'orders-cdc');
    await cluster.waitFor(cluster.workers.resume(orders));
    await cluster.rounds(30);

    expect(stopped).toEqual(['RESTART in-progress']);
    expect(await states(cluster, 'orders-cdc')).toEqual(['RESTART complete']);
  });
});
