import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * The database's end of a wire: `node farForwarder.ts ADDRESS SOCKET` listens at the far end of a network and hands each connection on through a socket in
 * the file system, which reaches past the wire. So the worker's TCP connection ends here, and this kernel is the one that retransmits.
 */
const [address = '', socket = ''] = process.argv.slice(2);
const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const inner = connect({ path: socket, allowHalfOpen: true });
  join(client, inner);
  join(inner, client);
});

function join(from: Socket, to: Socket): void {
  from.pipe(to);
  // What the kernel gave up ends both.
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroy());
}

server.listen(0, address);
await once(server, 'listening');
console.log(`port ${(server.address() as AddressInfo).port}`);
