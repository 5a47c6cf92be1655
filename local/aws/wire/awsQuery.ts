import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../awsError.ts';
import type { Fields, Protocol } from './protocol.ts';
import { fromText } from './rest.ts';
import { escapeXml, toXml, xmlName } from './xml.ts';

const namespace = 'http://sns.amazonaws.com/doc/2010-03-31/';

/**
 * SNS and IAM: a form goes in, XML comes out.
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export const awsQuery: Protocol = {
  read(request, api) {
    const form = new URLSearchParams(Buffer.from(request.body).toString('utf8'));
    const name = form.get('Action') ?? request.query.get('Action') ?? '';
    const operation = api.operations.get(name);
    if (!operation) throw new AwsError('InvalidAction', 400, `Could not find operation ${name}.`);
    const parameters = new Map([...request.query, ...form]);
    return { operation, input: (fromForm(operation.input, parameters, '') ?? {}) as Fields };
  },

  answer(operation, output, requestId) {
    const result = operation.output.isUnitSchema() ? '' : toXml(operation.output, output, `${operation.name}Result`);
    return {
      status: 200,
      headers: headersFor(requestId),
      body:
        `<${operation.name}Response xmlns="${namespace}">${result}` +
        `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation.name}Response>`,
    };
  },

  fail(error, api, requestId) {
    const code = api.errors.get(error.code)?.queryCode ?? error.code;
    return {
      status: error.status,
      headers: headersFor(requestId),
      body:
        `<ErrorResponse xmlns="${namespace}"><Error><Type>${error.status < 500 ? 'Sender' : 'Receiver'}</Type>` +
        `<Code>${code}</Code><Message>${escapeXml(error.message)}</Message></Error>` +
        `<RequestId>${requestId}</RequestId></ErrorResponse>`,
    };
  },
};

/** `Tags.member.1.Key=...` back into shapes; `undefined` when nothing begins with that prefix. */
function fromForm(schema: NormalizedSchema, form: ReadonlyMap<string, string>, prefix: string): unknown {
  if (schema.isStructSchema()) {
    const fields: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      const value = fromForm(member, form, join(prefix, xmlName(member, name)));
      if (value !== undefined) fields[name] = value;
    }
    return prefix === '' || Object.keys(fields).length > 0 ? fields : undefined;
  }
  const flat = Boolean(schema.getMergedTraits().xmlFlattened);
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    const start = flat ? prefix : join(prefix, xmlName(item, 'member'));
    return numbered(start, (each) => fromForm(item, form, each));
  }
  if (schema.isMapSchema()) {
    const start = flat ? prefix : join(prefix, 'entry');
    const entries = numbered(start, (each) => {
      const key = form.get(join(each, xmlName(schema.getKeySchema(), 'key')));
      if (key === undefined) return undefined;
      const valueSchema = schema.getValueSchema();
      return [key, fromForm(valueSchema, form, join(each, xmlName(valueSchema, 'value')))] as const;
    });
    return entries && Object.fromEntries(entries);
  }
  const text = form.get(prefix);
  return text === undefined ? undefined : fromText(schema, text);
}

function numbered<Item>(start: string, read: (prefix: string) => Item | undefined): Item[] | undefined {
  const items: Item[] = [];
  for (let index = 1; ; index += 1) {
    const item = read(`${start}.${index}`);
    if (item === undefined) return items.length > 0 ? items : undefined;
    items.push(item);
  }
}

function join(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}

function headersFor(requestId: string): Record<string, string> {
  return { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
}
