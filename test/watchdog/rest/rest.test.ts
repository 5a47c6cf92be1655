import { afterEach, describe, expect, test } from 'vitest';
import { PortError } from '../../../recovery/ports.ts';
import { ConnectRest } from '../../../watchdog/rest/connectRest.ts';
import { workerAddresses } from '../../../watchdog/rest/workerAddresses.ts';
import { openTransport } from '../../../watchdog/rest/transport.ts';
import type { OwnTransport } from '../../../watchdog/rest/transport.ts';
import { awkwardServer, cutShort, json } from '../awkwardServer.ts';
import type { Answering, AwkwardServer } from '../awkwardServer.ts';

const open: (AwkwardServer | OwnTransport)[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function worker(answering: Answering): Promise<AwkwardServer> {
  const started = await awkwardServer(answering);
  open.push(started);
  return started;
}

const basic = { user: 'watchdog', password: 'hunter2' };
const authorization = 'Basic d2F0Y2hkb2c6aHVudGVyMg==';

/** The REST interface of a cluster of these workers, over real connections. */
function restOf(workers: readonly AwkwardServer[], advertised: Readonly<Record<string, string>> = {}) {
  const own = openTransport();
  open.push(own);
  const addresses = workerAddresses(
    workers.map(({ url }) => url),
    advertised,
  );
  const clock = { now: () => new Date().toISOString() };
  const rest = new ConnectRest({ workers: addresses, send: own.send, basic }, clock);
  const [first] = addresses;
  if (first === undefined) throw new Error('a cluster has a worker');
  return { rest, first };
}

async function portErrorOf(asking: Promise<unknown>): Promise<PortError> {
  const error: unknown = await asking.then(
    (answer) => new Error(`it was answered: ${JSON.stringify(answer)}`),
    (failure: unknown) => failure,
  );
  if (!(error instanceof PortError)) throw error;
  return error;
}

const running: Answering = (_, response) => {
  json(response, 200, {
    name: 'orders',
    type: 'source',
    connector: { state: 'RUNNING', worker_id: 'one:8083' },
    tasks: [{ id: 0, state: 'RUNNING', worker_id: 'one:8083' }],
  });
};
const isRunning = { kind: 'answered', value: { name: 'orders', state: 'RUNNING' } };

describe('what an answer means', () => {
  const said = (status: number, message: string): Answering => {
    return (_, response) => json(response, status, { error_code: status, message });
  };
  const page =
    (status: number, text: string): Answering =>
    (_, response) =>
      response.writeHead(status, { 'content-type': 'text/html' }).end(text);

  test.each<{ readonly what: string; readonly answering: Answering; readonly answer: unknown }>([
    {
      what: 'a rebalance',
      answering: said(409, 'Cannot complete request because of a conflicting operation (e.g. worker rebalance)'),
      answer: {
        kind: 'rebalancing',
        reason: 'Cannot complete request because of a conflicting operation (e.g. worker rebalance)',
      },
    },
    {
      what: 'no such connector',
      answering: said(404, 'Unknown connector: orders'),
      answer: { kind: 'absent', reason: 'Unknown connector: orders' },
    },
    {
      what: 'a question that this version does not know',
      answering: said(404, 'HTTP 404 Not Found'),
      answer: { kind: 'no-endpoint', reason: 'HTTP 404 Not Found' },
    },
    {
      what: 'a proxy that finds nothing is no word of Connect on a connector',
      answering: page(404, '<html><h1>404 page not found</h1></html>'),
      answer: { kind: 'no-endpoint', reason: '404 page not found' },
    },
    {
      what: 'a task that does not start',
      answering: said(500, 'Failed to start task: orders-0'),
      answer: { kind: 'refused', status: 500, reason: 'Failed to start task: orders-0' },
    },
    {
      what: 'a request that is none',
      answering: said(400, 'Bad Request'),
      answer: { kind: 'refused', status: 400, reason: 'Bad Request' },
    },
    { what: 'accepted', answering: (_, response) => response.writeHead(204).end(), answer: { kind: 'answered' } },
    {
      what: 'accepted, with a body of no use',
      answering: (_, response) => response.writeHead(202).end('{"name":'),
      answer: { kind: 'answered' },
    },
  ])('to a restart: $what', async ({ answering, answer }) => {
    const { rest } = restOf([await worker(answering)]);

    expect(await rest.restart('orders', 'all')).toMatchObject(answer as object);
  });

  test.each<{ readonly what: string; readonly answering: Answering; readonly code: PortError['code'] }>([
    { what: 'the herder did not come', answering: said(500, 'Request timed out'), code: 'unavailable' },
    {
      what: 'the herder said what it is at',
      answering: said(
        500,
        'Request timed out. The worker is currently ensuring membership in the cluster, which began at 2026-01-05T08:00:00Z',
      ),
      code: 'unavailable',
    },
    {
      what: 'the leader is out of reach',
      answering: said(500, 'IO Error trying to forward REST request: java.net.ConnectException: Connection refused'),
      code: 'unavailable',
    },
    { what: 'a proxy without a worker', answering: page(502, '<h1>Bad Gateway</h1>'), code: 'unavailable' },
    { what: 'too many questions', answering: page(429, 'slow down'), code: 'throttled' },
    { what: 'wrong credentials', answering: page(401, 'User cannot access the resource.'), code: 'denied' },
    { what: 'a missing right', answering: said(403, 'Forbidden'), code: 'denied' },
    { what: 'the end is missing', answering: (_, response) => cutShort(response), code: 'unavailable' },
  ])('$what: $code', async ({ answering, code }) => {
    const { rest } = restOf([await worker(answering)]);

    const error = await portErrorOf(rest.restart('orders', 'all'));

    expect(error.code).toBe(code);
  });

  test.each([
    { what: 'no JSON', body: 'It works!' },
    { what: 'another JSON', body: '[1,2,3]' },
    { what: 'a state that nobody knows', body: '{"connector":{"state":"DANCING","worker_id":"a:1"},"tasks":[]}' },
    {
      what: 'a task without a number',
      body: '{"connector":{"state":"RUNNING","worker_id":"a:1"},"tasks":[{"state":"RUNNING"}]}',
    },
  ])('garbage ($what) is told as such, and not repeated', async ({ body }) => {
    const { rest } = restOf([await worker((_, response) => response.end(body))]);

    const error = await portErrorOf(rest.status('orders', 1000));

    expect(error.code).toBe('unexpected');
    expect(error.message).not.toContain('DANCING');
    expect(error.message).not.toContain('It works');
  });
});

describe('several workers', () => {
  test('one that is gone, hangs, or cuts its answer short: the next one is asked', async () => {
    const gone = await worker(() => {});
    await gone.close();
    const hanging = await worker(() => {});
    const cutting = await worker((_, response) => cutShort(response));
    const { rest } = restOf([gone, hanging, cutting, await worker(running)]);

    expect(await rest.status('orders', 300)).toMatchObject(isRunning);
  });

  test('who answered last is asked first from then on', async () => {
    const gone = await worker((_, response) => response.destroy());
    const { rest } = restOf([gone, await worker(running)]);
    await rest.status('orders', 300);

    await rest.status('orders', 300);

    expect(gone.asked).toHaveLength(1);
  });

  test('a change goes to another worker only where nobody was reached', async () => {
    const gone = await worker(() => {});
    await gone.close();
    const other = await worker((_, response) => response.writeHead(204).end());
    const { rest } = restOf([gone, other]);

    expect(await rest.restartTask('orders', 3)).toMatchObject({ kind: 'answered' });
    expect(other.asked).toMatchObject([{ method: 'POST', path: '/connectors/orders/tasks/3/restart' }]);
  });

  test('a change whose answer was lost is not asked for again: it may have been carried out', async () => {
    const other = await worker((_, response) => response.writeHead(204).end());
    const { rest } = restOf([await worker((_, response) => cutShort(response)), other]);

    expect((await portErrorOf(rest.restart('orders', 'all'))).code).toBe('unavailable');
    expect(other.asked).toEqual([]);
  });

  test('whoever is out of its group is asked last', async () => {
    const stale = await worker(running);
    const { rest } = restOf([stale, await worker(running)]);
    rest.distrusted = new Set([stale.hostAndPort]);

    await rest.status('orders', 300);

    expect(stale.asked).toEqual([]);
  });
});

describe('what is asked for', () => {
  test.each<{ readonly call: (rest: ConnectRest) => Promise<unknown>; readonly asked: string }>([
    {
      call: (rest) => rest.restart('orders', 'all'),
      asked: 'POST /connectors/orders/restart?includeTasks=true&onlyFailed=false',
    },
    {
      call: (rest) => rest.restart('orders', 'failed'),
      asked: 'POST /connectors/orders/restart?includeTasks=true&onlyFailed=true',
    },
    { call: (rest) => rest.restart('orders', 'none'), asked: 'POST /connectors/orders/restart' },
    { call: (rest) => rest.stop('orders'), asked: 'PUT /connectors/orders/stop' },
    { call: (rest) => rest.resume('orders'), asked: 'PUT /connectors/orders/resume' },
    { call: (rest) => rest.resume('a b/ü'), asked: 'PUT /connectors/a%20b%2F%C3%BC/resume' },
  ])('$asked', async ({ call, asked }) => {
    const one = await worker((_, response) => response.writeHead(202).end());
    const { rest } = restOf([one]);

    await call(rest);

    expect(one.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([asked]);
  });
});

describe('redirects and credentials', () => {
  /** Two workers: whatever the first is asked it sends on. */
  async function redirecting(to: (leader: AwkwardServer) => string, status = 307) {
    const leader = await worker((_, response) => response.writeHead(204).end());
    const first = await worker(({ path }, response) =>
      response.writeHead(status, { location: `${to(leader)}${path}` }).end(),
    );
    return { leader, first };
  }

  test('a redirect to the leader is followed, and the credentials go along', async () => {
    const { leader, first } = await redirecting(({ url }) => url);
    const { rest } = restOf([first, leader]);

    expect(await rest.restart('orders', 'all')).toMatchObject({ kind: 'answered' });
    expect(leader.asked).toMatchObject([
      {
        method: 'POST',
        path: '/connectors/orders/restart?includeTasks=true&onlyFailed=false',
        headers: { authorization },
      },
    ]);
  });

  test('a leader that advertises what cannot be reached from here is asked where it can', async () => {
    const { leader, first } = await redirecting(() => 'http://connect-2.internal:8083');
    const { rest } = restOf([first], { 'connect-2.internal:8083': leader.url });

    expect(await rest.restart('orders', 'all')).toMatchObject({ kind: 'answered' });
    expect(leader.asked).toHaveLength(1);
  });

  test('a redirect to a stranger is not followed: it sees no credentials', async () => {
    const { leader: stranger, first } = await redirecting(({ url }) => url);
    const { rest } = restOf([first]);

    const error = await portErrorOf(rest.status('orders', 1000));

    expect(error).toMatchObject({ code: 'unexpected' });
    expect(error.message).toContain(`to ${stranger.hostAndPort}, which is none of this cluster's workers`);
    expect(stranger.asked).toEqual([]);
  });

  test('a redirect that would make a look of a restart is not followed', async () => {
    const { leader, first } = await redirecting(({ url }) => url, 302);
    const { rest } = restOf([first, leader]);

    expect((await portErrorOf(rest.restart('orders', 'all'))).message).toContain('does not keep the method');
    expect(leader.asked).toEqual([]);
  });

  test('workers that send each other in a circle end it', async () => {
    const circle = await worker(({ path }, response) => response.writeHead(307, { location: path }).end());
    const { rest } = restOf([circle]);

    expect((await portErrorOf(rest.status('orders', 1000))).message).toContain('redirected more than 2 times');
  });

  test('a redirect without a place is told', async () => {
    const { rest } = restOf([await worker((_, response) => response.writeHead(307).end())]);

    expect((await portErrorOf(rest.status('orders', 1000))).code).toBe('unexpected');
  });

  test.each<{ readonly what: string; readonly answering: Answering }>([
    { what: 'refuses', answering: (_, response) => json(response, 401, { message: `no ${authorization}` }) },
    { what: 'hangs', answering: () => {} },
    { what: 'ends', answering: (_, response) => response.destroy() },
    {
      what: 'repeats a secret',
      answering: (_, response) => json(response, 400, { message: 'database.password=hunter2 is bad' }),
    },
  ])('a worker that $what: no message holds a credential', async ({ answering }) => {
    const { rest } = restOf([await worker(answering)]);

    const outcome = await rest.status('orders', 200).then(JSON.stringify, ({ message }: Error) => message);

    expect(outcome).not.toContain('hunter2');
    expect(outcome).not.toContain('d2F0Y2hkb2c6aHVudGVyMg');
  });
});
