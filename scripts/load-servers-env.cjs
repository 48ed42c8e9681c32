// Gives every test of the suites against servers what `npm run servers:up` wrote; the environment itself comes first.
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const folder = process.env['AURA_SERVERS_DIR'] ?? join(__dirname, '..', '.aura');
const file = join(folder, 'servers.env');

for (const line of existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []) {
  const cut = line.indexOf('=');
  if (cut > 0) process.env[line.slice(0, cut)] ??= line.slice(cut + 1);
}
