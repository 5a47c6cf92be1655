import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { OwnedProcess, OwnedProcesses } from './ownedProcesses.ts';

const run = promisify(execFile);

/** What is reached over a wire of its own, from which packets can be dropped. */
export interface FarSide {
  /** Of the far end; servers there listen on it. */
  readonly address: string;
  /** Starts processes at the far end; the rest is the owner's. Their sockets in the file system are reached from both ends. */
  readonly processes: OwnedProcesses;
  /** From now on every packet, of either direction, vanishes: no reset, no FIN, no ICMP, no answer to a SYN. */
  drop(): Promise<void>;
  /** Packets arrive again; what is retransmitted from now on, too. */
  heal(): Promise<void>;
  /** Takes the wire away. Processes at the far end are their owner's to end. */
  close(): Promise<void>;
}

const NEAR = '10.77.0.1';
const FAR = '10.77.0.2';
/** Locally administered, and nobody's: a frame to it is for somebody else, so whoever gets it throws it away in silence. */
const NOBODYS_MAC = '02:00:00:00:00:01';

/**
 * Builds a far side for a process that `insideOwnNetwork` has started: a namespace at the other end of a veth pair. Packets are dropped by
 * the neighbour entries of both ends, which need neither netem nor iptables in the kernel.
 * @throws where there is any network but a loopback interface: it would be somebody's
 */
export async function openFarSide(processes: OwnedProcesses): Promise<FarSide> {
  const links = JSON.parse((await run('ip', ['-json', 'link'])).stdout) as readonly { readonly ifname: string }[];
  if (links.some(({ ifname }) => ifname !== 'lo')) {
    throw new Error(
      `A far side is built only in a network of one's own; here are ${links.map((link) => link.ifname).join(', ')}.`,
    );
  }
  const holder = await startHolder(processes);
  const far = ['--target', String(holder.pid), '--net'];
  const atNear = (...args: readonly string[]) => run('ip', args);
  const atFar = (...args: readonly string[]) => run('nsenter', [...far, '--', 'ip', ...args]);

  await atNear('link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far', 'netns', String(holder.pid));
  await atNear('address', 'add', `${NEAR}/30`, 'dev', 'near');
  await atFar('address', 'add', `${FAR}/30`, 'dev', 'far');
  await atNear('link', 'set', 'near', 'up');
  await atFar('link', 'set', 'far', 'up');
  const nearMac = macOf(await atNear('-json', 'link', 'show', 'near'));
  const farMac = macOf(await atFar('-json', 'link', 'show', 'far'));
  const point = async (toFar: string, toNear: string) => {
    await Promise.all([
      atNear('neighbour', 'replace', FAR, 'lladdr', toFar, 'dev', 'near', 'nud', 'permanent'),
      atFar('neighbour', 'replace', NEAR, 'lladdr', toNear, 'dev', 'far', 'nud', 'permanent'),
    ]);
  };
  await point(farMac, nearMac);

  return {
    address: FAR,
    processes: {
      folder: processes.folder,
      start: ({ command, args, uid, ...spec }) => {
        // Only whoever may enter the namespace enters it: the user is changed on the other side.
        const asUser = uid === undefined ? [] : ['--setuid', String(uid), '--setgid', String(uid)];
        return processes.start({ ...spec, command: 'nsenter', args: [...far, ...asUser, '--', command, ...args] });
      },
      close: () => processes.close(),
    },
    drop: () => point(NOBODYS_MAC, NOBODYS_MAC),
    heal: () => point(farMac, nearMac),
    close: async () => {
      if (!holder.running) return;
      await atNear('link', 'delete', 'near');
      await holder.end(0);
    },
  };
}

/** A namespace lives as long as a process in it. */
async function startHolder(processes: OwnedProcesses): Promise<OwnedProcess> {
  const entered = Promise.withResolvers<void>();
  const lines: string[] = [];
  const holder = processes.start({
    name: 'the far side of the network',
    command: 'unshare',
    args: ['--net', '--', 'sh', '-c', 'ip link set lo up && echo entered && exec sleep infinity'],
    onLine: (line) => {
      lines.push(line);
      if (line === 'entered') entered.resolve();
    },
  });
  const ended = holder.ended.then((how) => {
    throw new Error(`The far side of the network ${how}: ${lines.join(' ')}`);
  });
  await Promise.race([entered.promise, ended]);
  ended.catch(() => undefined);
  return holder;
}

function macOf({ stdout }: { readonly stdout: string }): string {
  const [link] = JSON.parse(stdout) as readonly { readonly address: string }[];
  if (link === undefined) throw new Error('The wire has no end here.');
  return link.address;
}
