import { describe, expect, it } from 'vitest';
import type { Message } from '../../recovery/message.ts';
import { PortError } from '../../recovery/ports.ts';
import { severalNotifiers } from '../../tell/severalNotifiers.ts';

const message = { connector: 'shop/orders', subject: 'dead', text: 'It is dead.\n' };

/** Channels that take messages or refuse them, as `refuses` says at that moment. */
function channels(...names: readonly string[]) {
  const refuses = new Map<string, PortError['code']>();
  const got: [channel: string, message: Message][] = [];
  const lines: [event: string, fields: Readonly<Record<string, unknown>>][] = [];
  const notifier = severalNotifiers(
    names.map((name) => ({
      name,
      notifier: {
        tell: async (one: Message) => {
          const code = refuses.get(name);
          if (code !== undefined) throw new PortError(code, `${name}: no`);
          got.push([name, one]);
        },
      },
    })),
    { note: (event, fields) => void lines.push([event, fields]) },
  );
  return { notifier, refuses, got, lines };
}

describe('several channels', () => {
  it('all get every message, and so does the log', async () => {
    const { notifier, got, lines } = channels('SNS', 'SLACK_URL');
    await notifier.tell(message);
    expect(got).toEqual([
      ['SNS', message],
      ['SLACK_URL', message],
    ]);
    expect(lines).toEqual([['message', message]]);
  });

  it('tell of the one that fails, once until it works again', async () => {
    const { notifier, refuses, got, lines } = channels('SNS', 'SLACK_URL');
    refuses.set('SLACK_URL', 'denied');
    await notifier.tell(message);
    await notifier.tell({ ...message, subject: 'still dead' });
    expect(got.map(([channel, { subject }]) => [channel, subject])).toEqual([
      ['SNS', 'dead'],
      ['SNS', '[connector-recovery] notifications: SLACK_URL takes no messages'],
      ['SNS', 'still dead'],
    ]);
    expect(got[1]?.[1].text).toContain('SLACK_URL: no');
    expect(got[1]?.[1].text).toContain('What it missed: dead');
    expect(lines.filter(([event]) => event === 'channel.failed')).toHaveLength(2);

    refuses.clear();
    await notifier.tell(message);
    refuses.set('SLACK_URL', 'unavailable');
    await notifier.tell(message);
    expect(got.filter(([, { subject }]) => subject.includes('takes no messages'))).toHaveLength(2);
  });

  it.each<[PortError['code'], PortError['code'], PortError['code']]>([
    ['denied', 'unavailable', 'unavailable'],
    ['throttled', 'denied', 'throttled'],
    ['denied', 'denied', 'denied'],
  ])('have not told where one says %s and the other %s: %s', async (sns, slack, code) => {
    const { notifier, refuses, got } = channels('SNS', 'SLACK_URL');
    refuses.set('SNS', sns);
    refuses.set('SLACK_URL', slack);
    await expect(notifier.tell(message)).rejects.toMatchObject({ name: 'PortError', code });
    expect(got).toEqual([]);
  });

  it('are none where only the log is told', async () => {
    const { notifier, lines } = channels();
    await notifier.tell(message);
    expect(lines).toEqual([['message', message]]);
  });
});
