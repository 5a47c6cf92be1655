import { SNSClient } from '@aws-sdk/client-sns';
import type { Clock } from '../recovery/ports.ts';
import type { WatchdogSettings } from '../settings/watchdogSettings.ts';
import type { Channel } from '../tell/severalNotifiers.ts';
import { snsNotifier } from '../tell/snsNotifier.ts';
import { webhookNotifier } from '../tell/webhook.ts';
import { awsClientSettings } from './awsClientSettings.ts';
import type { Environment } from './secretsOf.ts';

/** Every way to reach people that the settings name. */
export function openChannels(
  { name: from, tell: { topicArn, webhooks } }: Pick<WatchdogSettings, 'name' | 'tell'>,
  clock: Clock,
  environment: Environment,
): readonly Channel[] {
  return [
    ...(topicArn === undefined ? [] : [{ name: 'SNS', notifier: snsNotifier(clientFor(topicArn), topicArn) }]),
    ...webhooks.map(({ urlEnv, format }) => ({
      name: urlEnv,
      notifier: webhookNotifier({ name: urlEnv, url: environment[urlEnv] ?? '', format, from }, clock),
    })),
  ];
}

/** In the topic's own region, wherever we run. */
function clientFor(topicArn: string): SNSClient {
  const [, , , region = ''] = topicArn.split(':');
  return new SNSClient({ ...awsClientSettings, region });
}
