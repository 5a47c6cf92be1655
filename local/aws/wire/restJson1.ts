import type { NormalizedSchema } from '@smithy/core/schema';
import { fromJson, parseJson, toJson } from './json.ts';
import type { Fields, Protocol } from './protocol.ts';
import { bodyFields, payloadOf, readBindings, route, writeBindings } from './rest.ts';

/**
 * MSK Connect, Lambda, Scheduler.
 * @see https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
 */
export const restJson1: Protocol = {
  read(request, api) {
    const { operation, labels } = route(request, api);
    const bound = readBindings(request, operation, labels);
    const payload = payloadOf(operation.input);
    const body = payload
      ? { [payload[0]]: readPayload(payload[1], request.body) }
      : (fromJson(operation.input, parseJson(request.body)) as Fields | undefined);
    return { operation, input: { ...body, ...bound } };
  },

  answer(operation, output, requestId) {
    const { status, headers } = writeBindings(operation, output);
    const payload = payloadOf(operation.output);
    const body = payload
      ? writePayload(payload[1], output[payload[0]])
      : JSON.stringify(toJson(operation.output, bodyFields(operation.output, output)) ?? {});
    return { status, headers: { 'content-type': 'application/json', ...headers, 'x-amzn-requestid': requestId }, body };
  },

  fail(error, api, requestId) {
    const member = api.errors.get(error.code)?.messageMember ?? 'message';
    return {
      status: error.status,
      headers: {
        'content-type': 'application/json',
        'x-amzn-requestid': requestId,
        'x-amzn-errortype': error.code,
      },
      body: JSON.stringify({ [member]: error.message }),
    };
  },
};

function readPayload(schema: NormalizedSchema, body: Uint8Array): unknown {
  if (schema.isBlobSchema()) return body;
  return schema.isStringSchema() ? Buffer.from(body).toString('utf8') : fromJson(schema, parseJson(body));
}

function writePayload(schema: NormalizedSchema, value: unknown): Uint8Array | string {
  if (value instanceof Uint8Array || typeof value === 'string') return value;
  return value === undefined ? '' : JSON.stringify(toJson(schema, value));
}
