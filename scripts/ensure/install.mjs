import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { progress } from './progress.mjs';
import { ROOT } from './root.mjs';
import { run } from './run.mjs';

/** True when `node_modules` holds what the lock file says. Contents are compared: a fresh clone has fresh dates. */
export function isInstalled() {
  const wanted = packages('package-lock.json');
  const present = packages('node_modules/.package-lock.json');
  if (wanted === undefined)
    throw new Error('package-lock.json is missing: this is not a whole checkout of Aura.');
  if (present === undefined) return false;
  return Object.entries(wanted)
    .filter(([path]) => path.includes('node_modules/'))
    .every(([path, entry]) => isPresent(entry, present[path]));
}

/** Installs exactly what is locked. */
export async function install() {
  const told = progress('Installing what package-lock.json says');
  const env = { npm_config_progress: 'false', npm_config_loglevel: 'http' };
  const onLine = (line) => line.startsWith('npm http') && told.note(line.slice(9));
  await run('npm', ['ci'], { env, onLine });
  told.done('Installed');
}

function isPresent(wanted, present) {
  if (present === undefined) return wanted.optional === true; // another platform's
  return wanted.link === true ? present.resolved === wanted.resolved : present.version === wanted.version;
}

function packages(file) {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
