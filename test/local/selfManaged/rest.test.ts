import { describe, expect, test } from 'vitest';
import { clusterAt, mysql, postgres } from './clusterAt.ts';

/** A cluster of three: the first worker leads and has one connector, the second has `orders-cdc`. */
function three(version = '3.7.1') {
  const at = clusterAt({ workers: 3, version });
  at.cluster.addConnector('first-cdc', postgres);
  at.cluster.addConnector('orders-cdc', mysql);
  return at;
}

describe('what is asked', () => {
  test('the root tells the version', async () => {
    const { ask } = clusterAt({ version: '3.9.0' });

    expect(await ask('GET', '/')).toMatchObject({
      status: 200,
      json: {
        version: '3.9.0',
        commit: expect.stringMatching(/^[0-9a-f]{16}$/),
        kafka_cluster_id: expect.stringMatching(/./),
      },
    });
  });

  test.each([
    { method: 'GET', path: '/connectors/nobody', message: 'Connector nobody not found' },
    { method: 'GET', path: '/connectors/nobody/config', message: 'Connector nobody not found' },
    { method: 'GET', path: '/connectors/nobody/tasks', message: 'Connector nobody not found' },
    { method: 'GET', path: '/connectors/nobody/offsets', message: 'Connector nobody not found' },
    { method: 'GET', path: '/connectors/nobody/status', message: 'No status found for connector nobody' },
    { method: 'GET', path: '/connectors/orders-cdc/tasks/7/status', message: 'No status found for task orders-cdc-7' },
    { method: 'POST', path: '/connectors/nobody/restart', message: 'Unknown connector: nobody' },
    { method: 'POST', path: '/connectors/nobody/restart?includeTasks=true', message: 'Unknown connector: nobody' },
    { method: 'POST', path: '/connectors/nobody/tasks/0/restart', message: 'Unknown connector: nobody' },
    { method: 'POST', path: '/connectors/orders-cdc/tasks/7/restart', message: 'Unknown task: orders-cdc-7' },
    { method: 'PUT', path: '/connectors/nobody/stop', message: 'Unknown connector nobody' },
    { method: 'PUT', path: '/connectors/nobody/pause', message: 'Unknown connector nobody' },
    { method: 'DELETE', path: '/connectors/nobody', message: 'Connector nobody not found' },
    { method: 'GET', path: '/somewhere/else', message: 'HTTP 404 Not Found' },
  ])('$method $path is answered by 404 and "$message"', async ({ method, path, message }) => {
    const { ask } = three();

    expect(await ask(method, path)).toMatchObject({ status: 404, json: { error_code: 404, message } });
  });

  test('names with a slash and blanks are found', async () => {
    const { cluster, ask } = clusterAt();
    cluster.addConnector('a b/c', mysql);

    expect(await ask('GET', '/connectors/a%20b%2Fc/config')).toMatchObject({ status: 200, json: { name: 'a b/c' } });
  });

  test.each([
    { version: '2.7.1', status: 404 },
    { version: '3.4.0', status: 404 },
    { version: '3.5.0', status: 200 },
    { version: '3.7.1', status: 200 },
  ])('Connect $version answers a question for offsets with $status', async ({ version, status }) => {
    const { ask } = three(version);

    expect((await ask('GET', '/connectors/orders-cdc/offsets')).status).toBe(status);
  });

  test.each([
    { version: '2.7.1', status: 404 },
    { version: '3.5.0', status: 204 },
  ])('Connect $version answers a stop with $status', async ({ version, status }) => {
    const { ask } = three(version);

    expect((await ask('PUT', '/connectors/orders-cdc/stop')).status).toBe(status);
  });

  test('who is not let in learns nothing', async () => {
    const { cluster, send, clock } = clusterAt({ basic: { user: 'watch', password: 'dog' } });
    cluster.addConnector('orders-cdc', mysql);
    const url = `${cluster.urls[0]}/connectors`;

    const refused = send({ method: 'GET', url, timeoutMs: 1000 });
    const welcome = send({
      method: 'GET',
      url,
      headers: { Authorization: `Basic ${Buffer.from('watch:dog').toString('base64')}` },
      timeoutMs: 1000,
    });
    await clock.advanceBy(100);

    expect(await refused).toMatchObject({ status: 401, body: 'User cannot access the resource.' });
    expect(await welcome).toMatchObject({ status: 200, body: '["orders-cdc"]' });
  });
});

