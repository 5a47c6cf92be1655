import type { NormalizedSchema } from '@smithy/core/schema';
import { XMLParser } from 'fast-xml-parser';
import { fromText } from './rest.ts';
import { writeTimestamp } from './timestamp.ts';

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  removeNSPrefix: true,
  ignoreDeclaration: true,
});

/** The root element's content, as fast-xml-parser gives it. */
export function parseXml(text: string): unknown {
  const parsed = parser.parse(text) as Record<string, unknown>;
  return Object.entries(parsed).find(([tag]) => tag !== '#text')?.[1];
}

/** Turns parsed XML into the SDK's shapes. @see https://smithy.io/2.0/spec/protocol-traits.html#xml-bindings */
export function fromXml(schema: NormalizedSchema, node: unknown): unknown {
  if (node === undefined) return undefined;
  if (schema.isStructSchema()) {
    const fields: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      const value = fromXml(member, child(node, xmlName(member, name)));
      if (value !== undefined) fields[name] = value;
    }
    return fields;
  }
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    const found = schema.getMergedTraits().xmlFlattened ? node : child(node, xmlName(item, 'member'));
    return (Array.isArray(found) ? found : found === undefined ? [] : [found]).map((each) => fromXml(item, each));
  }
  return fromText(schema, textOf(node));
}

function textOf(node: unknown): string {
  const text = typeof node === 'string' ? node : child(node, '#text');
  return typeof text === 'string' ? text : '';
}

/** One value as an element (a flattened list: several) with that tag. */
export function toXml(schema: NormalizedSchema, value: unknown, tag: string, namespace = ''): string {
  if (value === undefined || value === null) return '';
  const open = namespace === '' ? `<${tag}>` : `<${tag} xmlns="${namespace}">`;
  if (schema.isListSchema() && Array.isArray(value)) {
    const item = schema.getValueSchema();
    if (schema.getMergedTraits().xmlFlattened) return value.map((each) => toXml(item, each, tag)).join('');
    return `${open}${value.map((each) => toXml(item, each, xmlName(item, 'member'))).join('')}</${tag}>`;
  }
  if (schema.isMapSchema()) {
    const key = xmlName(schema.getKeySchema(), 'key');
    const entryValue = xmlName(schema.getValueSchema(), 'value');
    const entries = Object.entries(value).map(
      ([name, item]) =>
        `<entry><${key}>${escapeXml(name)}</${key}>${toXml(schema.getValueSchema(), item, entryValue)}</entry>`,
    );
    return `${open}${entries.join('')}</${tag}>`;
  }
  return `${open}${contentOf(schema, value)}</${tag}>`;
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#xD;');
}

/** An element's tag: the trait's, or the member's own name. */
export function xmlName(schema: NormalizedSchema, otherwise: string): string {
  const name = schema.getMemberTraits().xmlName ?? schema.getMergedTraits().xmlName;
  return typeof name === 'string' ? name : otherwise;
}

function contentOf(schema: NormalizedSchema, value: unknown): string {
  if (schema.isStructSchema()) {
    let text = '';
    for (const [name, member] of schema.structIterator())
      text += toXml(member, child(value, name), xmlName(member, name));
    return text;
  }
  if (value instanceof Date) return String(writeTimestamp(schema, value, 'date-time'));
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return escapeXml(String(value));
}

function child(node: unknown, name: string): unknown {
  return typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[name] : undefined;
}
