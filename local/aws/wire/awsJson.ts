import { AwsError } from '../awsError.ts';
import { fromJson, parseJson, toJson } from './json.ts';
import type { Fields, Protocol } from './protocol.ts';

/**
 * awsJson1_1 (CloudWatch Logs, EventBridge) and awsJson1_0 (what the installed CloudWatch client sends); they differ in the content type, and
 * in that CloudWatch was a query service once and names its error in a header as well.
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html — `awsQueryCompatible`
 */
export function awsJson(version: '1.0' | '1.1'): Protocol {
  const contentType = `application/x-amz-json-${version}`;
  return {
    read(request, api) {
      const name = (request.headers['x-amz-target'] ?? '').split('.').at(-1) ?? '';
      const operation = api.operations.get(name);
      if (!operation) throw new AwsError('UnknownOperationException', 400, `There is no operation '${name}'.`);
      return { operation, input: (fromJson(operation.input, parseJson(request.body)) ?? {}) as Fields };
    },

    answer(operation, output, requestId) {
      return {
        status: 200,
        headers: { 'content-type': contentType, 'x-amzn-requestid': requestId },
        body: operation.output.isUnitSchema() ? '' : JSON.stringify(toJson(operation.output, output) ?? {}),
      };
    },

    fail(error, api, requestId) {
      const shape = api.errors.get(error.code);
      const side = error.status < 500 ? 'Sender' : 'Receiver';
      return {
        status: error.status,
        headers: {
          'content-type': contentType,
          'x-amzn-requestid': requestId,
          ...(version === '1.0' ? { 'x-amzn-query-error': `${shape?.queryCode ?? error.code};${side}` } : {}),
        },
        body: JSON.stringify({ __type: error.code, [shape?.messageMember ?? 'message']: error.message }),
      };
    },
  };
}