describe('who does what', () => {
  test.each([
    { path: '/connectors/orders-cdc/restart', status: 204 },
    { path: '/connectors/orders-cdc/restart?includeTasks=true&onlyFailed=true', status: 202 },
    { path: '/connectors/orders-cdc/tasks/0/restart', status: 204 },
  ])('every worker takes POST $path, and passes it on to the one that can', async ({ path, status }) => {
    for (const worker of [0, 1, 2]) {
      const { ask } = three();
      // oxlint-disable-next-line no-await-in-loop -- one world after the other
      expect((await ask('POST', path, { worker })).status).toBe(status);
    }
  });

  test('a worker passes nothing on to a leader that has just died', async () => {
    const { cluster, ask } = three();
    cluster.killWorker(0);

    expect(await ask('PUT', '/connectors/orders-cdc/stop', { worker: 1 })).toMatchObject({
      status: 500,
      json: { error_code: 500, message: expect.stringContaining('IO Error trying to forward REST request') },
    });
  });

  test('a worker waits 30 s for a leader that stands still', async () => {
    const { clock, cluster, ask } = three();
    cluster.freezeWorker(0);
    const before = clock.now();

    expect((await ask('PUT', '/connectors/orders-cdc/stop', { worker: 1 })).status).toBe(500);
    expect(clock.now() - before).toBeGreaterThanOrEqual(30_000);
  });

  test('a stop waits for the end of a rebalance, for 90 s at most', async () => {
    const { clock, cluster, ask } = three();
    cluster.rebalance(20);
    const before = clock.now();
    expect((await ask('PUT', '/connectors/first-cdc/stop')).status).toBe(204);
    expect(clock.now() - before).toBeGreaterThanOrEqual(20_000);

    cluster.rebalance(200);
    expect(await ask('PUT', '/connectors/orders-cdc/stop')).toMatchObject({ status: 500 });
    expect(clock.now() - before).toBeLessThan(120_000);
  });

  test('behind a proxy that does so, the leader is named', async () => {
    const { cluster, ask } = three();
    cluster.redirectToLeader();

    expect(await ask('POST', '/connectors/orders-cdc/restart?includeTasks=true', { worker: 2 })).toMatchObject({
      status: 307,
      headers: { location: 'http://shop-1.connect:8083/connectors/orders-cdc/restart?includeTasks=true' },
    });
    expect((await ask('POST', '/connectors/orders-cdc/restart?includeTasks=true', { worker: 0 })).status).toBe(202);
    expect((await ask('GET', '/connectors', { worker: 2 })).status).toBe(200);
  });

  test('in a rebalance changes are refused with 409, and statuses are told', async () => {
    const { clock, cluster, ask } = three();
    cluster.rebalance(20);

    expect(await ask('POST', '/connectors/orders-cdc/restart?includeTasks=true')).toMatchObject({
      status: 409,
      json: {
        error_code: 409,
        message:
          'Cannot complete request momentarily due to stale configuration (typically caused by a concurrent config change)',
      },
    });
    expect((await ask('GET', '/connectors/orders-cdc/status')).status).toBe(200);
    await clock.advanceBy(20_000);
    expect((await ask('POST', '/connectors/orders-cdc/restart?includeTasks=true')).status).toBe(202);
  });

  test('a worker out of its group tells names and statuses, and lets everything else wait for 90 s', async () => {
    const { clock, cluster, ask } = three();
    cluster.loseGroup(1);

    expect((await ask('GET', '/connectors?expand=status', { worker: 1 })).status).toBe(200);
    const before = clock.now();
    expect(await ask('GET', '/connectors/orders-cdc', { worker: 1 })).toMatchObject({
      status: 500,
      json: { error_code: 500, message: expect.stringMatching(/^Request timed out\. The worker is currently/) },
    });
    expect(clock.now() - before).toBeGreaterThan(89_000);
    expect(await ask('GET', '/connectors/orders-cdc/config', { worker: 1 })).toMatchObject({
      json: { message: 'Request timed out' },
    });
    expect((await ask('GET', '/connectors/orders-cdc', { worker: 0 })).status).toBe(200);
  });

  test('a worker that cannot write to Kafka says so of a pause, after 30 s', async () => {
    const { clock, cluster, ask } = three();
    cluster.loseGroup(1);
    const before = clock.now();

    expect(await ask('PUT', '/connectors/orders-cdc/pause', { worker: 1 })).toMatchObject({
      status: 500,
      json: { message: 'Error writing target state to Kafka' },
    });
    expect(clock.now() - before).toBeGreaterThanOrEqual(30_000);
  });

  test('Connect 3.4 says no more than "Request timed out"', async () => {
    const { cluster, ask } = three('3.4.0');
    cluster.loseGroup(1);

    expect(await ask('GET', '/connectors/orders-cdc', { worker: 1 })).toMatchObject({
      json: { message: 'Request timed out' },
    });
  });

  test('a restart of a stuck task is answered when its thread was given up, after 5 s; others wait as long', async () => {
    const { clock, cluster, ask, send } = clusterAt();
    cluster.addConnector('users-cdc', postgres);
    cluster.halfOpen('users-cdc');
    const before = clock.now();

    const restart = send({
      method: 'POST',
      url: `${cluster.urls[0]}/connectors/users-cdc/tasks/0/restart`,
      timeoutMs: 60_000,
    });
    await clock.advanceBy(20);
    expect((await ask('GET', '/connectors/users-cdc/config')).status).toBe(200);
    const readMs = clock.now() - before;
    expect((await restart).status).toBe(204);

    expect(readMs).toBeGreaterThanOrEqual(5000);
    expect(readMs).toBeLessThan(5200);
  });
});

