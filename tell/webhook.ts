import type { Message } from '../recovery/message.ts';
import { PortError } from '../recovery/ports.ts';
import type { Clock, Notifier } from '../recovery/ports.ts';

/** What a server made of a message. */
export interface Posted {
  readonly status: number;
  /** `retry-after`, where it said one in seconds. */
  readonly retryAfterSeconds?: number;
}

/** Posts JSON. @throws whatever, where no answer came within the time; its message is not used, for it may name the address */
export type Post = (url: string, json: string, timeoutMs: number) => Promise<Posted>;

export interface Webhook {
  /** What it is called in logs and messages: the environment variable, never the address. */
  readonly name: string;
  /** A secret: who knows it can write there. */
  readonly url: string;
  readonly format: 'slack' | 'json';
  /** Who says so: the watchdog's name. */
  readonly from: string;
}

const timeoutMs = 5000;
/** After each try that may go better. */
const pausesSeconds = [1, 5];
/** Who asks for more patience than this is told later, by whoever looks next. */
const longestPauseSeconds = 30;
/** Slack cuts at 40,000 characters; a person reads far less. */
const mostCharacters = 30_000;

/**
 * The port Notifier: one HTTP POST for each message, tried three times.
 *
 * Slack's format is understood by Mattermost, Rocket.Chat and others, too: text without markup, in which nothing from outside can call people.
 * Plain JSON is `{ schema: 1, from, connector, subject, text }`.
 *
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export function webhookNotifier(webhook: Webhook, clock: Pick<Clock, 'sleep'>, post: Post = postJson): Notifier {
  return {
    async tell(message) {
      const json = JSON.stringify(webhook.format === 'slack' ? slack(message) : plain(message, webhook.from));
      for (let tries = 0; ; tries += 1) {
        // oxlint-disable-next-line no-await-in-loop -- one try after the other
        const answer = await attempt(webhook, json, post);
        if (!(answer instanceof PortError)) return;
        const pause = Math.max(pausesSeconds[tries] ?? Infinity, answer.retryAfterSeconds ?? 0);
        if (!mayPass(answer) || pause > longestPauseSeconds) throw answer;
        // oxlint-disable-next-line no-await-in-loop -- as above
        await clock.sleep(pause);
      }
    },
  };
}

/** A webhook that did not take a message. Its address is in no part of it. */
class NotTaken extends PortError {
  readonly retryAfterSeconds: number | undefined;

  constructor(code: PortError['code'], message: string, retryAfterSeconds?: number) {
    super(code, message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

async function attempt({ name, url }: Webhook, json: string, post: Post): Promise<NotTaken | undefined> {
  let posted: Posted;
  try {
    posted = await post(url, json, timeoutMs);
  } catch (error) {
    return new NotTaken('unavailable', `webhook ${name}: no answer within ${timeoutMs} ms${codeOf(error)}`);
  }
  const { status, retryAfterSeconds } = posted;
  if (status >= 200 && status < 300) return undefined;
  const said = `webhook ${name}: HTTP ${status}`;
  if (status === 429) return new NotTaken('throttled', said, retryAfterSeconds);
  if (status >= 500 || status === 408) return new NotTaken('unavailable', said, retryAfterSeconds);
  // Revoked, archived, mistyped: somebody has to mend it.
  if ([401, 403, 404, 410].includes(status)) return new NotTaken('denied', said);
  return new NotTaken(
    'unexpected',
    status >= 300 && status < 400 ? `${said}, a redirect, which is not followed` : said,
  );
}

function mayPass({ code }: PortError): boolean {
  return code === 'throttled' || code === 'unavailable';
}

/** A system's own word, such as ECONNREFUSED; the rest of an error may hold the address. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return /^[A-Z_]{2,40}$/.test(code) ? ` (${code})` : '';
}

function slack({ subject, text }: Message): Readonly<Record<string, unknown>> {
  return { text: escaped(cut(`${subject}\n\n${text}`)), mrkdwn: false, unfurl_links: false, unfurl_media: false };
}

/** @see https://docs.slack.dev/messaging/formatting-message-text#escaping */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function plain({ connector, subject, text }: Message, from: string): Readonly<Record<string, unknown>> {
  return { schema: 1, from, connector, subject, text: cut(text) };
}

function cut(text: string): string {
  return text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters)}\n... (cut)`;
}

async function postJson(url: string, json: string, milliseconds: number): Promise<Posted> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: json,
    redirect: 'manual',
    signal: AbortSignal.timeout(milliseconds),
  });
  await answer.body?.cancel();
  const after = Number(answer.headers.get('retry-after') ?? Number.NaN);
  return { status: answer.status, ...(Number.isFinite(after) ? { retryAfterSeconds: Math.max(0, after) } : {}) };
}
