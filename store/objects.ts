import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { PortError } from '../recovery/ports.ts';
import { failureOf, portError } from '../tell/awsErrors.ts';

/** Hardly an object of ours comes near it; a larger one is somebody's mistake and is not read. */
export const mostBytes = 1_048_576;

export type ReadObject =
  /** `version`: of a bucket that keeps versions, the one that was read. */
  | { readonly kind: 'read'; readonly text: string; readonly tag: string; readonly version?: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'too-large'; readonly bytes: number; readonly tag: string; readonly version?: string }
  /** 403: not allowed, or, where s3:ListBucket is lacking, not there. */
  | { readonly kind: 'denied' };

/** One bucket, as far as we use S3: small JSON objects, compare and swap. Every method throws a PortError for what may pass by itself. */
export interface Objects {
  readonly bucket: string;
  /** `atMost`: bytes; `mostBytes` if left out. */
  read(key: string, atMost?: number): Promise<ReadObject>;
  /** Whether there is such an object; `unknown` where S3 does not say. */
  exists(key: string): Promise<'yes' | 'no' | 'unknown'>;
  /** Writes whatever was there before. */
  write(key: string, text: string): Promise<void>;
  /** Writes only over the version with that tag, or, without one, only where nothing is. */
  swap(
    key: string,
    text: string,
    tag: string | undefined,
  ): Promise<{ readonly kind: 'written'; readonly tag: string } | { readonly kind: 'lost' }>;
  /** Every key that begins so, in the order of their text. */
  list(prefix: string): Promise<string[]>;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
export function bucketObjects(client: S3Client, bucket: string): Objects {
  return {
    bucket,

    async read(key, atMost = mostBytes) {
      try {
        const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        const tag = answer.ETag ?? '';
        const bytes = answer.ContentLength ?? 0;
        // Without versioning there is none, and where it was switched off again it is `null`.
        const id = answer.VersionId;
        const version = id === undefined || id === 'null' ? {} : { version: id };
        if (bytes > atMost) {
          if (answer.Body !== undefined && 'destroy' in answer.Body) answer.Body.destroy();
          return { kind: 'too-large', bytes, tag, ...version };
        }
        return { kind: 'read', text: (await answer.Body?.transformToString('utf-8')) ?? '', tag, ...version };
      } catch (error) {
        const failure = failureOf(error);
        if (failure.name === 'NoSuchKey') return { kind: 'missing' };
        const mapped = portError(`GetObject ${bucket}/${key}`, error);
        if (mapped.code === 'denied') return { kind: 'denied' };
        throw mapped;
      }
    },

    async exists(key) {
      try {
        await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
        return 'yes';
      } catch (error) {
        // A HEAD has no body, so a missing bucket answers as a missing key does.
        if (failureOf(error).status === 404) return 'no';
        const mapped = portError(`HeadObject ${bucket}/${key}`, error);
        if (mapped.code === 'denied') return 'unknown';
        throw mapped;
      }
    },

    async write(key, text) {
      try {
        await client.send(put(bucket, key, text));
      } catch (error) {
        throw portError(`PutObject ${bucket}/${key}`, error);
      }
    },

    async swap(key, text, tag) {
      try {
        const condition = tag === undefined ? { IfNoneMatch: '*' } : { IfMatch: tag };
        const answer = await client.send(put(bucket, key, text, condition));
        if (answer.ETag === undefined)
          throw new PortError('unexpected', `PutObject ${bucket}/${key}: an answer without ETag`);
        return { kind: 'written', tag: answer.ETag };
      } catch (error) {
        const failure = failureOf(error);
        // 412: the condition does not hold; 409: somebody wrote at the same moment; 404: the object that we would write over is gone.
        const lost = failure.status === 412 || failure.status === 409 || failure.name === 'NoSuchKey';
        if (lost) return failure.attempts > 1 ? ours(client, bucket, key, text) : { kind: 'lost' };
        throw portError(`PutObject ${bucket}/${key}`, error);
      }
    },

    async list(prefix) {
      const keys: string[] = [];
      let token: string | undefined;
      do {
        try {
          const answer = await client.send(
            new ListObjectsV2Command({
              Bucket: bucket,
              Prefix: prefix,
              ...(token === undefined ? {} : { ContinuationToken: token }),
            }),
          );
          keys.push(...(answer.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
          token = answer.IsTruncated === true ? answer.NextContinuationToken : undefined;
        } catch (error) {
          throw portError(`ListObjectsV2 ${bucket}/${prefix}`, error);
        }
      } while (token !== undefined);
      return keys.toSorted();
    },
  };
}

function put(bucket: string, key: string, text: string, condition: { IfNoneMatch?: string; IfMatch?: string } = {}) {
  return new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: 'application/json', ...condition });
}

/** The SDK sent it more than once: an earlier sending may have been carried out and its answer lost. */
async function ours(client: S3Client, bucket: string, key: string, text: string): ReturnType<Objects['swap']> {
  const found = await bucketObjects(client, bucket).read(key, Infinity);
  return found.kind === 'read' && found.text === text ? { kind: 'written', tag: found.tag } : { kind: 'lost' };
}
