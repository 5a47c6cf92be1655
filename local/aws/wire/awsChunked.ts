import { crc32 } from 'node:zlib';
import { AwsError } from '../awsError.ts';

/**
 * Puts together a body sent as `aws-chunked`: hexadecimal length, optional `;chunk-signature=`, the bytes, and trailers after the empty chunk.
 * Signatures are not checked; a CRC32 trailer, the default of the SDKs, is.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 * @throws AwsError IncompleteBody, BadDigest
 */
export function decodeAwsChunked(body: Uint8Array): Uint8Array {
  const bytes = Buffer.from(body);
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) throw incomplete();
    const length = Number.parseInt(bytes.toString('latin1', at, lineEnd).split(';')[0] ?? '', 16);
    if (Number.isNaN(length)) throw incomplete();
    at = lineEnd + 2;
    if (length === 0) break;
    if (at + length > bytes.length) throw incomplete();
    parts.push(bytes.subarray(at, at + length));
    at += length + 2;
  }
  const decoded = Buffer.concat(parts);
  checkCrc32(decoded, trailer(bytes.toString('latin1', at), 'x-amz-checksum-crc32'));
  return decoded;
}

/** @throws AwsError BadDigest when the checksum, base64 of four bytes, does not fit. Nothing given: nothing checked. */
export function checkCrc32(body: Uint8Array, expected: string | undefined): void {
  if (expected === undefined) return;
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  if (sum.toString('base64') !== expected) {
    throw new AwsError('BadDigest', 400, 'The CRC32 you specified did not match the calculated checksum.');
  }
}

function trailer(text: string, name: string): string | undefined {
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (line.slice(0, colon).toLowerCase() === name) return line.slice(colon + 1).trim();
  }
  return undefined;
}

function incomplete(): AwsError {
  return new AwsError('IncompleteBody', 400, 'The request body terminated unexpectedly.');
}
