import type { CreateRequest, LiveConnector } from './connector.ts';

const prefix = 'connector-recovery-';

/**
 * The name of the worker configuration that pins the default offsets topic of exactly this connector: derived from its name and the id in its
 * ARN, so that whoever comes next finds what a process that died had made.
 */
export function pinName({ name, arn }: Pick<LiveConnector, 'name' | 'arn'>): string {
  return `${pinPrefix(name)}${arn.split('/').at(-1) ?? ''}`;
}

/**
 * How the names of all worker configurations begin that were made for connectors of that name, and for some others. A name has at most 128 characters: 60, with
 * this product's 19 before them and an id of 38 (a UUID, and a number) behind.
 * @see https://docs.aws.amazon.com/MSKC/latest/mskc/API_CreateWorkerConfiguration.html
 */
export function pinPrefix(name: string): string {
  return `${prefix}${name.replaceAll(/[^A-Za-z0-9-]/g, '-').slice(0, 60)}-`;
}

/**
 * The request that a connector would be created from again: the saved one, and the worker configuration that we made for it, where the live
 * one runs on such. Its position lies in the topic that this pins, and the saved one does not know of it.
 */
export function withOwnPin(saved: CreateRequest, live: CreateRequest | undefined): CreateRequest {
  const pin = ownPinOf(live);
  return pin === undefined ? saved : { ...saved, workerConfiguration: pin };
}

/** The worker configuration that we made, where a request names such. */
export function ownPinOf(request: CreateRequest | undefined): CreateRequest['workerConfiguration'] {
  const named = request?.workerConfiguration;
  return named !== undefined && isOwnPin(named.workerConfigurationArn) ? named : undefined;
}

/** Whether we made that worker configuration. */
export function isOwnPin(workerConfigurationArn: string): boolean {
  return workerConfigurationArn.includes(`:worker-configuration/${prefix}`);
}
