import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startProxy, type Proxy } from '../../../local/real/proxy.ts';
import { dial, End, listen, nothingMoreComes, until, type Listening } from './tcpEnds.ts';

let server: Listening;
let proxy: Proxy;
const clients: End[] = [];

beforeEach(async () => {
  server = await listen();
  proxy = await startProxy({ port: server.port });
});

afterEach(async () => {
  for (const each of clients.splice(0)) each.socket.destroy();
  await proxy.close();
  server.close();
});

/** A client and the server's end of its connection, over which a word went in both directions. */
async function connected(nth = 0): Promise<{ client: End; peer: End }> {
  const client = await dialed();
  client.socket.write('hello.');
  const peer = await server.end(nth);
  await peer.has('hello.');
  peer.socket.write('welcome.');
  await client.has('welcome.');
  return { client, peer };
}

async function dialed(): Promise<End> {
  const client = await dial(proxy.port);
  clients.push(client);
  return client;
}

describe('a healthy connection', () => {
  test('passes on what either side sends', async () => {
    const { client, peer } = await connected();

    expect(proxy.connections).toBe(1);
    expect([client.seen, peer.seen]).toEqual([[], []]);
  });

  test('passes on that one side has nothing more to send, while the other goes on', async () => {
    const { client, peer } = await connected();

    client.socket.end('last question.');
    await peer.saw('end');
    peer.socket.write('first answer.');
    peer.socket.end('last answer.');
    await client.saw('end');

    expect(peer.received).toBe('hello.last question.');
    expect(client.received).toBe('welcome.first answer.last answer.');
    await until(
      () => proxy.connections === 0,
      () => 'the proxy keeps the connection',
    );
  });

  test.each(['client', 'server'] as const)('passes on a reset by the %s', async (side) => {
    const { client, peer } = await connected();

    (side === 'client' ? client : peer).socket.resetAndDestroy();

    expect(await (side === 'client' ? peer : client).saw('ECONNRESET')).toEqual(['ECONNRESET']);
    await until(
      () => proxy.connections === 0,
      () => 'the proxy keeps the connection',
    );
  });

  test('holds a sender back whose bytes nobody reads, and loses none of them', async () => {
    const { client, peer } = await connected();
    peer.socket.pause();
    const block = randomBytes(1024 * 1024);
    let taken = 0;
    for (let n = 0; n < 64; n += 1) client.socket.write(block, () => (taken += 1));

    await nothingMoreComes();
    await nothingMoreComes();
    const takenWhileNobodyRead = taken;
    peer.received = '';
    peer.socket.resume();
    client.socket.end();
    await peer.saw('end');

    expect(takenWhileNobodyRead).toBeLessThan(32);
    expect(sha256(peer.received)).toBe(sha256(Buffer.alloc(64 * block.length, block).toString('latin1')));
  });

  test('is reset where the target refuses it', async () => {
    server.close();

    const client = await dialed();

    expect(await client.saw('ECONNRESET')).toEqual(['ECONNRESET']);
  });
});

describe('half open', () => {
  test('what either side sends vanishes, and neither learns that the other closed', async () => {
    const { client, peer } = await connected();

    proxy.freeze();
    client.socket.write('anybody?');
    peer.socket.write('a row');
    peer.socket.end();
    await nothingMoreComes();
    peer.socket.resetAndDestroy();
    await nothingMoreComes();

    expect(peer.received).toBe('hello.');
    expect(client.received).toBe('welcome.');
    expect(client.seen).toEqual([]);
    expect(client.socket.writable).toBe(true);
    expect(proxy.connections).toBe(1);
  });

  test('the client closing is not told to the server', async () => {
    const { client, peer } = await connected();

    proxy.freeze();
    client.socket.resetAndDestroy();
    await nothingMoreComes();

    expect(peer.seen).toEqual([]);
  });

  test('senders go on being acknowledged', async () => {
    const { client } = await connected();

    proxy.freeze();
    for (let n = 0; n < 64; n += 1) client.socket.write(Buffer.alloc(1024 * 1024));

    await until(
      () => client.socket.writableLength === 0,
      () => `${client.socket.writableLength} bytes are held back`,
    );
    expect(client.seen).toEqual([]);
  });

  test('lasts beyond heal, for connections that were there; new ones work all the while', async () => {
    const { client, peer } = await connected();

    proxy.freeze();
    await connected(1);
    await proxy.heal();
    client.socket.write('again?');
    peer.socket.write('again?');
    await connected(2);
    await nothingMoreComes();

    expect([client.received, client.seen]).toEqual(['welcome.', []]);
    expect([peer.received, peer.seen]).toEqual(['hello.', []]);
  });
});

