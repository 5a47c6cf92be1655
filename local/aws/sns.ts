import { randomUUID } from 'node:crypto';
import type {
  CreateTopicCommandInput,
  PublishCommandInput,
  SetTopicAttributesCommandInput,
  SubscribeCommandInput,
  UnsubscribeCommandInput,
} from '@aws-sdk/client-sns';
import type { LocalClock } from '../clock.ts';
import type { LocalAccount } from './account.ts';
import { AwsError } from './awsError.ts';
import { dispatch, type Handlers } from './dispatch.ts';
import type { LocalService } from './service.ts';

/** A published message, and the e-mail addresses that it went to. */
export interface DeliveredMessage {
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly atMs: number;
  readonly to: readonly string[];
}

interface Topic {
  readonly arn: string;
  readonly attributes: Record<string, string>;
}

interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
}

/** Messages that the inbox keeps. */
const inboxSize = 10_000;
/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const longestMessageBytes = 262_144;

/** Topics, e-mail subscriptions (confirmed at once: nobody is there to click) and an inbox to read what would have been sent. */
export class LocalSns implements LocalService {
  readonly name = 'sns';
  readonly #topics = new Map<string, Topic>();
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #inbox: DeliveredMessage[] = [];
  readonly #options: { readonly clock: Pick<LocalClock, 'now'>; readonly account: LocalAccount };

  constructor(options: { readonly clock: Pick<LocalClock, 'now'>; readonly account: LocalAccount }) {
    this.#options = options;
  }

  call(operation: string, input: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
    return dispatch(this.name, this.#handlers, operation, input);
  }

  /** What was published, oldest first. */
  inbox(): readonly DeliveredMessage[] {
    return this.#inbox;
  }

  /**
   * As Publish does it; the alarms' way in.
   * @throws AwsError NotFoundException, InvalidParameterException
   */
  publish(topicArn: string, subject: string | undefined, message: string): { readonly MessageId: string } {
    const topic = this.#topic(topicArn);
    // ASCII, no line breaks or control characters, at most 100, not beginning with a space (API_Publish.html, Subject).
    if (subject !== undefined && !/^[\x21-\x7e][\x20-\x7e]{0,99}$/.test(subject)) throw invalid('Subject');
    if (message === '') throw invalid('Empty message');
    if (Buffer.byteLength(message) > longestMessageBytes) throw invalid('Message too long');
    const to = [...this.#subscriptions.values()]
      .filter((each) => each.topicArn === topic.arn && each.protocol.startsWith('email'))
      .map((each) => each.endpoint);
    this.#inbox.push({ topicArn: topic.arn, subject, message, atMs: this.#options.clock.now(), to });
    if (this.#inbox.length > inboxSize) this.#inbox.shift();
    return { MessageId: randomUUID() };
  }

  readonly #handlers: Handlers = {
    CreateTopic: (input: CreateTopicCommandInput) => this.#createTopic(input),
    DeleteTopic: (input: { readonly TopicArn?: string }) => {
      this.#topics.delete(input.TopicArn ?? '');
      return {};
    },
    ListTopics: () => ({ Topics: [...this.#topics.keys()].map((TopicArn) => ({ TopicArn })) }),
    GetTopicAttributes: (input: { readonly TopicArn?: string }) => ({
      Attributes: { ...this.#topic(input.TopicArn).attributes, TopicArn: input.TopicArn ?? '' },
    }),
    SetTopicAttributes: (input: SetTopicAttributesCommandInput) => {
      this.#topic(input.TopicArn).attributes[input.AttributeName ?? ''] = input.AttributeValue ?? '';
      return {};
    },
    Publish: (input: PublishCommandInput) =>
      this.publish(input.TopicArn ?? input.TargetArn ?? '', input.Subject, input.Message ?? ''),
    Subscribe: (input: SubscribeCommandInput) => this.#subscribe(input),
    Unsubscribe: (input: UnsubscribeCommandInput) => {
      this.#subscriptions.delete(input.SubscriptionArn ?? '');
      return {};
    },
    ListSubscriptions: () => ({ Subscriptions: this.#listed(() => true) }),
    ListSubscriptionsByTopic: (input: { readonly TopicArn?: string }) => {
      const { arn } = this.#topic(input.TopicArn);
      return { Subscriptions: this.#listed((each) => each.topicArn === arn) };
    },
  };

  #createTopic(input: CreateTopicCommandInput): object {
    const name = input.Name ?? '';
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) throw invalid('Topic Name');
    const { region, accountId } = this.#options.account;
    const arn = `arn:aws:sns:${region}:${accountId}:${name}`;
    if (!this.#topics.has(arn)) this.#topics.set(arn, { arn, attributes: { ...input.Attributes } });
    return { TopicArn: arn };
  }

  #subscribe(input: SubscribeCommandInput): object {
    const { arn: topicArn } = this.#topic(input.TopicArn);
    const protocol = input.Protocol ?? '';
    const endpoint = input.Endpoint ?? '';
    if (protocol !== 'email' && protocol !== 'email-json') throw invalid(`the local SNS has no protocol '${protocol}'`);
    if (!endpoint.includes('@')) throw invalid('Email address');
    const known = [...this.#subscriptions.values()].find(
      (each) => each.topicArn === topicArn && each.protocol === protocol && each.endpoint === endpoint,
    );
    const arn = known?.arn ?? `${topicArn}:${randomUUID()}`;
    this.#subscriptions.set(arn, { arn, topicArn, protocol, endpoint });
    return { SubscriptionArn: arn };
  }

  #listed(wanted: (subscription: Subscription) => boolean): object[] {
    return [...this.#subscriptions.values()].filter(wanted).map((each) => ({
      SubscriptionArn: each.arn,
      TopicArn: each.topicArn,
      Protocol: each.protocol,
      Endpoint: each.endpoint,
      Owner: this.#options.account.accountId,
    }));
  }

  #topic(arn: string | undefined): Topic {
    const topic = this.#topics.get(arn ?? '');
    if (!topic) throw new AwsError('NotFoundException', 404, 'Topic does not exist');
    return topic;
  }
}

function invalid(what: string): AwsError {
  return new AwsError('InvalidParameterException', 400, `Invalid parameter: ${what}`);
}
