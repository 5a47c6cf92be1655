import { toJsonSchema } from '@valibot/to-json-schema';
import { writeFileSync } from 'node:fs';
import { connectorsFile } from '../settings/schema.ts';
import { selfManagedFile } from '../settings/selfManagedDeploySchema.ts';
import { watchdogFile } from '../settings/watchdogSchema.ts';
import { pages } from './documents/pages.ts';
import { verdictsPage } from './documents/verdicts.ts';

/** `npm run schema`: writes the schemas that editors complete our files with, and the generated parts of docs/. */
const schemas = {
  'connectors.schema.json': toJsonSchema(connectorsFile, { typeMode: 'input' }),
  'self-managed.schema.json': toJsonSchema(selfManagedFile, { typeMode: 'input', errorMode: 'ignore' }),
  'watchdog.schema.json': toJsonSchema(watchdogFile, { typeMode: 'input' }),
};
for (const [name, schema] of Object.entries(schemas)) {
  writeFileSync(new URL(`../${name}`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
  console.log(`${name} written`);
}
for (const { name, place, is, shouldBe } of [...pages(), await verdictsPage()]) {
  if (shouldBe !== is) writeFileSync(place, shouldBe);
  console.log(`docs/${name} ${shouldBe === is ? 'is up to date' : 'written'}`);
}
