import { S3Client } from '@aws-sdk/client-s3';
import type { StoreSettings } from '../settings/watchdogSettings.ts';
import { fileObjects, prepareFolder } from '../store/fileObjects.ts';
import { bucketObjects } from '../store/objects.ts';
import type { Objects } from '../store/objects.ts';
import { prefixedObjects } from '../store/prefixedObjects.ts';
import { awsClientSettings } from './awsClientSettings.ts';

/** The store that the settings name; a folder is made if it is not there. @throws PortError where a folder cannot be used */
export async function openStore(store: StoreSettings): Promise<Objects> {
  if (store.kind === 'bucket')
    return prefixedObjects(bucketObjects(new S3Client(awsClientSettings), store.bucket), store.prefix);
  await prepareFolder(store.folder);
  return fileObjects(store.folder);
}
