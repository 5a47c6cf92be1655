import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openFarSide, type FarSide } from '../../../local/real/droppedPackets.ts';
import { ownProcesses, type OwnedProcess } from '../../../local/real/ownedProcesses.ts';

/** Plays what `droppedPackets.real.ts` looks at, inside a network of its own, and prints it as JSON. */
const processes = await ownProcesses();
const farSide = await openFarSide(processes);
try {
  const silence = await whileDropped(farSide);
  const death = await deathWhileDropped(farSide);
  console.log(JSON.stringify({ silence, death }));
} finally {
  await farSide.close();
  await processes.close();
}

async function whileDropped(far: FarSide) {
  const server = await serve(far);
  const client = await dial(far, server.port);
  client.socket.write('a');
  await until(() => server.lines.includes('got a') && client.received.length > 1);

  await far.drop();
  await sleep(300);
  const receivedBefore = client.received.length;
  client.socket.write('b');
  const newcomer = connect(server.port, far.address);
  const newcomerSaw: string[] = [];
  newcomer.on('connect', () => newcomerSaw.push('connect')).on('error', (error) => newcomerSaw.push(error.message));
  await sleep(4000);
  client.socket.write('c');
  const near = await sockets(['-H', '-tin', 'state', 'established']);
  const during = {
    clientSaw: [...client.seen],
    ticks: client.received.length - receivedBefore,
    serverGot: server.lines.filter((line) => line.startsWith('got') || line.startsWith('e')),
    newcomerSaw: [...newcomerSaw],
    backoff: Number(/ backoff:(\d+)/.exec(near)?.[1] ?? 0),
    retransmissions: Number(/ retrans:\d+\/(\d+)/.exec(near)?.[1] ?? 0),
  };

  await far.heal();
  await until(() => server.lines.some((line) => line.endsWith('bc') || line === 'got c'), 20_000);
  await until(() => client.received.length > receivedBefore + 20, 20_000);
  await until(() => newcomerSaw.length > 0, 20_000);
  const after = {
    clientSaw: [...client.seen],
    serverGot: server.lines
      .filter((line) => line.startsWith('got'))
      .map((line) => line.slice(4))
      .join(''),
    newcomerSaw,
  };
  newcomer.destroy();
  client.socket.destroy();
  await server.process.end();
  return { during, after };
}

async function deathWhileDropped(far: FarSide) {
  const server = await serve(far);
  const client = await dial(far, server.port);
  await until(() => client.received.length > 1);
  await far.drop();
  await server.process.end(0);
  await sleep(2000);
  const during = [...client.seen];
  await far.heal();
  client.socket.write('anybody?');
  await until(() => client.seen.length > 0, 20_000);
  client.socket.destroy();
  return { during, after: client.seen.length > 0 };
}

async function serve(far: FarSide): Promise<{ port: number; lines: string[]; process: OwnedProcess }> {
  const lines: string[] = [];
  const server = far.processes.start({
    name: 'a server',
    command: process.execPath,
    args: [new URL('farServer.ts', import.meta.url).pathname, far.address],
    onLine: (line) => lines.push(line),
  });
  await until(() => lines.some((line) => line.startsWith('port')));
  return { port: Number(lines[0]?.slice(5)), lines, process: server };
}

async function dial(far: FarSide, port: number): Promise<{ socket: Socket; received: string; seen: string[] }> {
  const socket = connect(port, far.address);
  const client = { socket, received: '', seen: [] as string[] };
  socket.on('data', (bytes) => (client.received += bytes.toString('latin1')));
  socket.on('end', () => client.seen.push('end'));
  socket.on('error', (error: NodeJS.ErrnoException) => client.seen.push(error.code ?? error.message));
  await once(socket, 'connect');
  return client;
}

async function sockets(args: readonly string[]): Promise<string> {
  return (await promisify(execFile)('ss', args)).stdout;
}

async function until(holds: () => boolean, withinMs = 5000): Promise<void> {
  const giveUpAtMs = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > giveUpAtMs) throw new Error(`Not within ${withinMs} ms: ${holds.toString()}`);
    await sleep(10);
  }
}
