import { toJsonSchema } from '@valibot/to-json-schema';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readSelfManaged } from '../../settings/selfManagedDeploy.ts';
import { selfManagedFile } from '../../settings/selfManagedDeploySchema.ts';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const published: unknown = JSON.parse(read('self-managed.schema.json'));

test('self-managed.schema.json is what `npm run schema` would write', () => {
  const made = toJsonSchema(selfManagedFile, { typeMode: 'input', errorMode: 'ignore' });
  expect(published).toEqual(JSON.parse(JSON.stringify(made)));
});

test('what people say of the stack has a description, for editors show it', () => {
  const { properties } = published as { properties: Record<string, { description?: string }> };
  const undescribed = Object.entries(properties).filter(([, { description }]) => description === undefined);
  expect(undescribed.map(([name]) => name)).toEqual([]);
});

test('the example that lies at hand is in order', () => {
  expect(readSelfManaged(read('self-managed.json'), 'self-managed.json')).toMatchObject({
    stackName: 'self-managed-connect',
    kafka: { security: 'scram' },
    secrets: { DATABASE_USER: { field: 'username' }, DATABASE_PASSWORD: { field: 'password' } },
  });
});
