import type { ChildProcess, fork as realFork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { castFor } from '../../../cli/compare/castFor.ts';
import { selfManagedWorld } from '../../../cli/compare/live/selfManagedWorld.ts';
import { planOf } from '../../../cli/compare/plan.ts';
import { faultsOf } from '../../../cli/compare/report.ts';
import { SideWatch } from '../../../cli/compare/sideWatch.ts';
import type { World } from '../../../cli/compare/world.ts';
import { scaledClock } from '../../../local/scaledClock.ts';
import { moduleGraph } from '../../local/actors/moduleGraph.ts';

interface Asked {
  readonly atMs: number;
  readonly what: string;
  readonly status: number;
  readonly answer: string;
}

/** What the watchdog was started with and sent, and what it asked through the doors that it was given. */
const { started, sent, asked, servers } = vi.hoisted(() => ({
  started: [] as { readonly entry: string; readonly args: readonly string[]; readonly options: StartedWith }[],
  sent: [] as { readonly to: string; readonly message: unknown }[],
  asked: [] as Asked[],
  servers: [] as Server[],
}));

interface StartedWith {
  readonly env: Readonly<Record<string, string>>;
  readonly execArgv: readonly string[];
}

const clock = scaledClock({ factor: 20 });

/** Stands before a door of the cluster, hands everything on, and keeps question and answer. */
async function recordingDoor(target: string): Promise<string> {
  const server = createServer((incoming, answer) => {
    const onward = request(
      new URL(incoming.url ?? '/', target),
      { method: incoming.method ?? 'GET', headers: incoming.headers },
      (answered) => {
        let text = '';
        answered.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answered.on('end', () => {
          const status = answered.statusCode ?? 0;
          asked.push({ atMs: clock.now(), what: `${incoming.method} ${incoming.url}`, status, answer: text });
          answer.writeHead(status, answered.headers).end(text);
        });
      },
    );
    onward.on('error', () => answer.destroy());
    incoming.pipe(onward);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { pathname } = new URL(target);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname === '/' ? '' : pathname}`;
}

vi.mock('node:child_process', async (original) => {
  const real = await original<{ readonly fork: typeof realFork }>();
  const fork = (path: string, args: readonly string[], options: object): ChildProcess => {
    const child = real.fork(path, args, options);
    const entry = basename(path);
    started.push({ entry, args, options: options as StartedWith });
    const send = child.send.bind(child) as (...all: unknown[]) => boolean;
    const emit = child.emit.bind(child) as (...all: unknown[]) => boolean;
    Object.assign(child, {
      send: (message: unknown, ...rest: unknown[]) => {
        sent.push({ to: entry, message });
        return send(message, ...rest);
      },
      emit: (event: string, message: unknown, ...rest: unknown[]) => {
        if (event === 'message' && isListening(message)) {
          void (async () => {
            const urls = await Promise.all(message.urls.map(recordingDoor));
            const prometheusUrls = await Promise.all(message.prometheusUrls.map(recordingDoor));
            emit(event, { ...message, urls, prometheusUrls }, ...rest);
          })();
          return true;
        }
        return emit(event, message, ...rest);
      },
    });
    return child;
  };
  return { ...real, fork };
});

function isListening(message: unknown): message is { readonly urls: string[]; readonly prometheusUrls: string[] } {
  return typeof message === 'object' && message !== null && 'prometheusUrls' in message;
}

const compared = { failure: 'half-open', connectVersion: '3.7.x' } as const;
const watch = new SideWatch('self-managed');
const world: World = selfManagedWorld(clock, castFor(compared), planOf(compared, 1), watch);
let settings: unknown;

beforeAll(async () => {
  await world.open(() => undefined);
  const file = started.find(({ entry }) => entry === 'watchdog.mjs')?.args[1] ?? '';
  settings = JSON.parse(readFileSync(file, 'utf8'));
  const until = async (reached: () => boolean) => {
    while (!reached()) {
      await world.poll();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  await until(() => world.healthy);
  world.strike(clock.now() + 5000);
  await until(() => watch.proved && watch.flows);
}, 90_000);

afterAll(async () => {
  await world.end();
  clock.stop();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

const silence = () => {
  const { failedAtMs, actedAtMs = 0 } = watch.result().marks;
  return asked.filter(({ atMs }) => atMs > failedAtMs + 1000 && atMs < actedAtMs);
};

describe('the watchdog sees only what its world shows', () => {
  it('noticed the failure, brought it back and proved it, in a run with nothing else', () => {
    expect(faultsOf(watch.result())).toEqual([]);
    expect(watch.result().acts).toEqual(['POST /connectors/orders-cdc/tasks/0/restart']);
  });

  it('has no module of the simulated world or of the spectator in it', () => {
    const graph = [...moduleGraph('watchdog/main.ts')];
    expect(graph).toContain('watchdog/watchdog.ts');
    expect(graph.filter((path) => /^(local|cli|lambda)\//.test(path))).toEqual([]);
  });

  it('was started with its settings file and a webhook, and was sent nothing', () => {
    const { args, options } = started.find(({ entry }) => entry === 'watchdog.mjs') ?? {};
    expect(args).toEqual(['--settings', expect.stringMatching(/watchdog\.json$/)]);
    expect(Object.keys(options?.env ?? {}).toSorted()).toEqual([
      'LOCAL_TIME_FACTOR',
      'LOCAL_TIME_ORIGIN_MS',
      'LOCAL_TIME_ORIGIN_REAL_MS',
      'PATH',
      'WATCHDOG_WEBHOOK',
    ]);
    expect(options?.execArgv.map((each) => basename(each))).toEqual([
      '--import',
      'endsWithParent.ts',
      '--import',
      'preload.ts',
    ]);
    expect(sent.filter(({ to }) => to === 'watchdog.mjs')).toEqual([]);
  });

  it("was told the workers' addresses, where to remember and whom to tell, and leaves all else to its defaults", () => {
    expect(settings).toEqual({
      clusters: [
        {
          name: 'shop',
          urls: [expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/)],
          prometheus: { urls: [expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/)] },
        },
      ],
      store: { folder: expect.stringMatching(/store$/) },
      tell: { webhooks: [{ urlEnv: 'WATCHDOG_WEBHOOK', format: 'json' }] },
      listen: { port: 0 },
    });
  });

  it('was told all the while that connector and task are RUNNING and connected', () => {
    const answers = silence().map(({ answer }) => answer);
    const states = answers.flatMap((text) => [...text.matchAll(/"state":"(\w+)"/g)].map(([, state]) => state));
    const connected = answers.flatMap((text) =>
      [...text.matchAll(/"Connected",.*\} (\S+)$/gm)].map(([, value]) => value),
    );
    expect(states.length).toBeGreaterThan(20);
    expect(new Set(states)).toEqual(new Set(['RUNNING']));
    expect(connected.length).toBeGreaterThan(10);
    expect(new Set(connected)).toEqual(new Set(['1.0']));
  });

  it("asked for nothing but Kafka Connect's own REST interface and the JMX agent's text", () => {
    expect([...new Set(asked.map(({ what }) => what))].toSorted()).toEqual([
      'GET /',
      'GET /connectors/connector-watchdog',
      'GET /connectors/orders-cdc',
      'GET /connectors/orders-cdc/offsets',
      'GET /connectors/orders-cdc/status',
      'GET /connectors?expand=status&expand=info',
      'GET /metrics',
      'POST /connectors/orders-cdc/tasks/0/restart',
    ]);
  });
});
