import { execFile } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { access, constants, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { DescribeTasksCommand, ECSClient, ListTasksCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import type { Task } from '@aws-sdk/client-ecs';
import type { Refused } from '../../recovery/ports.ts';
import type { ReplaceSettings } from '../../settings/watchdogSettings.ts';
import { codeOf, failureOf, portError } from '../../tell/awsErrors.ts';
import { cleanReason, cleanText } from '../../tell/cleanText.ts';
import { awsClientSettings } from '../awsClientSettings.ts';

/**
 * Ends the process of a worker, given as `host:port`, so that another one takes its place. `undefined`: it was asked for. @throws PortError for what
 * may pass
 */
export type ReplaceWorker = (worker: string) => Promise<Refused | undefined>;

/** Names of a host that stand for it; the real one asks DNS. */
export type AddressesOf = (host: string) => Promise<readonly string[]>;

const commandMs = 60_000;
/** Three calls of 10 s at most each, and all of them over before the lease of whoever asked is (90 s). */
const triesPerCall = 2;
const mostPages = 10;

/** By what the settings say. `ecs`: of the task's own region, by its credentials. */
export function workerReplacer(
  settings: ReplaceSettings,
  ecs: Pick<ECSClient, 'send'> = new ECSClient({ ...awsClientSettings, maxAttempts: triesPerCall }),
  addressesOf: AddressesOf = addressesByDns,
): ReplaceWorker {
  switch (settings.kind) {
    case 'ecs':
      return (worker) => stopTask(ecs, settings, worker, addressesOf);
    case 'command':
      return (worker) => runCommand(settings.command, worker);
  }
}

/**
 * Stops the task of the service that has the worker's address; the service starts another one. Needs ecs:ListTasks, ecs:DescribeTasks and
 * ecs:StopTask, and nothing else.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html
 */
async function stopTask(
  ecs: Pick<ECSClient, 'send'>,
  { cluster, service }: Extract<ReplaceSettings, { kind: 'ecs' }>,
  worker: string,
  addressesOf: AddressesOf,
): Promise<Refused | undefined> {
  const host = hostOf(worker);
  const addresses = new Set([host, ...(await addressesOf(host))]);
  let call = 'ListTasks';
  try {
    const taskArns = await listTasks(ecs, cluster, service);
    call = 'DescribeTasks';
    const tasks = await describeTasks(ecs, cluster, taskArns);
    const found = tasks.filter((task) => addressesIn(task).some((address) => addresses.has(address)));
    const [task, ...others] = found;
    if (task?.taskArn === undefined || others.length > 0) {
      const what = found.length === 0 ? 'no task' : `${found.length} tasks`;
      return {
        kind: 'refused',
        code: 'NoSuchTask',
        reason: `${what} of service ${service} with the address of ${worker}`,
      };
    }
    call = 'StopTask';
    await ecs.send(
      new StopTaskCommand({ cluster, task: task.taskArn, reason: `connector-watchdog replaces ${worker}` }),
    );
    return undefined;
  } catch (error) {
    const code = codeOf(failureOf(error));
    if (code === 'throttled' || code === 'unavailable') throw portError(call, error);
    const { name, message } = failureOf(error);
    return {
      kind: 'refused',
      code: name,
      reason: cleanText(`${call}: ${message}`),
      ...(code === 'denied' ? { denied: true } : {}),
    };
  }
}

/**
 * Whether a worker could be replaced, without replacing one: the program is there and may be run, or the service has tasks. Needs ecs:ListTasks and
 * ecs:DescribeTasks; whether ecs:StopTask is allowed nobody can know before.
 */
export async function tryReplacer(
  settings: ReplaceSettings,
  ecs: Pick<ECSClient, 'send'> = new ECSClient({ ...awsClientSettings, maxAttempts: triesPerCall }),
): Promise<{ readonly well: boolean; readonly said: string }> {
  if (settings.kind === 'command') {
    const [program = ''] = settings.command;
    // Which one it is, is known by the worker only.
    if (/\{(worker|host)\}/.test(program)) return { well: true, said: `${program}: named by the worker, so not tried` };
    return (await isProgram(program))
      ? { well: true, said: `${program}: there, and may be run` }
      : { well: false, said: `${program}: no program of that name that may be run` };
  }
  const { cluster, service } = settings;
  const name = `service ${service} of ECS cluster ${cluster}`;
  try {
    const tasks = await describeTasks(ecs, cluster, await listTasks(ecs, cluster, service));
    return { well: tasks.length > 0, said: `${name}: ${tasks.length} running` };
  } catch (error) {
    return { well: false, said: cleanText(`${name}: ${failureOf(error).name}: ${failureOf(error).message}`) };
  }
}

/** As a program is looked for without a shell: a path as it is, a mere name in the folders of PATH. */
async function isProgram(program: string): Promise<boolean> {
  const folders = program.includes('/') ? [''] : (process.env['PATH'] ?? '').split(delimiter);
  const found = await Promise.all(
    folders.map(async (folder) => isExecutable(folder === '' ? program : join(folder, program))),
  );
  return found.includes(true);
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

async function listTasks(ecs: Pick<ECSClient, 'send'>, cluster: string, service: string): Promise<readonly string[]> {
  const found: string[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await ecs.send(
      new ListTasksCommand({
        cluster,
        serviceName: service,
        desiredStatus: 'RUNNING',
        ...(nextToken && { nextToken }),
      }),
    );
    found.push(...(answer.taskArns ?? []));
    nextToken = answer.nextToken;
    if (nextToken === undefined) break;
  }
  return found;
}

async function describeTasks(
  ecs: Pick<ECSClient, 'send'>,
  cluster: string,
  taskArns: readonly string[],
): Promise<Task[]> {
  const found: Task[] = [];
  // 100 at most in one call.
  for (let start = 0; start < taskArns.length; start += 100) {
    const answer = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns.slice(start, start + 100) }));
    found.push(...(answer.tasks ?? []));
  }
  return found;
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Attachment.html — `privateIPv4Address`, `privateDnsName` */
function addressesIn({ attachments = [], containers = [] }: Task): readonly string[] {
  const ofAttachments = attachments.flatMap(({ details = [] }) =>
    details.filter(({ name }) => name === 'privateIPv4Address' || name === 'privateDnsName').map(({ value }) => value),
  );
  const ofContainers = containers.flatMap(({ networkInterfaces = [] }) =>
    networkInterfaces.flatMap(({ privateIpv4Address, ipv6Address }) => [privateIpv4Address, ipv6Address]),
  );
  return [...ofAttachments, ...ofContainers].filter((address) => address !== undefined);
}

async function addressesByDns(host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    // Then the name itself has to do.
    return [];
  }
}

/** Runs a program of the user's without a shell. */
async function runCommand(command: readonly string[], worker: string): Promise<Refused | undefined> {
  const filled = (part: string) => part.replaceAll('{worker}', worker).replaceAll('{host}', hostOf(worker));
  const [program = '', ...args] = command.map(filled);
  try {
    await promisify(execFile)(program, args, { timeout: commandMs, killSignal: 'SIGKILL' });
    return undefined;
  } catch (error) {
    const { code, killed, stderr } = error as { code?: unknown; killed?: boolean; stderr?: string };
    const why = killed === true ? `not ended after ${commandMs / 1000} s` : `ended with ${String(code)}`;
    return { kind: 'refused', code: 'CommandFailed', reason: cleanReason(`${program} ${why}: ${stderr ?? ''}`) };
  }
}

function hostOf(worker: string): string {
  return worker.replace(/:\d+$/, '');
}
