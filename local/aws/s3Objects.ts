import { createHash, randomBytes } from 'node:crypto';

/** One version of an object, or a delete marker. */
export interface ObjectVersion {
  readonly key: string;
  /** `null` in a bucket without versioning, as S3 writes it. */
  readonly versionId: string;
  readonly deleteMarker: boolean;
  readonly body: Uint8Array;
  /** MD5 of the body, in quotes. */
  readonly etag: string;
  readonly lastModified: Date;
  readonly metadata: Readonly<Record<string, string>>;
  readonly contentType: string;
}

/** A bucket's objects: versions by key, newest first. */
export interface Bucket {
  readonly name: string;
  readonly createdAt: Date;
  versioning: 'Enabled' | 'Suspended' | undefined;
  readonly objects: Map<string, ObjectVersion[]>;
}

/** Versions kept of one key: a journal written every few seconds for hours must not fill the memory. */
const versionsKept = 200;

/** Puts a version (or a delete marker) on top, under a new version id where the bucket has versioning. */
export function store(bucket: Bucket, object: Omit<ObjectVersion, 'versionId' | 'etag'>): ObjectVersion {
  const versionId = bucket.versioning === 'Enabled' ? randomBytes(24).toString('base64url') : 'null';
  const etag = `"${createHash('md5').update(object.body).digest('hex')}"`;
  const version = { ...object, versionId, etag };
  const older = bucket.objects.get(object.key) ?? [];
  // Without versioning (or with it suspended) the version called null is replaced.
  const kept = versionId === 'null' ? older.filter((each) => each.versionId !== 'null') : older;
  bucket.objects.set(object.key, [version, ...kept].slice(0, versionsKept));
  return version;
}

/** The object as it is now; a delete marker on top means that there is none. */
export function current(bucket: Bucket, key: string): ObjectVersion | undefined {
  const newest = bucket.objects.get(key)?.[0];
  return newest?.deleteMarker ? undefined : newest;
}

/** Takes one version away for good. */
export function removeVersion(bucket: Bucket, key: string, versionId: string): ObjectVersion | undefined {
  const versions = bucket.objects.get(key) ?? [];
  const removed = versions.find((each) => each.versionId === versionId);
  const left = versions.filter((each) => each !== removed);
  if (left.length > 0) bucket.objects.set(key, left);
  else bucket.objects.delete(key);
  return removed;
}

/** Keys in UTF-8 order, as S3 lists them. */
export function sortedKeys(bucket: Bucket): string[] {
  return [...bucket.objects.keys()].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
