import { toJsonSchema } from '@valibot/to-json-schema';
import { writeFileSync } from 'node:fs';
import { connectorsFile } from '../settings/schema.ts';

/** `npm run schema`: writes `connectors.schema.json`, which editors complete `connectors.json` with. */
const schema = toJsonSchema(connectorsFile, { typeMode: 'input' });
writeFileSync(new URL('../connectors.schema.json', import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
console.log('connectors.schema.json written');
