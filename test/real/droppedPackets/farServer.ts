import { createServer } from 'node:net';

/** Says each thing that it sees on a line; sends a tick each 200 ms on every connection. */
const [host = ''] = process.argv.slice(2);
const server = createServer((socket) => {
  const ticking = setInterval(() => socket.write('.'), 200);
  socket.on('data', (bytes) => console.log(`got ${bytes.toString('latin1')}`));
  socket.on('end', () => console.log('end'));
  socket.on('error', (error: NodeJS.ErrnoException) => console.log(`error ${error.code}`));
  socket.on('close', () => clearInterval(ticking));
});
server.listen(0, host, () => console.log(`port ${(server.address() as { port: number }).port}`));
