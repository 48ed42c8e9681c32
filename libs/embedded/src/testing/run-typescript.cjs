// Lets a child process of a test run the TypeScript sources: node --conditions=aura-source -r run-typescript.cjs FILE.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { transformSync } = require('@swc/core');

const swcrc = JSON.parse(readFileSync(join(__dirname, '../../../../.swcrc'), 'utf8'));

require.extensions['.ts'] = (module, filename) => {
  const options = { ...swcrc, filename, swcrc: false, sourceMaps: false };
  module._compile(transformSync(readFileSync(filename, 'utf8'), options).code, filename);
};
