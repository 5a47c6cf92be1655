import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleSidecars } from '../infra/selfManagedBundle.ts';

/** `npm run watchdog:bundle`: writes dist/watchdog.mjs, one file that needs Node.js 22.22 or newer and nothing beside it, and the registrar's. */
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
bundleSidecars(dist);
for (const name of ['watchdog.mjs', 'registrar.mjs']) {
  console.log(`dist/${name}: ${Math.round(statSync(`${dist}${name}`).size / 1000)} KB`);
}
