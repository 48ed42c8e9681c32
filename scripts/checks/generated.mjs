import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../ensure/root.mjs';
import { command } from './command.mjs';

const FOLDERS = ['contracts/schemas', 'contracts/openapi', 'contracts/asyncapi'];

/**
 * Generates again what is generated and committed; the files must stay as they were. A stale file is left in its new form, to be
 * looked at and committed.
 * @returns {Promise<boolean>}
 */
export async function generatedUpToDate() {
  const before = contents();
  if (!(await command('npm', ['run', '-s', 'generate']))) return false;
  const after = contents();
  const stale = [...new Set([...before.keys(), ...after.keys()])].filter(
    (file) => before.get(file) !== after.get(file),
  );
  stale.forEach((file) => console.log(`${file} was not what its source says; it is now. Commit it.`));
  if (after.size === 0) console.log(`${FOLDERS.join(', ')}: nothing was generated`);
  return stale.length === 0 && after.size > 0;
}

/** Texts by path. */
function contents() {
  const files = FOLDERS.filter((folder) => existsSync(join(ROOT, folder))).flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
}
