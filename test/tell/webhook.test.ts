import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { webhookNotifier } from '../../tell/webhook.ts';
import type { Post, Posted } from '../../tell/webhook.ts';

const secret = 'https://hooks.slack.com/services/T000/B000/verySecretToken';
const message = {
  connector: 'shop/orders_cdc',
  subject: '[connector-recovery] shop/orders_cdc: back',
  text: 'restarted & well\n<!channel> *bold* _it_\n',
};

/** A server that gives these answers in their order; a word stands for no answer, and the system's code for it. */
function answering(answers: readonly (Posted | string)[]) {
  const posts: { url: string; json: unknown }[] = [];
  const slept: number[] = [];
  const post: Post = async (url, json) => {
    posts.push({ url, json: JSON.parse(json) as unknown });
    const answer = answers[posts.length - 1] ?? { status: 200 };
    if (typeof answer !== 'string') return answer;
    throw Object.assign(new Error(`connect ${answer} ${url}`), { code: answer });
  };
  const clock = { sleep: async (seconds: number) => void slept.push(seconds) };
  const told = async (format: 'slack' | 'json' = 'json') => {
    const webhook = { name: 'SLACK_URL', url: secret, format, from: 'connector-watchdog' };
    try {
      await webhookNotifier(webhook, clock, post).tell(message);
      return 'told';
    } catch (error) {
      return error;
    }
  };
  return { posts, slept, told };
}

describe('a webhook', () => {
  it("gets plain text in Slack's format, in which nothing calls people", async () => {
    const { told, posts } = answering([]);
    expect(await told('slack')).toBe('told');
    expect(posts).toEqual([
      {
        url: secret,
        json: {
          text: '[connector-recovery] shop/orders_cdc: back\n\nrestarted &amp; well\n&lt;!channel&gt; *bold* _it_\n',
          mrkdwn: false,
          unfurl_links: false,
          unfurl_media: false,
        },
      },
    ]);
  });

  it('gets the message field by field in plain JSON', async () => {
    const { told, posts } = answering([]);
    expect(await told('json')).toBe('told');
    expect(posts[0]?.json).toEqual({ schema: 1, from: 'connector-watchdog', ...message });
  });

  it.each<[string, (Posted | string)[], number[]]>([
    ['is out of reach once', ['ECONNREFUSED'], [1]],
    ['errs twice', [{ status: 503 }, { status: 500 }], [1, 5]],
    ['asks for patience', [{ status: 429, retryAfterSeconds: 12 }], [12]],
  ])('that %s is asked again', async (_title, answers, pauses) => {
    const { told, slept } = answering(answers);
    expect(await told()).toBe('told');
    expect(slept).toEqual(pauses);
  });

  it.each<[string, (Posted | string)[], string, string, number]>([
    [
      'stays out of reach',
      ['ECONNRESET', 'ECONNRESET', 'ECONNRESET'],
      'unavailable',
      'no answer within 5000 ms (ECONNRESET)',
      3,
    ],
    ['was revoked', [{ status: 403 }], 'denied', 'HTTP 403', 1],
    ['does not exist', [{ status: 404 }], 'denied', 'HTTP 404', 1],
    ['does not understand', [{ status: 400 }], 'unexpected', 'HTTP 400', 1],
    ['leads elsewhere', [{ status: 302 }], 'unexpected', 'HTTP 302, a redirect, which is not followed', 1],
    ['asks for an hour', [{ status: 429, retryAfterSeconds: 3600 }], 'throttled', 'HTTP 429', 1],
  ])('that %s has not been told, and its address is in no word of it', async (_title, answers, code, words, tries) => {
    const { told, posts } = answering(answers);
    const error = await told();
    expect(error).toMatchObject({ name: 'PortError', code, message: `webhook SLACK_URL: ${words}` });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('verySecretToken');
    expect(posts).toHaveLength(tries);
  });

  it('that leads elsewhere over HTTP is not followed there', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(request.url === '/x' ? 307 : 200, { location: '/elsewhere' }).end();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const webhook = { name: 'W', url: `http://127.0.0.1:${port}/x`, format: 'json', from: 'w' } as const;
    const telling = webhookNotifier(webhook, { sleep: () => Promise.resolve() }).tell(message);
    await expect(telling).rejects.toMatchObject({ code: 'unexpected' });
    server.closeAllConnections();
    server.close();
    expect(asked).toEqual(['POST /x']);
  });

  it('is posted to over HTTP', async () => {
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => bodies.push(chunk.toString('utf8')));
      request.on('end', () => response.writeHead(200).end('ok'));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const webhook = { name: 'W', url: `http://127.0.0.1:${port}/x`, format: 'json', from: 'w' } as const;
    await webhookNotifier(webhook, { sleep: () => Promise.resolve() }).tell(message);
    server.closeAllConnections();
    server.close();
    expect(JSON.parse(bodies.join(''))).toMatchObject({ subject: message.subject });
  });
});
