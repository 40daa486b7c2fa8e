// Writes src/schema.ts, the types of the API, from docs/reference/openapi.json: npm run docs
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const path = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));

export const SCHEMA_FILE = path('src/schema.ts');

/** The text of the file. */
export async function generated() {
  const document = JSON.parse(readFileSync(path('../docs/reference/openapi.json'), 'utf8'));
  const head = '// Generated from docs/reference/openapi.json: npm run docs\n';
  return head + astToString(await openapiTS(document));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(SCHEMA_FILE, await generated());
}
