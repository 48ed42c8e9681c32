// Writes contracts/schemas, contracts/openapi and contracts/asyncapi from the built sources, and removes what no source gives any more. Run it by `npm run generate`.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import contracts from '../contracts/dist/index.js';

const folder = join(import.meta.dirname, '../contracts/schemas');
const files = contracts.jsonSchemaFiles();

const stale = existsSync(folder)
  ? readdirSync(folder, { recursive: true })
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => path.endsWith('.json') && !files.has(path))
  : [];
for (const path of stale) rmSync(join(folder, path));

for (const [path, text] of files) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
const described = join(folder, '../openapi/openapi.json');
const { version } = JSON.parse(readFileSync(join(folder, '../package.json'), 'utf8'));
mkdirSync(dirname(described), { recursive: true });
writeFileSync(described, contracts.openApiText(version));

const asyncApi = join(folder, '../asyncapi/asyncapi.json');
mkdirSync(dirname(asyncApi), { recursive: true });
writeFileSync(asyncApi, contracts.asyncApiText(version));

console.log(`contracts/schemas: ${files.size} written, ${stale.length} removed`);
