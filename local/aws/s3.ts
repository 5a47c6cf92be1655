import type {
  CreateBucketCommandInput,
  DeleteObjectCommandInput,
  DeleteObjectsCommandInput,
  GetObjectCommandInput,
  HeadBucketCommandInput,
  HeadObjectCommandInput,
  ListObjectsV2CommandInput,
  ListObjectVersionsCommandInput,
  PutBucketVersioningCommandInput,
  PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import type { LocalClock } from '../clock.ts';
import { AwsError } from './awsError.ts';
import { dispatch, type Handlers } from './dispatch.ts';
import { listObjects, listVersions } from './s3Listing.ts';
import { type Bucket, current, type ObjectVersion, removeVersion, store } from './s3Objects.ts';
import type { LocalService } from './service.ts';

export interface LocalS3Options {
  readonly clock: Pick<LocalClock, 'now'>;
  /** Whether the caller may list that bucket: without, a missing key answers 403. @default everybody may */
  readonly mayList?: (bucket: string) => boolean;
}

/**
 * Buckets and objects, with versions and conditional writes.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export class LocalS3 implements LocalService {
  readonly name = 's3';
  readonly #buckets = new Map<string, Bucket>();
  readonly #options: LocalS3Options;

  constructor(options: LocalS3Options) {
    this.#options = options;
  }

  call(operation: string, input: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
    return dispatch(this.name, this.#handlers, operation, input);
  }

  readonly #handlers: Handlers = {
    CreateBucket: (input: CreateBucketCommandInput) => this.#createBucket(input),
    DeleteBucket: (input: HeadBucketCommandInput) => this.#deleteBucket(input),
    HeadBucket: (input: HeadBucketCommandInput) => this.#headBucket(input),
    ListBuckets: () => ({
      Buckets: [...this.#buckets.values()].map((bucket) => ({ Name: bucket.name, CreationDate: bucket.createdAt })),
      Owner: { ID: 'local' },
    }),
    PutBucketVersioning: (input: PutBucketVersioningCommandInput) => {
      this.#bucket(input.Bucket).versioning = input.VersioningConfiguration?.Status;
      return {};
    },
    GetBucketVersioning: (input: HeadBucketCommandInput) => ({ Status: this.#bucket(input.Bucket).versioning }),
    PutObject: (input: PutObjectCommandInput) => this.#put(input),
    GetObject: (input: GetObjectCommandInput) => {
      const object = this.#read(input);
      return { ...described(object), Body: object.body };
    },
    HeadObject: (input: HeadObjectCommandInput) => this.#head(input),
    DeleteObject: (input: DeleteObjectCommandInput) => this.#delete(input),
    DeleteObjects: (input: DeleteObjectsCommandInput) => ({
      Deleted: (input.Delete?.Objects ?? []).map(({ Key, VersionId }) => {
        const { DeleteMarker, VersionId: made } = this.#delete({ Bucket: input.Bucket, Key, VersionId });
        return VersionId ? { Key, VersionId } : { Key, DeleteMarker, DeleteMarkerVersionId: made };
      }),
    }),
    ListObjectsV2: (input: ListObjectsV2CommandInput) => listObjects(this.#listable(input.Bucket), input),
    ListObjectVersions: (input: ListObjectVersionsCommandInput) => listVersions(this.#listable(input.Bucket), input),
  };

  #createBucket(input: CreateBucketCommandInput): object {
    const name = input.Bucket ?? '';
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
      throw new AwsError('InvalidBucketName', 400, 'The specified bucket is not valid.');
    }
    if (this.#buckets.has(name)) {
      throw new AwsError(
        'BucketAlreadyOwnedByYou',
        409,
        'Your previous request to create the named bucket succeeded and you already own it.',
      );
    }
    const createdAt = new Date(this.#options.clock.now());
    this.#buckets.set(name, { name, createdAt, versioning: undefined, objects: new Map() });
    return { Location: `/${name}` };
  }

  #deleteBucket(input: HeadBucketCommandInput): object {
    if (this.#bucket(input.Bucket).objects.size > 0) {
      throw new AwsError('BucketNotEmpty', 409, 'The bucket you tried to delete is not empty');
    }
    this.#buckets.delete(input.Bucket ?? '');
    return {};
  }

  #headBucket(input: HeadBucketCommandInput): object {
    // A HEAD has no body to name its error in, so the SDK knows it as NotFound.
    if (!this.#buckets.has(input.Bucket ?? '')) throw new AwsError('NotFound', 404, 'Not Found');
    return {};
  }

  #put(input: PutObjectCommandInput): object {
    const bucket = this.#bucket(input.Bucket);
    const key = input.Key ?? '';
    // Also over a delete marker: then there is no current object (conditional-writes.html).
    if (input.IfNoneMatch !== undefined && current(bucket, key)) throw preconditionFailed();
    if (input.IfMatch !== undefined) this.#mustMatch(bucket, key, input.IfMatch);
    const stored = store(bucket, {
      key,
      deleteMarker: false,
      body: bytes(input.Body),
      lastModified: new Date(this.#options.clock.now()),
      metadata: { ...input.Metadata },
      contentType: input.ContentType ?? 'binary/octet-stream',
    });
    return { ETag: stored.etag, ...shownVersion(stored) };
  }

  #mustMatch(bucket: Bucket, key: string, etag: string): void {
    const found = current(bucket, key);
    if (!found) throw noSuchKey();
    if (unquoted(etag) !== '*' && unquoted(etag) !== unquoted(found.etag)) throw preconditionFailed();
  }

  #read(input: GetObjectCommandInput): ObjectVersion {
    const bucket = this.#bucket(input.Bucket);
    const key = input.Key ?? '';
    const object = input.VersionId ? this.#version(bucket, key, input.VersionId) : current(bucket, key);
    if (!object) {
      const mayList = this.#options.mayList?.(bucket.name) ?? true;
      // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax (permissions)
      throw mayList ? noSuchKey() : new AwsError('AccessDenied', 403, 'Access Denied');
    }
    if (input.IfMatch !== undefined && unquoted(input.IfMatch) !== unquoted(object.etag)) throw preconditionFailed();
    if (input.IfNoneMatch !== undefined && unquoted(input.IfNoneMatch) === unquoted(object.etag)) {
      throw new AwsError('NotModified', 304, 'Not Modified');
    }
    return object;
  }

  #version(bucket: Bucket, key: string, versionId: string): ObjectVersion {
    const found = bucket.objects.get(key)?.find((each) => each.versionId === versionId);
    if (!found) throw new AwsError('NoSuchVersion', 404, 'The specified version does not exist.');
    if (found.deleteMarker) {
      throw new AwsError('MethodNotAllowed', 405, 'The specified method is not allowed against this resource.');
    }
    return found;
  }

  #head(input: HeadObjectCommandInput): object {
    try {
      return described(this.#read(input));
    } catch (error) {
      const missing = error instanceof AwsError && error.status === 404;
      throw missing ? new AwsError('NotFound', 404, 'Not Found') : error;
    }
  }

  #delete(input: DeleteObjectCommandInput): { readonly DeleteMarker?: boolean; readonly VersionId?: string } {
    const bucket = this.#bucket(input.Bucket);
    const key = input.Key ?? '';
    if (input.IfMatch !== undefined) this.#mustMatch(bucket, key, input.IfMatch);
    if (input.VersionId !== undefined) {
      const removed = removeVersion(bucket, key, input.VersionId);
      return { VersionId: input.VersionId, ...(removed?.deleteMarker ? { DeleteMarker: true } : {}) };
    }
    if (bucket.versioning === undefined) {
      bucket.objects.delete(key);
      return {};
    }
    const marker = store(bucket, {
      key,
      deleteMarker: true,
      body: new Uint8Array(),
      lastModified: new Date(this.#options.clock.now()),
      metadata: {},
      contentType: '',
    });
    return { DeleteMarker: true, VersionId: marker.versionId };
  }

  #bucket(name: string | undefined): Bucket {
    const found = this.#buckets.get(name ?? '');
    if (!found) throw new AwsError('NoSuchBucket', 404, 'The specified bucket does not exist');
    return found;
  }

  #listable(name: string | undefined): Bucket {
    const bucket = this.#bucket(name);
    if (this.#options.mayList?.(bucket.name) ?? true) return bucket;
    throw new AwsError('AccessDenied', 403, 'Access Denied');
  }
}

function described(object: ObjectVersion): object {
  return {
    ContentLength: object.body.byteLength,
    ContentType: object.contentType,
    ETag: object.etag,
    LastModified: object.lastModified,
    Metadata: object.metadata,
    AcceptRanges: 'bytes',
    ...shownVersion(object),
  };
}

function shownVersion(object: ObjectVersion): { readonly VersionId?: string } {
  return object.versionId === 'null' ? {} : { VersionId: object.versionId };
}

function bytes(body: PutObjectCommandInput['Body']): Uint8Array {
  if (body === undefined) return new Uint8Array();
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  throw new AwsError('NotImplemented', 501, 'The local S3 takes bytes or text; streams only over HTTP.');
}

function unquoted(etag: string): string {
  return etag.replaceAll('"', '');
}

function noSuchKey(): AwsError {
  return new AwsError('NoSuchKey', 404, 'The specified key does not exist.');
}

function preconditionFailed(): AwsError {
  return new AwsError('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold');
}
