import { readJavaProperties } from '../../../lambda/javaProperties.ts';
import { broken, lastSeen, textOf } from './casebook.ts';
import type { BrokenRule, Casebook, Deed } from './casebook.ts';

const rule = '2: nothing is deleted if its position would be lost';

/**
 * A source whose owner does not allow its position to be lost is deleted only where both the live connector and the request to recreate it from
 * keep their offsets in the same topic, under the same name and in the same cluster, and the product looked at the worker configuration that
 * says so. A sink keeps its position by name.
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-set-offset-storage-topic.html
 */
export function positionKept(book: Casebook): readonly BrokenRule[] {
  const { policy, kind } = book.settings;
  if (policy.offsets === 'may-be-lost' || kind === 'sink') return [];
  return book.deeds.flatMap((deed) => {
    if (deed.kind !== 'delete' || !deed.call.carriedOut) return [];
    const backup = book.backups.findLast((one) => one.call.index < deed.call.index)?.backup;
    if (backup === undefined) return [];
    const before = topicOf(deed, backup.live.workerConfiguration) ?? ownTopic(book.name, backup.arn);
    const after = topicOf(deed, backup.recreateFrom.workerConfiguration);
    if (after === before) return [];
    const found = after === undefined ? 'no offset topic that the product had looked at' : 'another offset topic';
    return [broken(rule, book, deed.call, `what it is recreated from has ${found}`)];
  });
}

/** The topic that the worker configuration pins, as the product saw it in this invocation. */
function topicOf(deed: Deed, named: { readonly workerConfigurationArn: string } | undefined): string | undefined {
  const arn = named?.workerConfigurationArn;
  if (arn === undefined) return undefined;
  const seen = lastSeen(deed, 'DescribeWorkerConfiguration', ({ input }) => input['workerConfigurationArn'] === arn);
  const revision = seen?.output?.['latestRevision'];
  if (typeof revision !== 'object' || revision === null) return undefined;
  const text = textOf(Reflect.get(revision, 'propertiesFileContent')) ?? '';
  return readJavaProperties(Buffer.from(text, 'base64').toString('utf8')).get('offset.storage.topic');
}

/** The topic that MSK Connect makes for a connector of which nothing is pinned. */
function ownTopic(name: string, arn: string): string {
  return `__amazon_msk_connect_offsets_${name}_${arn.slice(arn.lastIndexOf('/') + 1)}`;
}
