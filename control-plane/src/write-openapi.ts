// Writes docs/reference/openapi.json: npm run docs
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openApiDocument } from './openapi-document.ts';

// From the source: the build of others needs the types that are made of it.
const file = fileURLToPath(new URL('../../docs/reference/openapi.json', import.meta.url));
writeFileSync(file, `${JSON.stringify(await openApiDocument(), null, 2)}\n`);
