import { execFile, spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Says in words, with what can be done about it, why this machine or this user cannot have a network of its own. */
export class NoOwnNetwork extends Error {
  override readonly name = 'NoOwnNetwork';
}

/**
 * Starts Node on `argv` in a network namespace of its own, with nothing in it but a loopback interface that is up: no other machine
 * can be reached from there, and `openFarSide` may build. It needs no root. A root's process keeps its users; another user is root there,
 * and nobody else exists. The process has the id of the ChildProcess and gets SIGTERM when this one ends in
 * whatever way; the namespace goes with its last process.
 * @param options.stdio default `inherit`
 * @throws NoOwnNetwork
 */
export async function insideOwnNetwork(
  argv: readonly string[],
  options: { readonly stdio?: StdioOptions; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<ChildProcess> {
  const flags = await namespaceFlags();
  return spawn(
    'unshare',
    [
      ...flags,
      '--',
      'sh',
      '-c',
      'ip link set lo up && exec setpriv --pdeathsig TERM -- "$@"',
      'sh',
      process.execPath,
      ...argv,
    ],
    { stdio: options.stdio ?? 'inherit', env: { ...process.env, ...options.env } },
  );
}

/** @throws NoOwnNetwork */
async function namespaceFlags(): Promise<readonly string[]> {
  if (process.platform !== 'linux')
    throw new NoOwnNetwork('Packets can be dropped on Linux only: it takes network namespaces.');
  // A root's own namespace keeps its users, which a database server may want to be; a user namespace has one only.
  const choices = process.getuid?.() === 0 ? [['--net'], ['--map-root-user', '--net']] : [['--map-root-user', '--net']];
  let said = '';
  for (const flags of choices) {
    try {
      await run(
        'unshare',
        [...flags, '--', 'sh', '-c', 'ip link set lo up && nsenter --version && setpriv --version'],
        {
          env: { ...process.env, LC_ALL: 'C' },
        },
      );
      return flags;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw missing('unshare');
      said = (error as { readonly stderr?: string }).stderr?.trim() ?? String(error);
      const program = /(?:^|: )(ip|nsenter|setpriv): (?:command )?not found/.exec(said)?.[1];
      if (program !== undefined) throw missing(program);
    }
  }
  throw new NoOwnNetwork(
    `This user may not make a network namespace (${said}). Run it as root, or let users have them: sysctl user.max_user_namespaces and ` +
      'user.max_net_namespaces above 0, kernel.unprivileged_userns_clone=1 on Debian, kernel.apparmor_restrict_unprivileged_userns=0 on ' +
      'Ubuntu; in a container, a seccomp profile that allows unshare.',
  );
}

function missing(program: string): NoOwnNetwork {
  const where = program === 'ip' ? 'iproute2' : 'util-linux';
  return new NoOwnNetwork(`${program} is missing, which drops packets: apt-get install ${where}`);
}
