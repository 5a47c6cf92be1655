import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTasksCommand, ListTasksCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import type { Task } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { workerReplacer } from '../../../watchdog/acts/replaceWorker.ts';

const settings = { kind: 'ecs', cluster: 'connect', service: 'workers' } as const;

const taskAt = (id: string, address: string): Task => ({
  taskArn: `arn:aws:ecs:eu-central-1:111122223333:task/connect/${id}`,
  attachments: [{ type: 'ElasticNetworkInterface', details: [{ name: 'privateIPv4Address', value: address }] }],
});

/** An ECS that knows these tasks, and what was asked of it. */
function ecsOf(tasks: readonly Task[], failure?: Error) {
  const asked: object[] = [];
  const send = async (command: { readonly input: object }) => {
    asked.push({ [command.constructor.name]: command.input });
    if (failure !== undefined) throw failure;
    if (command instanceof ListTasksCommand) return { taskArns: tasks.map(({ taskArn }) => taskArn) };
    if (command instanceof DescribeTasksCommand) return { tasks };
    return {};
  };
  return { asked, ecs: { send } as unknown as Parameters<typeof workerReplacer>[1] };
}

const noNames = async () => [];

describe('the ECS task of a worker', () => {
  test('is found by its address, and stopped; nothing else is asked for', async () => {
    const { asked, ecs } = ecsOf([taskAt('one', '10.0.1.4'), taskAt('two', '10.0.1.5')]);

    expect(await workerReplacer(settings, ecs, noNames)('10.0.1.5:8083')).toBeUndefined();
    expect(asked).toEqual([
      { ListTasksCommand: { cluster: 'connect', serviceName: 'workers', desiredStatus: 'RUNNING' } },
      {
        DescribeTasksCommand: {
          cluster: 'connect',
          tasks: [expect.stringMatching(/one$/), expect.stringMatching(/two$/)],
        },
      },
      {
        StopTaskCommand: {
          cluster: 'connect',
          task: 'arn:aws:ecs:eu-central-1:111122223333:task/connect/two',
          reason: 'connector-watchdog replaces 10.0.1.5:8083',
        },
      },
    ]);
  });

  test('is found by its name, too', async () => {
    const { asked, ecs } = ecsOf([taskAt('one', '10.0.1.4')]);
    const byName = async (host: string) => (host === 'connect-1.internal' ? ['10.0.1.4'] : []);

    expect(await workerReplacer(settings, ecs, byName)('connect-1.internal:8083')).toBeUndefined();
    expect(asked.at(-1)).toMatchObject({ StopTaskCommand: { task: expect.stringMatching(/one$/) } });
  });

  test.each([
    {
      what: 'no task has it',
      tasks: [taskAt('one', '10.0.1.4')],
      reason: 'no task of service workers with the address of 10.0.1.5:8083',
    },
    {
      what: 'two have it',
      tasks: [taskAt('one', '10.0.1.5'), taskAt('two', '10.0.1.5')],
      reason: '2 tasks of service workers with the address of 10.0.1.5:8083',
    },
  ])('$what: none is stopped', async ({ tasks, reason }) => {
    const { asked, ecs } = ecsOf(tasks);

    expect(await workerReplacer(settings, ecs, noNames)('10.0.1.5:8083')).toEqual({
      kind: 'refused',
      code: 'NoSuchTask',
      reason,
    });
    expect(asked.some((one) => StopTaskCommand.name in one)).toBe(false);
  });

  test.each([
    {
      name: 'AccessDeniedException',
      status: 400,
      outcome: { kind: 'refused', code: 'AccessDeniedException', denied: true },
    },
    { name: 'ServiceNotFoundException', status: 400, outcome: { kind: 'refused', code: 'ServiceNotFoundException' } },
  ])('$name is an answer', async ({ name, status, outcome }) => {
    const failure = Object.assign(new Error('no'), { name, $metadata: { httpStatusCode: status } });

    expect(await workerReplacer(settings, ecsOf([], failure).ecs, noNames)('10.0.1.5:8083')).toMatchObject(outcome);
  });

  test('what may pass is thrown', async () => {
    const failure = Object.assign(new Error('slow down'), {
      name: 'ThrottlingException',
      $metadata: { httpStatusCode: 400 },
    });

    await expect(workerReplacer(settings, ecsOf([], failure).ecs, noNames)('10.0.1.5:8083')).rejects.toMatchObject({
      code: 'throttled',
    });
  });
});

describe('a command of the user', () => {
  const run = (...command: readonly string[]) => workerReplacer({ kind: 'command', command })('10.0.1.5:8083');

  test('gets the worker and its host where it wants them, without a shell in between', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'replace-'));
    const file = join(folder, 'told');
    try {
      const script = 'require("fs").writeFileSync(process.argv[1], process.argv.slice(2).join("|"))';

      expect(await run(process.execPath, '-e', script, file, '{worker}', 'host={host}', '$(id)')).toBeUndefined();
      expect(readFileSync(file, 'utf8')).toBe('10.0.1.5:8083|host=10.0.1.5|$(id)');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('that fails is told with what it said', async () => {
    const script = 'console.error("no such pod"); process.exit(3)';

    expect(await run(process.execPath, '-e', script)).toMatchObject({
      kind: 'refused',
      code: 'CommandFailed',
      reason: expect.stringContaining('ended with 3: no such pod'),
    });
  });

  test('no secret that it says is told', async () => {
    const script = 'console.error("login password=hunter2 refused"); process.exit(1)';

    const refused = await run(process.execPath, '-e', script);

    expect(refused?.reason).toContain('refused');
    expect(refused?.reason).not.toContain('hunter2');
  });

  test('that is not there is told', async () => {
    expect(await run('/nowhere/replace')).toMatchObject({ kind: 'refused', reason: expect.stringContaining('ENOENT') });
  });
});
