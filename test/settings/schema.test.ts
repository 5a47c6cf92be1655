import { toJsonSchema } from '@valibot/to-json-schema';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { connectorsFile } from '../../settings/schema.ts';

const published: unknown = JSON.parse(readFileSync(new URL('../../connectors.schema.json', import.meta.url), 'utf8'));

test('connectors.schema.json is what `npm run schema` would write', () => {
  expect(published).toEqual(JSON.parse(JSON.stringify(toJsonSchema(connectorsFile, { typeMode: 'input' }))));
});

test('every field has a description, for editors show it', () => {
  expect(undescribed(published, '')).toEqual([]);
});

function undescribed(schema: unknown, place: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties, items, anyOf } = schema as { properties?: object; items?: unknown; anyOf?: unknown[] };
  return [
    ...Object.entries(properties ?? {}).flatMap(([name, field]: [string, { description?: string }]) => [
      ...(field.description ? [] : [`${place}.${name}`]),
      ...undescribed(field, `${place}.${name}`),
    ]),
    ...undescribed(items, `${place}[]`),
    ...(anyOf ?? []).flatMap((option) => undescribed(option, place)),
  ];
}
