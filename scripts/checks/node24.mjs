import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from '../ensure/run.mjs';
import { runJest } from './jest.mjs';

const VERSION = '24.21.0';
const CACHE = process.env['AURA_CACHE'] ?? join(homedir(), '.cache', 'aura');

/** The embedded conformance and end-to-end tests once more on the newest Node that Aura supports. */
export async function passesOnNode24() {
  const node = await node24();
  return runJest({
    run: 'node24',
    project: 'embedded',
    node,
    args: ['libs/embedded/', 'conformance', '\\.e2e\\.spec\\.ts$'],
  });
}

/** The path of a Node 24, from npm, in the cache: in node_modules/.bin it would shadow the Node of every npm script. */
async function node24() {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(CACHE, `node-${VERSION}`);
  const program = join(folder, 'node_modules', name, 'bin', 'node');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  await run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', `${name}@${VERSION}`]);
  return program;
}
