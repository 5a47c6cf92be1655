import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openTransport, TransportError } from '../../../watchdog/rest/transport.ts';
import type { HttpRequest, OwnTransport, TlsFiles } from '../../../watchdog/rest/transport.ts';
import { awkwardServer, cutShort, json } from '../awkwardServer.ts';
import type { Answering, AwkwardServer } from '../awkwardServer.ts';
import { makeCertificates } from '../certificates.ts';
import type { Certificates } from '../certificates.ts';

const open: (AwkwardServer | OwnTransport)[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function server(...args: Parameters<typeof awkwardServer>): Promise<AwkwardServer> {
  const started = await awkwardServer(...args);
  open.push(started);
  return started;
}

function transport(tls?: TlsFiles): OwnTransport {
  const started = openTransport(tls);
  open.push(started);
  return started;
}

async function failureOf(asking: Promise<unknown>): Promise<TransportError> {
  const error: unknown = await asking.then(
    () => new Error('it was answered'),
    (failure: unknown) => failure,
  );
  if (!(error instanceof TransportError)) throw error;
  return error;
}

const get = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url,
  timeoutMs: 2000,
  ...more,
});

describe('a worker is asked', () => {
  test('its answer comes whole, with its status, whatever it is, and its headers in small letters', async () => {
    const { url } = await server((_, response) => {
      json(response, 404, { message: 'Connector x not found' }, { 'X-Worker': 'one' });
    });

    expect(await transport().send(get(`${url}/connectors/x`))).toMatchObject({
      status: 404,
      body: '{"message":"Connector x not found"}',
      headers: { 'x-worker': 'one', 'content-type': 'application/json' },
    });
  });

  test('it gets the method, the headers and the body', async () => {
    const { url, asked } = await server((_, response) => json(response, 200, {}));

    await transport().send(get(`${url}/a?b=c`, { method: 'PUT', headers: { authorization: 'Basic x' }, body: '{}' }));

    expect(asked).toEqual([
      {
        method: 'PUT',
        path: '/a?b=c',
        headers: expect.objectContaining({ authorization: 'Basic x', 'content-length': '2' }),
      },
    ]);
  });

  test('a redirect is given back as it came, and not followed', async () => {
    const { url, asked } = await server((_, response) => response.writeHead(307, { location: '/elsewhere' }).end());

    expect(await transport().send(get(url))).toMatchObject({ status: 307, headers: { location: '/elsewhere' } });
    expect(asked).toHaveLength(1);
  });
});

describe('no whole answer', () => {
  const cases: readonly {
    readonly what: string;
    readonly answering: Answering;
    readonly code: string;
    readonly timeoutMs?: number;
  }[] = [
    { what: 'nothing comes', answering: () => {}, code: 'timeout' },
    {
      what: 'the answer begins, and its end does not come',
      answering: (_, response) => response.write('{"half":'),
      code: 'timeout',
    },
    { what: 'the answer ends before its time', answering: (_, response) => cutShort(response), code: 'cut-short' },
    {
      what: 'an answer of unknown length ends before its time',
      answering: (_, response) => response.write('{"half":', () => response.destroy()),
      code: 'cut-short',
    },
    {
      what: 'the answer is longer than anybody reads',
      answering: (_, response) => {
        for (let megabyte = 0; megabyte < 65; megabyte += 1) response.write(Buffer.alloc(2 ** 20, ' '));
        response.end();
      },
      code: 'cut-short',
      timeoutMs: 10_000,
    },
    // Whoever ended it may have done what was asked: only where nobody was reached may another worker be asked for the same.
    { what: 'the connection is ended at once', answering: (_, response) => response.destroy(), code: 'cut-short' },
  ];

  test.each(cases)('$what: $code', async ({ answering, code, timeoutMs = 300 }) => {
    const { url } = await server(answering);

    const failure = await failureOf(transport().send(get(url, { timeoutMs })));

    expect(failure.code).toBe(code);
  });

  test('nobody listens: unreachable', async () => {
    const gone = await server(() => {});
    await gone.close();

    expect((await failureOf(transport().send(get(gone.url)))).code).toBe('unreachable');
  });

  test('an answer that takes its time ends with the deadline, not long after', async () => {
    const { url } = await server(() => {});
    const begun = performance.now();

    await failureOf(transport().send(get(url, { timeoutMs: 200 })));

    expect(performance.now() - begun).toBeLessThan(1000);
  });

  test('closing ends what is under way', async () => {
    const { url } = await server(() => {});
    const own = openTransport();
    const asking = failureOf(own.send(get(url, { timeoutMs: 60_000 })));

    await own.close();

    expect((await asking).code).toBe('unreachable');
  });

  test('no message names a credential, be it in a header, the address or a query', async () => {
    const { url } = await server(() => {});
    const address = url.replace('http://', 'http://admin:hunter2@');

    const { message } = await failureOf(
      transport().send(
        get(`${address}/connectors?token=hunter3`, {
          timeoutMs: 100,
          headers: { authorization: 'Basic aHVudGVyNA==' },
        }),
      ),
    );

    expect(message).toBe(`GET ${url}/connectors: no answer within 100 ms`);
  });
});

describe('TLS', () => {
  let certificates: Certificates;

  beforeAll(() => {
    certificates = makeCertificates();
  });

  afterAll(() => {
    certificates.remove();
  });

  const answering: Answering = (_, response) => json(response, 200, { version: '3.7.1' });

  test('a worker of our own authority is trusted with its certificate', async () => {
    const { url } = await server(answering, certificates.server);

    expect(await transport({ caFile: certificates.caFile }).send(get(url))).toMatchObject({ status: 200 });
  });

  test('without it, it is not', async () => {
    const { url } = await server(answering, certificates.server);

    expect((await failureOf(transport().send(get(url)))).code).toBe('tls');
  });

  test('a certificate of another host is not accepted', async () => {
    const { url } = await server(answering, certificates.server);
    const { port } = new URL(url);

    const failure = await failureOf(transport({ caFile: certificates.caFile }).send(get(`https://localhost:${port}/`)));

    expect(failure.code).toBe('tls');
  });

  test('a worker that wants to know who we are gets our certificate', async () => {
    const wanting = { ...certificates.server, ca: certificates.ca, requestCert: true, rejectUnauthorized: true };
    const { url } = await server(answering, wanting);
    const { caFile, certFile, keyFile } = certificates;

    expect(await transport({ caFile, certFile, keyFile }).send(get(url))).toMatchObject({ status: 200 });
    // With TLS 1.3 a server may end the connection without a word; the message names what it may be.
    expect((await failureOf(transport({ caFile }).send(get(url)))).message).toBe(
      `GET ${url}/: it ended the connection before an answer; where it asks for a client certificate, none that it knows was given`,
    );
  });

  test('what speaks no TLS is said to be so', async () => {
    const { url } = await server(answering);

    const failure = await failureOf(transport().send(get(url.replace('http:', 'https:'))));

    expect(failure.code).toBe('tls');
  });

  test('a file that is not there is told at once', () => {
    expect(() => openTransport({ caFile: '/nowhere/ca.pem' })).toThrow('/nowhere/ca.pem');
  });
});
