import type { ListObjectsV2CommandInput, ListObjectVersionsCommandInput } from '@aws-sdk/client-s3';
import { type Bucket, current, sortedKeys } from './s3Objects.ts';

/**
 * One page of a bucket's objects.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html — a common prefix counts as one key; at most 1000 a page
 */
export function listObjects(bucket: Bucket, input: ListObjectsV2CommandInput): object {
  const maxKeys = Math.min(input.MaxKeys ?? 1000, 1000);
  const prefix = input.Prefix ?? '';
  const after = input.ContinuationToken
    ? Buffer.from(input.ContinuationToken, 'base64url').toString('utf8')
    : (input.StartAfter ?? '');
  const write = encoder(input.EncodingType);
  const contents: object[] = [];
  const prefixes: string[] = [];
  let last = '';
  let truncated = false;
  for (const key of sortedKeys(bucket)) {
    if (!key.startsWith(prefix) || Buffer.compare(Buffer.from(key), Buffer.from(after)) <= 0) continue;
    const object = current(bucket, key);
    if (!object) continue;
    const group = commonPrefix(key, prefix, input.Delimiter);
    if (group !== undefined && (group === prefixes.at(-1) || (group === after && group !== ''))) continue;
    if (contents.length + prefixes.length >= maxKeys) {
      truncated = true;
      break;
    }
    last = group ?? key;
    if (group !== undefined) prefixes.push(group);
    else {
      contents.push({
        Key: write(key),
        LastModified: object.lastModified,
        ETag: object.etag,
        Size: object.body.byteLength,
        StorageClass: 'STANDARD',
      });
    }
  }
  return {
    Name: bucket.name,
    Prefix: write(prefix),
    MaxKeys: maxKeys,
    KeyCount: contents.length + prefixes.length,
    IsTruncated: truncated,
    Delimiter: input.Delimiter === undefined ? undefined : write(input.Delimiter),
    EncodingType: input.EncodingType,
    StartAfter: input.StartAfter,
    ContinuationToken: input.ContinuationToken,
    NextContinuationToken: truncated ? Buffer.from(last).toString('base64url') : undefined,
    Contents: contents.length > 0 ? contents : undefined,
    CommonPrefixes: prefixes.length > 0 ? prefixes.map((each) => ({ Prefix: write(each) })) : undefined,
  };
}

/** Every version and delete marker under a prefix, newest first within a key; one page holds all. */
export function listVersions(bucket: Bucket, input: ListObjectVersionsCommandInput): object {
  const write = encoder(input.EncodingType);
  const found = sortedKeys(bucket)
    .filter((key) => key.startsWith(input.Prefix ?? ''))
    .flatMap((key) =>
      (bucket.objects.get(key) ?? []).map((version, index) => ({
        marker: version.deleteMarker,
        entry: {
          Key: write(key),
          VersionId: version.versionId,
          IsLatest: index === 0,
          LastModified: version.lastModified,
          ...(version.deleteMarker ? {} : { ETag: version.etag, Size: version.body.byteLength }),
        },
      })),
    );
  return {
    Name: bucket.name,
    Prefix: write(input.Prefix ?? ''),
    EncodingType: input.EncodingType,
    IsTruncated: false,
    Versions: found.filter(({ marker }) => !marker).map(({ entry }) => entry),
    DeleteMarkers: found.filter(({ marker }) => marker).map(({ entry }) => entry),
  };
}

function commonPrefix(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (!delimiter) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

/** boto3 always asks for URL encoding and decodes it. */
function encoder(encodingType: string | undefined): (text: string) => string {
  return encodingType === 'url' ? (text) => encodeURIComponent(text).replaceAll('%2F', '/') : (text) => text;
}
