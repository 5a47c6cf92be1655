import { PublishCommand } from '@aws-sdk/client-sns';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { Notifier } from '../recovery/ports.ts';
import { portError } from './awsErrors.ts';

/** SNS takes 256 KB; a person reads far less. */
const mostTextBytes = 200_000;

/**
 * The port Notifier: one SNS message, which its e-mail subscribers get with that subject. What exceeds SNS's limits is cut here
 * rather than refused there, for at 3 in the morning half a message is better than none.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export function snsNotifier(client: SNSClient, topicArn: string): Notifier {
  return {
    async tell(message) {
      try {
        await client.send(
          new PublishCommand({
            TopicArn: topicArn,
            Subject: fitSubject(message.subject),
            Message: fitText(message.text),
          }),
        );
      } catch (error) {
        throw portError('Publish', error);
      }
    },
  };
}

/** SNS: ASCII, no line breaks, begins with a letter, digit or punctuation, fewer than 100 characters. */
export function fitSubject(subject: string): string {
  const fit = subject.replaceAll(/[^\x20-\x7e]+/g, '?').trim();
  if (fit === '') return 'Connector recovery';
  return fit.length < 100 ? fit : `${fit.slice(0, 96)}...`;
}

function fitText(text: string): string {
  if (text === '') return '(no text)';
  const bytes = Buffer.from(text, 'utf8');
  return bytes.length <= mostTextBytes ? text : `${bytes.subarray(0, mostTextBytes).toString('utf8')}\n... (cut)`;
}