describe('a hole', () => {
  test('keeps back what is sent into it, and delivers it when it is over', async () => {
    const { client, peer } = await connected();

    proxy.hole();
    client.socket.write('sent into the hole.');
    peer.socket.write('this too.');
    await nothingMoreComes();
    expect([client.received, peer.received]).toEqual(['welcome.', 'hello.']);
    await proxy.heal();

    await peer.has('hello.sent into the hole.');
    await client.has('welcome.this too.');
    expect([client.seen, peer.seen]).toEqual([[], []]);
  });

  test('keeps back that a side closed, too', async () => {
    const { client, peer } = await connected();

    proxy.hole();
    peer.socket.end('goodbye.');
    await nothingMoreComes();
    expect(client.seen).toEqual([]);
    await proxy.heal();

    await client.saw('end');
    expect(client.received).toBe('welcome.goodbye.');
  });

  test('keeps back that a side reset the connection, too', async () => {
    const { client, peer } = await connected();

    proxy.hole();
    peer.socket.resetAndDestroy();
    await nothingMoreComes();
    expect(client.seen).toEqual([]);
    await proxy.heal();

    await client.saw('ECONNRESET');
  });

  test('accepts new connections, which get no answer until it is over, and then work', async () => {
    proxy.hole();
    const client = await dialed();
    client.socket.write('hello.');
    await nothingMoreComes();
    expect(server.ends).toHaveLength(0);
    expect(proxy.connections).toBe(1);
    await proxy.heal();

    const peer = await server.end(0);
    await peer.has('hello.');
    peer.socket.write('welcome.');
    await client.has('welcome.');
  });

  test('stops a stream in its middle, and no byte of it is lost or sent twice', async () => {
    const { client, peer } = await connected();
    peer.received = '';
    const sent = randomBytes(16 * 1024 * 1024);
    client.socket.end(sent);

    await until(
      () => peer.received.length > 0,
      () => 'nothing arrived',
    );
    for (let n = 0; n < 5; n += 1) {
      proxy.hole();
      await new Promise((resolve) => setTimeout(resolve, 5));
      await proxy.heal();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await peer.saw('end');

    expect(sha256(peer.received)).toBe(sha256(sent.toString('latin1')));
  });

  test('leaves dead what was half open before', async () => {
    const { client, peer } = await connected();

    proxy.freeze();
    proxy.hole();
    client.socket.write('lost');
    await proxy.heal();
    client.socket.write('lost too');
    await nothingMoreComes();

    expect([peer.received, peer.seen]).toEqual(['hello.', []]);
  });
});

test('a reset reaches both sides of present connections, dead and held ones too, and no new one', async () => {
  const frozen = await connected(0);
  proxy.freeze();
  const held = await connected(1);
  proxy.hole();

  proxy.reset();

  for (const each of [frozen.client, frozen.peer, held.client, held.peer]) {
    expect(await each.saw('ECONNRESET')).toEqual(['ECONNRESET']);
  }
  await proxy.heal();
  await connected(2);
});

test('where it refuses, new connections get ECONNREFUSED on the same port until heal, and present ones go on', async () => {
  const { client, peer } = await connected();
  const { port } = proxy;

  await proxy.refuse();
  await expect(dial(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  client.socket.write('still here.');
  await peer.has('hello.still here.');
  await proxy.heal();

  expect(proxy.port).toBe(port);
  await connected(1);
});

test('new connections go where it is pointed to, those that wait in a hole as well; present ones stay', async () => {
  const other = await listen();
  const { client, peer } = await connected();

  proxy.hole();
  const waiting = await dialed();
  proxy.retarget(other.port);
  await proxy.heal();
  waiting.socket.write('hello, other.');
  client.socket.write('hello again.');

  await (await other.end(0)).has('hello, other.');
  await peer.has('hello.hello again.');
  expect([server.ends.length, other.ends.length]).toEqual([1, 1]);
  other.close();
});

test('closing it leaves no connection, frozen, held or refused as they may be, and no listener', async () => {
  const first = await connected(0);
  proxy.freeze();
  const second = await connected(1);
  proxy.hole();
  const third = await dialed();
  await proxy.refuse();

  await proxy.close();

  expect(proxy.connections).toBe(0);
  for (const each of [first, second]) {
    for (const end of [each.client, each.peer])
      await until(
        () => end.seen.length > 0,
        () => 'hears nothing',
      );
  }
  await until(
    () => third.seen.length > 0,
    () => 'hears nothing',
  );
  await expect(dial(proxy.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('the target may be another host', async () => {
  const elsewhere = await startProxy({ port: server.port, host: 'localhost' });
  const client = await dial(elsewhere.port);
  client.socket.write('hello.');
  await (await server.end(0)).has('hello.');
  expect(elsewhere.port).not.toBe(server.port);
  client.socket.destroy();
  await elsewhere.close();
});

function sha256(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex');
}
