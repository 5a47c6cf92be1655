import type { Telemetry } from '../aws/service.ts';
import type { LocalClock } from '../clock.ts';
import type { MessageQueue } from '../functions/messageQueue.ts';

const minuteMs = 60_000;

/**
 * Publishes how many messages each queue holds, every minute, as SQS does for a queue in use; gives the way to end it.
 * SQS stops after six idle hours; this does not, so that an alarm on a dead-letter queue has data.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export function publishQueueDepths(
  queues: ReadonlyMap<string, MessageQueue>,
  telemetry: Telemetry,
  clock: LocalClock,
): () => void {
  let callOff: () => void = () => undefined;
  const nextMinute = () => {
    callOff = clock.at((Math.floor(clock.now() / minuteMs) + 1) * minuteMs, () => {
      for (const { name, messages } of queues.values()) {
        telemetry.metric('AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: name }, messages.length);
      }
      nextMinute();
    });
  };
  nextMinute();
  return () => callOff();
}
