#!/usr/bin/env node
// Committed, so that `npm ci` can link it before anything is built. Brings installation and build up to date (quick
// and silent when nothing changed), then runs the CLI in this very process: exit code and signals are its own.
'use strict';
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { resolve } = require('node:path');

const ensure = resolve(__dirname, '../../../scripts/ensure.mjs');

// Standard output belongs to the command alone (`--json`): progress of a build goes to standard error.
// An image that was built elsewhere brings no scripts along and needs none.
const status = existsSync(ensure)
  ? spawnSync(process.execPath, [ensure], { stdio: ['ignore', 2, 2] }).status
  : 0;

if (status === 0) require('../dist/main.js');
else process.exitCode = status === null ? 1 : status;
