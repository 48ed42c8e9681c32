import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { progress } from './progress.mjs';
import { ROOT } from './root.mjs';
import { run } from './run.mjs';

const STAMP = join(ROOT, 'node_modules', '.aura-installed');

/**
 * True when `node_modules` holds what the lock file says: it was installed from this very lock, or its contents are the lock's.
 * Dates say nothing: a fresh clone has fresh ones.
 */
export function isInstalled() {
  const lock = textOf('package-lock.json');
  if (lock === undefined)
    throw new Error('package-lock.json is missing: this is not a whole checkout of Aura.');
  const list = textOf('node_modules/.package-lock.json');
  if (list === undefined) return false;
  return textOf(STAMP) === digestOf(lock) || holds(JSON.parse(list).packages, JSON.parse(lock).packages);
}

/** Installs exactly what is locked. */
export async function install() {
  const told = progress('Installing what package-lock.json says');
  const env = { npm_config_progress: 'false', npm_config_loglevel: 'http' };
  const onLine = (line) => line.startsWith('npm http') && told.note(line.slice(9));
  await run('npm', ['ci'], { env, onLine });
  writeFileSync(STAMP, digestOf(textOf('package-lock.json')));
  told.done('Installed');
}

function holds(present, wanted) {
  return Object.entries(wanted)
    .filter(([path]) => path.includes('node_modules/'))
    .every(([path, entry]) => isPresent(entry, present[path] ?? nested(path)));
}

function isPresent(wanted, present) {
  if (present === undefined) return wanted.optional === true; // another platform's
  return wanted.link === true ? present.resolved === wanted.resolved : present.version === wanted.version;
}

/** npm keeps no list of what it puts into the folders of workspaces. */
function nested(path) {
  const text = path.startsWith('node_modules/') ? undefined : textOf(`${path}/package.json`);
  return text === undefined ? undefined : JSON.parse(text);
}

function digestOf(text) {
  return createHash('sha256').update(text).digest('hex');
}

function textOf(file) {
  try {
    return readFileSync(resolve(ROOT, file), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
