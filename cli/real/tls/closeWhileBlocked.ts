import { writeFile, readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer, type TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { ownProcesses } from '../../../local/real/ownedProcesses.ts';
import { startProxy } from '../../../local/real/proxy.ts';
import { provideSoftware } from '../../../local/real/software.ts';
import { makeTlsMaterial } from '../../../local/real/tls.ts';
import { spoken, tlsVersions, type TlsVersion } from './versions.ts';

/** What one run of CloseWhileBlocked.java printed. */
export interface Closing {
  /** As the JVM and, separately, the server say that it was negotiated. */
  readonly protocol: string;
  readonly bytesWritten: number;
  /** Until close() returned; undefined: it had not after 10 s. */
  readonly closedAfterMs: number | undefined;
  /** The closing thread's frames in sun.security.ssl, innermost first. */
  readonly where: string;
}

const program = fileURLToPath(new URL('CloseWhileBlocked.java', import.meta.url));

type BlockedIn = 'write' | 'read';

/** In what another thread is blocked, and SO_LINGER in seconds, -1 for none. */
const cases: readonly (readonly [BlockedIn, number])[] = [
  ['write', -1],
  ['write', 0],
  ['read', -1],
];

/**
 * Asks this machine's JDK whether closing a TLS socket waits for a write that is blocked (JDK-8241239), with and without SO_LINGER, or for a read, for each version. It is a Java
 * program because the question is about Java's own socket: the binlog client writes to its socket in TLS 1.3's KeyUpdate only, so with TLS 1.2 it never gets there.
 * @returns whether it could be asked
 */
export async function tryCloseWhileBlocked(signal: AbortSignal, say: (text: string) => void): Promise<boolean> {
  say(
    'close() of a TLS socket while another thread is blocked in it, in plain Java (CloseWhileBlocked.java), the peer neither reading nor writing:',
  );
  const software = await provideSoftware({ say, signal });
  const processes = await ownProcesses();
  const sockets = new Set<TLSSocket>();
  const closers: (() => Promise<void> | void)[] = [];
  try {
    const tls = await makeTlsMaterial(processes.folder);
    const passwordFile = join(processes.folder, 'trust.password');
    await writeFile(passwordFile, tls.trustStorePassword, { mode: 0o600 });
    const [cert, key] = await Promise.all([readFile(tls.certFile), readFile(tls.keyFile)]);
    let negotiated: string | null = null;
    const server = createServer({ cert, key }, (socket) => {
      negotiated = socket.getProtocol();
      // Nobody reads it: what arrives fills the buffers.
      sockets.add(socket.on('error', () => undefined));
      // A server answers a close; for a silent peer the connection has to be half open. The program waits two seconds before it closes.
      setTimeout(() => proxy.freeze(), 500);
    });
    closers.push(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const proxy = await startProxy({ port });
    closers.push(() => proxy.close());
    const run = async (version: TlsVersion, blockedIn: BlockedIn, linger: number): Promise<string> => {
      const lines: string[] = [];
      const through = blockedIn === 'read' ? proxy.port : port;
      const args = [program, String(through), version, String(linger), tls.trustStore, passwordFile, blockedIn];
      const java = processes.start({ name: 'Java', command: software.java, args, onLine: (line) => lines.push(line) });
      signal.addEventListener('abort', () => void java.end(0), { once: true });
      await java.ended;
      signal.throwIfAborted();
      const closing = lines.map(readClosing).find((each) => each !== undefined);
      if (closing === undefined)
        return `could not be run: ${lines.slice(-3).join(' ')} (a single-file program needs a JDK, a JRE alone will not do)`;
      const agreed =
        closing.protocol === negotiated
          ? closing.protocol
          : `${closing.protocol}, but the server says ${String(negotiated)}`;
      const until = blockedIn === 'write' ? `, ${closing.bytesWritten} bytes written until it blocked` : '';
      return `${agreed}${until}; ${closingWords(closing)}`;
    };
    let asked = true;
    for (const [blockedIn, linger] of cases) {
      for (const version of tlsVersions) {
        const words = await run(version, blockedIn, linger);
        asked &&= words.startsWith(version) && !words.includes('but the server says');
        say(
          `  blocked in a ${blockedIn}, ${linger < 0 ? 'no SO_LINGER' : 'SO_LINGER 0'}, ${spoken(version)}: ${words}`,
        );
      }
    }
    return asked;
  } finally {
    for (const socket of sockets) socket.destroy();
    for (const closer of closers) await closer();
    await processes.close();
  }
}

/** @returns undefined for a line of something else */
export function readClosing(line: string): Closing | undefined {
  const [, protocol, bytes, ms, where = ''] = /^(TLSv1\.\d) \S+ (\d+) (-?\d+) ?(.*)$/.exec(line) ?? [];
  if (protocol === undefined || bytes === undefined || ms === undefined) return undefined;
  return { protocol, bytesWritten: Number(bytes), closedAfterMs: Number(ms) < 0 ? undefined : Number(ms), where };
}

export function closingWords({ closedAfterMs, where }: Pick<Closing, 'closedAfterMs' | 'where'>): string {
  return closedAfterMs === undefined
    ? `close() had not returned after 10 s, at ${where}`
    : `close() returned after ${closedAfterMs} ms`;
}
