import { S3Client } from '@aws-sdk/client-s3';
import { PortError } from '../recovery/ports.ts';
import type { StoreSettings } from '../settings/watchdogSettings.ts';
import { fileObjects, prepareFolder } from '../store/fileObjects.ts';
import { bucketObjects } from '../store/objects.ts';
import type { Objects } from '../store/objects.ts';
import { prefixedObjects } from '../store/prefixedObjects.ts';
import { awsClientSettings } from './awsClientSettings.ts';

/** The store that the settings name; a folder is made if it is not there. @throws PortError where a folder cannot be used, or no region is known */
export async function openStore(store: StoreSettings): Promise<Objects> {
  if (store.kind === 'bucket') {
    const client = new S3Client(awsClientSettings);
    await withRegion(client, store.bucket);
    return prefixedObjects(bucketObjects(client, store.bucket), store.prefix);
  }
  await prepareFolder(store.folder);
  return fileObjects(store.folder);
}

/** Without one every call fails, and none of them gets better by being tried again. */
async function withRegion(client: S3Client, bucket: string): Promise<void> {
  try {
    await client.config.region();
  } catch (error) {
    throw new PortError('unexpected', `store.bucket: ${bucket} needs an AWS region: set AWS_REGION`, { cause: error });
  }
}