describe('what goes wrong at the door', () => {
  test.each([
    { what: 'a killed worker', strike: 'kill', code: 'unreachable' },
    { what: 'a frozen worker', strike: 'freeze', code: 'timeout' },
    { what: 'an answer cut short', strike: 'cut', code: 'cut-short' },
    { what: 'a slow worker', strike: 'slow', code: 'timeout' },
  ])('$what: $code', async ({ strike, code }) => {
    const { cluster, ask } = three();
    if (strike === 'kill') cluster.killWorker(1);
    if (strike === 'freeze') cluster.freezeWorker(1);
    if (strike === 'cut') cluster.cutShort(1);
    if (strike === 'slow') cluster.slowWorker(1, 3000);

    await expect(ask('GET', '/connectors', { worker: 1, timeoutMs: 2000 })).rejects.toMatchObject({ code });
    expect((await ask('GET', '/connectors', { worker: 0, timeoutMs: 2000 })).status).toBe(200);
  });

  test('a rule answers so often, then the worker does', async () => {
    const { cluster, ask } = three();
    const answer = { status: 503, body: { error_code: 503, message: 'no' } };
    cluster.answer({ to: /^GET \/connectors/, times: 1, answer });

    expect((await ask('GET', '/connectors')).status).toBe(503);
    expect((await ask('GET', '/connectors')).status).toBe(200);
  });

  test('an answer may be lost after the work was done', async () => {
    const { clock, cluster, ask, states } = three();
    cluster.failTask('orders-cdc', 0);
    cluster.answer({ to: /^POST /, times: 1, answer: 'done-but-lost' });

    await expect(ask('POST', '/connectors/orders-cdc/restart?includeTasks=true')).rejects.toMatchObject({
      code: 'cut-short',
    });
    await clock.advanceBy(2000);
    expect(await states('orders-cdc')).toBe('RUNNING: RUNNING');
    expect(cluster.asked).toMatchObject([{ method: 'POST', worker: 'shop-1.connect:8083' }]);
  });
});

