#!/usr/bin/env node
// The launcher is committed, so that `npm ci` can link it before anything is built. It brings the build up to date
// (quiet and quick when nothing changed) and then runs the CLI in this very process: exit code and signals are its own.
'use strict';
const { spawnSync } = require('node:child_process');
const { resolve } = require('node:path');

const root = resolve(__dirname, '../../..');
// Standard output belongs to the command alone (`--json`): progress of a build goes to standard error.
const ensured = spawnSync(process.execPath, [resolve(root, 'scripts/ensure.mjs')], { stdio: ['ignore', 2, 2] });
if (ensured.status === 0) {
  require('../dist/main.js');
} else {
  process.exitCode = ensured.status ?? 1;
}
