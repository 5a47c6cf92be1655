/** A message of an SQS queue, as far as dead letters need it. */
export interface QueuedMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly sentAtMs: number;
}

/** A queue that keeps what it is sent and can be read in full: what a dead-letter queue is for. No visibility timeout, no expiry. */
export interface MessageQueue {
  readonly name: string;
  readonly arn: string;
  readonly messages: readonly QueuedMessage[];
  send(message: QueuedMessage): void;
}

export function messageQueue(name: string, arn: string): MessageQueue {
  const messages: QueuedMessage[] = [];
  return { name, arn, messages, send: (message) => void messages.push(message) };
}
