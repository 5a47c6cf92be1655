import type { CreateRequest, LiveConnector } from './connector.ts';

const prefix = 'connector-recovery-';

/**
 * The name of the worker configuration that pins the default offsets topic of exactly this connector: derived from its name and the id in its
 * ARN, so that whoever comes next finds what a process that died had made.
 */
export function pinName({ name, arn }: Pick<LiveConnector, 'name' | 'arn'>): string {
  const id = arn.split('/').at(-1) ?? '';
  return `${prefix}${name.replaceAll(/[^A-Za-z0-9-]/g, '-').slice(0, 60)}-${id}`;
}

/**
 * The request that a connector would be created from again: the saved one, and the worker configuration that we made for it, where the live
 * one runs on such. Its position lies in the topic that this pins, and the saved one does not know of it.
 */
export function withOwnPin(saved: CreateRequest, live: CreateRequest | undefined): CreateRequest {
  const running = live?.workerConfiguration;
  return running !== undefined && isOwnPin(running.workerConfigurationArn)
    ? { ...saved, workerConfiguration: running }
    : saved;
}

/** Whether we made that worker configuration. */
export function isOwnPin(workerConfigurationArn: string): boolean {
  return workerConfigurationArn.includes(`:worker-configuration/${prefix}`);
}
