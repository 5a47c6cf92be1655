import { setTimeout as wait } from 'node:timers/promises';
import type { OwnedProcess, OwnedProcesses, ProcessSpec } from './ownedProcesses.ts';

/**
 * Starts a server and resolves when it answers.
 * @param answers resolves when it does and rejects when it does not; it is asked again until then
 * @throws with the server's last lines when it ends before, or has not answered after `timeoutSeconds`; then it is ended
 */
export async function startServer(
  processes: OwnedProcesses,
  spec: ProcessSpec,
  answers: () => Promise<unknown>,
  timeoutSeconds = 90,
): Promise<OwnedProcess> {
  const lines: string[] = [];
  let starting = true;
  const server = processes.start({
    ...spec,
    onLine: (line) => {
      if (starting) lines.splice(0, Math.max(0, lines.push(line) - 25));
      spec.onLine?.(line);
    },
  });
  const deadline = performance.now() + timeoutSeconds * 1000;
  let last: unknown;
  try {
    while (performance.now() < deadline) {
      if (!server.running)
        throw new Error([`${spec.name} ${await server.ended} instead of answering.`, ...lines].join('\n'));
      try {
        await answers();
        return server;
      } catch (error) {
        last = error;
      }
      await wait(50);
    }
    const reason = last instanceof Error ? last.message : String(last);
    throw new Error([`${spec.name} did not answer within ${timeoutSeconds} s (${reason}).`, ...lines].join('\n'));
  } catch (error) {
    await server.end(0);
    throw error;
  } finally {
    starting = false;
  }
}

/**
 * Runs a program to its end.
 * @throws with its last lines when its exit code is not 0
 */
export async function runToEnd(processes: OwnedProcesses, spec: ProcessSpec): Promise<void> {
  const lines: string[] = [];
  const how = await processes.start({ ...spec, onLine: (line) => lines.push(line) }).ended;
  if (how !== 'ended with code 0') throw new Error([`${spec.name} ${how}.`, ...lines.slice(-25)].join('\n'));
}
