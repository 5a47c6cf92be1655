/**
 * The properties that a connector's workers run with: the worker configuration's own, and the three topics that MSK Connect
 * creates anew for every connector unless the worker configuration names its own.
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-manage-connector-offsets.html
 */
export function withWorkerTopics(
  name: string,
  arn: string,
  workerConfiguration: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const id = arn.slice(arn.lastIndexOf('/') + 1);
  return {
    'config.storage.topic': `__amazon_msk_connect_configs_${name}_${id}`,
    'offset.storage.topic': `__amazon_msk_connect_offsets_${name}_${id}`,
    'status.storage.topic': `__amazon_msk_connect_status_${name}_${id}`,
    ...workerConfiguration,
  };
}
