import { describe, expect, it } from 'vitest';
import { addressee } from '../../../local/aws/wire/addressee.ts';
import { decodeAwsChunked } from '../../../local/aws/wire/awsChunked.ts';

const known = new Set(['kafkaconnect', 's3', 'sns', 'logs', 'monitoring', 'events', 'scheduler', 'lambda']);
const signedFor = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=key/20261121/eu-central-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

describe('which service a request is for', () => {
  it.each([
    ['the signature says it, whatever the path', signedFor('lambda'), '/v1/connectors', 'lambda'],
    ['a presigned address says it', {}, '/bucket/key?X-Amz-Credential=key/20261121/eu-central-1/s3/aws4_request', 's3'],
    ['a signature for a service that is not local', signedFor('sqs'), '/', 's3'],
    ['by target: Logs', { 'x-amz-target': 'Logs_20140328.FilterLogEvents' }, '/', 'logs'],
    ['by target: CloudWatch', { 'x-amz-target': 'GraniteServiceVersion20100801.PutMetricData' }, '/', 'monitoring'],
    ['by target: EventBridge', { 'x-amz-target': 'AWSEvents.PutRule' }, '/', 'events'],
    ['by path: MSK Connect', {}, '/v1/connectors', 'kafkaconnect'],
    ['by path: Lambda', {}, '/2015-03-31/functions/recovery/invocations', 'lambda'],
    ['by path: Scheduler', {}, '/schedules/sweep', 'scheduler'],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }, '/', 'sns'],
    ['anything else', {}, '/bucket/key', 's3'],
  ])('%s', (_how, headers, target, expected) => {
    const [path = '', query = ''] = target.split('?');
    const request = { method: 'GET', path, query: new URLSearchParams(query), headers, body: new Uint8Array() };
    expect(addressee(request, known)).toBe(expected);
  });
});

describe('a body in chunks', () => {
  const decode = (text: string) => Buffer.from(decodeAwsChunked(Buffer.from(text))).toString();

  it.each([
    ['plain', '5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n', 'hello!'],
    ['signed', '5;chunk-signature=00\r\nhello\r\n0;chunk-signature=11\r\n\r\n', 'hello'],
    // CRC32 of "hello" is 3610a686.
    ['with a fitting trailer', '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n', 'hello'],
    ['with a line break inside', '2\r\n\r\n\r\n0\r\n\r\n', '\r\n'],
    ['empty', '0\r\n\r\n', ''],
  ])('%s', (_kind, text, expected) => {
    expect(decode(text)).toBe(expected);
  });

  it.each([
    ['whose trailer does not fit', '5\r\nhallo\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n', 'BadDigest'],
    ['that ends too early', '9\r\nhello', 'IncompleteBody'],
    ['that is none', 'hello', 'IncompleteBody'],
  ])('%s is refused', (_kind, text, code) => {
    expect(() => decode(text)).toThrow(expect.objectContaining({ code }));
  });
});
