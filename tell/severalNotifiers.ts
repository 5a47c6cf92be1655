import type { Message } from '../recovery/message.ts';
import { subject } from '../recovery/messageParts.ts';
import { PortError } from '../recovery/ports.ts';
import type { Notifier, Recorder } from '../recovery/ports.ts';

/** One way to reach people. */
export interface Channel {
  /** Such as `SNS`, or the environment variable of a webhook. */
  readonly name: string;
  readonly notifier: Notifier;
}

/** Hears of each try. */
export type Told = (channel: string, result: 'told' | 'failed') => void;

/**
 * The port Notifier over several: every channel gets every message, all at once, and every message is in the log. It is told as soon as one channel took it.
 * A channel that fails is told of by the others, once until it takes one again; what it missed is in that message and in the log.
 *
 * @throws PortError where no channel took it: the one that may pass by itself before one that stands, so that it is tried again
 */
export function severalNotifiers(
  channels: readonly Channel[],
  recorder: Recorder,
  told: Told = () => undefined,
): Notifier {
  const failing = new Set<string>();

  const tellOne = async ({ name, notifier }: Channel, message: Message): Promise<PortError | undefined> => {
    try {
      await notifier.tell(message);
      told(name, 'told');
      if (failing.delete(name)) recorder.note('channel.works-again', { channel: name });
      return undefined;
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      told(name, 'failed');
      recorder.note('channel.failed', {
        channel: name,
        code: error.code,
        reason: error.message,
        missed: message.subject,
      });
      return error;
    }
  };

  return {
    async tell(message) {
      const { connector, subject: headline, text } = message;
      recorder.note('message', { connector, subject: headline, text });
      if (channels.length === 0) return;
      const answers = await Promise.all(channels.map((channel) => tellOne(channel, message)));
      const failed = answers.flatMap((error, index) => {
        const channel = channels[index];
        return error === undefined || channel === undefined ? [] : [{ channel, error }];
      });
      if (failed.length === channels.length) throw worst(failed.map(({ error }) => error));
      const news = failed.filter(({ channel }) => !failing.has(channel.name));
      for (const { channel } of news) failing.add(channel.name);
      const working = channels.filter((channel) => failed.every((one) => one.channel !== channel));
      await Promise.all(
        news.flatMap(({ channel, error }) =>
          working.map((other) => tellOne(other, channelFailed(channel.name, error, message))),
        ),
      );
    },
  };
}

/** What may pass is tried again, and then all hear of it. */
function worst(errors: readonly PortError[]): PortError {
  const passing = errors.find(({ code }) => code === 'throttled' || code === 'unavailable');
  return passing ?? errors[0] ?? new PortError('unexpected', 'nobody could be told');
}

function channelFailed(name: string, error: PortError, missed: Message): Message {
  return {
    connector: missed.connector,
    subject: subject('notifications', `${name} takes no messages`),
    text: `${name} did not take a message: ${error.message}.\n\nWhat it missed: ${missed.subject}\n\nYou hear of it once; the log names every message that it misses until it takes one again.\n`,
  };
}
