import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openFarSide } from '../../local/real/droppedPackets.ts';
import { ownProcesses } from '../../local/real/ownedProcesses.ts';

const START = fileURLToPath(new URL('droppedPackets/start.ts', import.meta.url));
const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] as const;
/** A root that may make user namespaces and no network in them, as some containers are set up. */
const FORBIDDEN = [
  'unshare',
  '--map-root-user',
  'sh',
  '-c',
  'echo 0 > /proc/sys/user/max_net_namespaces; exec "$@"',
  'sh',
] as const;

/** Runs `start.ts` behind a command; its output and its exit code. */
async function play(before: readonly string[]): Promise<{ readonly said: string; readonly code: number | null }> {
  const child = spawn('env', [...before, process.execPath, START], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { said, code };
}

/** A root also tries it as a user without rights, if that one can reach Node where it lies; who is none has only itself. */
const [asNobody, ...nobodysArguments] = AS_NOBODY;
const users: readonly (readonly [string, readonly string[]])[] =
  process.getuid?.() === 0 &&
  spawnSync(asNobody, [...nobodysArguments, process.execPath, '-e', 'fs.readFileSync(process.argv[1])', START])
    .status === 0
    ? [
        ['root', []],
        ['an ordinary user', AS_NOBODY],
      ]
    : [['an ordinary user', []]];

test.each(users)(
  'dropped packets are resent ever less often, nobody hears of it, and in time they get through, or it says why it cannot be tried: as %s',
  async (_, before) => {
    const { said, code } = await play(before);
    // A container may forbid namespaces to whoever is in it.
    expect(code === 3 ? said : 'tried').toMatch(/^tried$|This user may not make a network namespace/);
    if (code === 3) return;

    expect(code).toBe(0);
    const { silence, death } = JSON.parse(said) as Seen;
    expect(silence.during).toMatchObject({ clientSaw: [], ticks: 0, serverGot: ['got a'], newcomerSaw: [] });
    // 0.2, 0.4, 0.8 and 1.6 s after the first: https://www.rfc-editor.org/rfc/rfc6298#section-5
    expect(silence.during.backoff).toBeGreaterThanOrEqual(3);
    expect(silence.during.retransmissions).toBeGreaterThanOrEqual(3);
    expect(silence.after).toEqual({ clientSaw: [], serverGot: 'abc', newcomerSaw: ['connect'] });
    expect(death).toEqual({ during: [], after: true });
  },
  60_000,
);

test('where a user may not make a network, it is told so, and what would allow it', async () => {
  const { said, code } = await play(FORBIDDEN);

  expect(code).toBe(3);
  expect(said).toContain('This user may not make a network namespace');
  expect(said).toContain('user.max_net_namespaces above 0');
});

test("nothing is built into somebody else's network", async () => {
  const processes = await ownProcesses();

  await expect(openFarSide(processes)).rejects.toThrow("only in a network of one's own");
  await processes.close();
});

interface Seen {
  readonly silence: {
    readonly during: { readonly backoff: number; readonly retransmissions: number };
    readonly after: unknown;
  };
  readonly death: unknown;
}
