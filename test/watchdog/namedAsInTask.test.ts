import { describe, expect, it } from 'vitest';
import { checkWatchdogSettings } from '../../settings/watchdogRead.ts';
import { namedAsInTask } from '../../watchdog/namedAsInTask.ts';

const inTask = { ECS_CONTAINER_METADATA_URI_V4: 'http://169.254.170.2/v4/abc' };
const metadata = { Networks: [{ NetworkMode: 'awsvpc', IPv4Addresses: ['10.0.2.61'] }] };

const settings = (urls: readonly string[], advertised: Readonly<Record<string, string>> = {}) =>
  checkWatchdogSettings(
    { clusters: [{ name: 'shop', urls, advertised }], store: { folder: '/f' }, tell: { logOnly: true } },
    'watchdog.json',
  );

async function advertisedIn(
  given: ReturnType<typeof settings>,
  answer: () => Promise<unknown> = async () => metadata,
  environment: Readonly<Record<string, string>> = inTask,
) {
  const asked: string[] = [];
  const named = await namedAsInTask(given, environment, async (url) => {
    asked.push(url);
    return answer();
  });
  return { advertised: named.clusters[0]?.advertised, asked };
}

describe('beside its worker in one ECS task', () => {
  it('knows it by the address of the task, which is what it advertises', async () => {
    expect(await advertisedIn(settings(['http://127.0.0.1:8083', 'http://other:8083']))).toEqual({
      advertised: { '10.0.2.61:8083': 'http://127.0.0.1:8083' },
      asked: ['http://169.254.170.2/v4/abc'],
    });
  });

  it('takes the name that somebody gave it', async () => {
    const named = { 'connect-1:8083': 'http://127.0.0.1:8083' };
    expect(await advertisedIn(settings(['http://127.0.0.1:8083'], named))).toEqual({ advertised: named, asked: [] });
  });

  it('says that ECS did not answer, or named no address', async () => {
    const away = async () => Promise.reject(new Error('fetch failed'));
    await expect(advertisedIn(settings(['http://127.0.0.1:8083']), away)).rejects.toMatchObject({
      code: 'unavailable',
    });
    const bare = async () => ({ Networks: [{ NetworkMode: 'awsvpc' }] });
    await expect(advertisedIn(settings(['http://127.0.0.1:8083']), bare)).rejects.toMatchObject({ code: 'unexpected' });
  });
});

it.each<[string, readonly string[], unknown, Readonly<Record<string, string>>]>([
  ['outside of ECS', ['http://127.0.0.1:8083'], metadata, {}],
  ['where its workers are elsewhere', ['http://connect:8083'], metadata, inTask],
  ['where containers share no network', ['http://127.0.0.1:8083'], { Networks: [{ NetworkMode: 'bridge' }] }, inTask],
])('nothing changes %s', async (_title, urls, answer, environment) => {
  expect((await advertisedIn(settings(urls), async () => answer, environment)).advertised).toEqual({});
});
