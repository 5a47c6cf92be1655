import type { NormalizedSchema } from '@smithy/core/schema';
import type { Fields, Protocol, WireRequest } from './protocol.ts';
import { bodyFields, payloadOf, readBindings, route, writeBindings } from './rest.ts';
import { escapeXml, fromXml, parseXml, toXml, xmlName } from './xml.ts';

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

/**
 * S3, addressed by path: `/bucket/key`.
 * @see https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html#path-style-access
 */
export const restXml: Protocol = {
  read(request, api) {
    const { bucket, inside } = splitBucket(request);
    // Of the operations at `/`, those without a bucket answer only where none is named.
    const operations = new Map(
      [...api.operations].filter(([, operation]) => operation.required.includes('Bucket') === (bucket !== '')),
    );
    const { operation, labels } = route(inside, { ...api, operations });
    const bound = readBindings(inside, operation, labels);
    const payload = payloadOf(operation.input);
    const body = payload ? { [payload[0]]: readPayload(payload[1], request.body) } : {};
    return { operation, input: { ...body, ...bound, ...(bucket === '' ? {} : { Bucket: bucket }) } };
  },

  answer(operation, output, requestId) {
    const { status, headers } = writeBindings(operation, output);
    const payload = payloadOf(operation.output);
    const body = payload
      ? writePayload(payload[1], output[payload[0]])
      : writeBody(operation.output, output, operation.name);
    const contentType: Record<string, string> =
      typeof body === 'string' && body ? { 'content-type': 'application/xml' } : {};
    return { status, headers: { ...contentType, ...headers, ...requestIds(requestId) }, body };
  },

  fail(error, _api, requestId, request) {
    const body =
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
      `<Error><Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message>` +
      `<Resource>${escapeXml(request.path)}</Resource><RequestId>${requestId}</RequestId><HostId>local</HostId></Error>`;
    // A HEAD has no body, and a 304 must not have one: the SDK names the error after the status then.
    const bare = request.method === 'HEAD' || error.status === 304;
    return {
      status: error.status,
      headers: { ...(bare ? {} : { 'content-type': 'application/xml' }), ...requestIds(requestId) },
      body: bare ? '' : body,
    };
  },
};

function splitBucket(request: WireRequest): { readonly bucket: string; readonly inside: WireRequest } {
  const [, bucket = '', ...rest] = request.path.split('/');
  return { bucket: decodeURIComponent(bucket), inside: { ...request, path: `/${rest.join('/')}` } };
}

function readPayload(schema: NormalizedSchema, body: Uint8Array): unknown {
  if (schema.isBlobSchema()) return body;
  const text = Buffer.from(body).toString('utf8');
  if (schema.isStringSchema()) return text;
  return text === '' ? undefined : fromXml(schema, parseXml(text));
}

function writePayload(schema: NormalizedSchema, value: unknown): Uint8Array | string {
  if (value === undefined) return '';
  if (value instanceof Uint8Array || typeof value === 'string') return value;
  return xmlDocument(schema, value, xmlName(schema, schema.getName() ?? ''));
}

function writeBody(schema: NormalizedSchema, output: Fields, operation: string): string {
  const fields = bodyFields(schema, output);
  if (!fields) return '';
  return xmlDocument(schema, fields, xmlName(schema, schema.getName() ?? `${operation}Result`));
}

function xmlDocument(schema: NormalizedSchema, value: unknown, tag: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${toXml(schema, value, tag, namespace)}`;
}

function requestIds(requestId: string): Record<string, string> {
  return { 'x-amz-request-id': requestId, 'x-amz-id-2': 'local' };
}
