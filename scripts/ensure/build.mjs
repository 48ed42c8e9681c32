import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { progress } from './progress.mjs';
import { ROOT } from './root.mjs';
import { run } from './run.mjs';

const STAMP = join(ROOT, '.nx', 'built');
const SHARED_INPUTS = ['.swcrc', 'nx.json', 'package.json'];

/** True when no source has changed since the last build and every project still has its output. */
export function isBuilt() {
  const projects = projectFolders();
  return storedStamp() === stampOf(projects) && projects.every((folder) => existsSync(join(folder, 'dist')));
}

/** Builds what has changed; Nx knows what that is. */
export async function build() {
  const projects = projectFolders();
  const stamp = stampOf(projects); // taken before: what changes meanwhile counts as changed
  const told = progress('Building what has changed');
  const env = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false', FORCE_COLOR: '0' };
  const nx = join(ROOT, 'node_modules', '.bin', 'nx');
  const onLine = (line) => line.includes('nx run ') && told.note(line.trim());
  await run(nx, ['run-many', '-t', 'build', '--output-style=static'], { env, onLine }).catch((error) => {
    throw new Error(withoutQuietTasks(error.message));
  });
  mkdirSync(join(ROOT, '.nx'), { recursive: true });
  writeFileSync(STAMP, stamp);
  told.done(`Built ${projects.length} projects`);
}

/** Nx repeats every task, also those that had nothing to say; what is left is the reason of a failure. */
function withoutQuietTasks(output) {
  const [, ...tasks] = output.split(/^> nx run /m);
  return tasks.filter((task) => task.trim().split('\n').length > 3).join('\n> ');
}

/** The folders of all workspaces that have sources. */
function projectFolders() {
  const { workspaces } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return workspaces.flatMap(expand).filter((folder) => existsSync(join(folder, 'src')));
}

function expand(pattern) {
  if (!pattern.endsWith('/*')) return [join(ROOT, pattern)];
  const parent = join(ROOT, pattern.slice(0, -2));
  return readdirSync(parent).map((name) => join(parent, name));
}

/** Stands for the sources that were built last. */
export function storedStamp() {
  return existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : undefined;
}

/** A digest of names, dates and sizes of all sources: quick, and a deleted file changes it too. */
function stampOf(projects) {
  const digest = createHash('sha256');
  const files = [
    ...SHARED_INPUTS.map((name) => join(ROOT, name)),
    ...projects.flatMap((folder) => [join(folder, 'package.json'), ...sourcesIn(join(folder, 'src'))]),
  ];
  for (const file of files.sort()) {
    const { mtimeMs, size } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: 0, size: 0 };
    digest.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return digest.digest('hex');
}

function sourcesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}