describe('a connector made and unmade by REST', () => {
  test('is created, runs, is changed, deleted, and goes on where it was when it is created again', async () => {
    const { clock, cluster, ask, states } = clusterAt();

    expect((await ask('PUT', '/connectors/orders-cdc/config', { body: mysql })).status).toBe(201);
    expect((await ask('GET', '/connectors/orders-cdc/status')).status).toBe(404);
    await clock.advanceBy(60_000);
    expect(await states('orders-cdc')).toBe('RUNNING: RUNNING');
    cluster.failConnector('orders-cdc');
    expect((await ask('PUT', '/connectors/orders-cdc/config', { body: { ...mysql, x: 'y' } })).status).toBe(200);
    expect(await ask('GET', '/connectors/orders-cdc/config')).toMatchObject({
      status: 500,
      json: { error_code: 500, message: 'Request cannot be completed because a rebalance is expected' },
    });
    await clock.advanceBy(60_000);
    expect(await states('orders-cdc')).toBe('RUNNING: RUNNING');
    expect((await ask('GET', '/connectors/orders-cdc/config')).json).toEqual({ ...mysql, x: 'y', name: 'orders-cdc' });
    expect((await ask('DELETE', '/connectors/orders-cdc')).status).toBe(204);
    expect((await ask('GET', '/connectors')).json).toEqual([]);
    await clock.advanceBy(60_000);
    const missing = cluster.rows('orders-cdc');
    expect(missing.waiting).toBeGreaterThan(55);

    await ask('PUT', '/connectors/orders-cdc/config', { body: mysql });
    await clock.advanceBy(60_000);
    expect(cluster.rows('orders-cdc')).toMatchObject({ lost: 0, duplicated: 0, waiting: 0 });
  });

  test('what is paused while it is being resumed begins paused', async () => {
    const { clock, cluster, ask, states } = clusterAt();
    cluster.addConnector('orders-cdc', mysql);
    cluster.halfOpen('orders-cdc');

    for (const what of ['stop', 'resume', 'pause'])
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      expect((await ask('PUT', `/connectors/orders-cdc/${what}`)).status).toBeLessThan(300);
    await clock.advanceBy(30_000);
    expect(await states('orders-cdc')).toBe('PAUSED: PAUSED');
  });

  test('pause and resume say 202, and leave a failed task as it is', async () => {
    const { clock, cluster, ask, states } = clusterAt();
    cluster.addConnector('orders-cdc', { ...mysql, 'connector.class': 'x.FileSource', 'tasks.max': '2' });
    cluster.failTask('orders-cdc', 1);

    expect((await ask('PUT', '/connectors/orders-cdc/pause')).status).toBe(202);
    expect(await states('orders-cdc')).toBe('PAUSED: PAUSED FAILED');
    await clock.advanceBy(30_000);
    expect((await ask('PUT', '/connectors/orders-cdc/resume')).status).toBe(202);
    expect(await states('orders-cdc')).toBe('RUNNING: RUNNING FAILED');
  });

  test('stopped it has no tasks; resumed it has them again', async () => {
    const { clock, cluster, ask, states } = clusterAt();
    cluster.addConnector('orders-cdc', mysql);
    await clock.advanceBy(90_000);

    expect((await ask('PUT', '/connectors/orders-cdc/stop')).status).toBe(204);
    expect(await states('orders-cdc')).toBe('STOPPED:');
    await clock.advanceBy(60_000);
    expect((await ask('GET', '/connectors/orders-cdc/offsets')).status).toBe(200);
    expect(cluster.rows('orders-cdc').waiting).toBeGreaterThanOrEqual(60);
    await ask('PUT', '/connectors/orders-cdc/resume');
    await clock.advanceBy(5000);

    expect(await states('orders-cdc')).toBe('RUNNING: RUNNING');
    expect(cluster.rows('orders-cdc')).toMatchObject({ lost: 0, duplicated: 0, waiting: 0 });
  });
});
