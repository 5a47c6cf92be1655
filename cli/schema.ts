import { toJsonSchema } from '@valibot/to-json-schema';
import { writeFileSync } from 'node:fs';
import { connectorsFile } from '../settings/schema.ts';
import { pages } from './documents/pages.ts';
import { verdictsPage } from './documents/verdicts.ts';

/** `npm run schema`: writes `connectors.schema.json`, which editors complete `connectors.json` with, and the generated parts of docs/. */
const schema = toJsonSchema(connectorsFile, { typeMode: 'input' });
writeFileSync(new URL('../connectors.schema.json', import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
console.log('connectors.schema.json written');
for (const { name, place, is, shouldBe } of [...pages(), await verdictsPage()]) {
  if (shouldBe !== is) writeFileSync(place, shouldBe);
  console.log(`docs/${name} ${shouldBe === is ? 'is up to date' : 'written'}`);
}
