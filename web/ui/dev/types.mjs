// Writes src/lib/api/schema.d.ts from the server's description of its API: node dev/types.mjs [address or file]
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';

const from = process.argv[2] ?? 'http://127.0.0.1:8080/api/openapi.json';
const api = JSON.parse(from.startsWith('http') ? await (await fetch(from)).text() : readFileSync(from, 'utf8'));
const shapes = { openapi: api.openapi, info: api.info, paths: {}, components: { schemas: api.components.schemas } };
for (const schema of Object.values(shapes.components.schemas)) {
  if (schema.properties) delete schema.properties.$schema;
}
const text = astToString(await openapiTS(shapes, { emptyObjectsUnknown: true }));
writeFileSync(join(import.meta.dirname, '../src/lib/api/schema.d.ts'), `/* Written by dev/types.mjs from /api/openapi.json; do not edit. */\n${text}`);
