import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../ensure/root.mjs';

/** Every workspace that is not private: its folder from the root, and what its package.json says. */
export function publishedProjects() {
  const { workspaces } = manifestOf('.');
  return workspaces
    .flatMap(expand)
    .filter((folder) => existsSync(join(ROOT, folder, 'package.json')))
    .map((folder) => ({ folder, manifest: manifestOf(folder) }))
    .filter(({ manifest }) => manifest.private !== true);
}

/** Packages by name: the tarball of each, and which others it needs; for `aura new`, and for whoever installs some of them. */
export function listOf(projects) {
  const entries = projects.map(({ manifest: { name, version, dependencies = {} } }) => [
    name,
    {
      file: `${name.replace('@', '').replace('/', '-')}-${version}.tgz`,
      dependencies: Object.keys(dependencies).filter((other) => other.startsWith('@aura/')),
    },
  ]);
  return Object.fromEntries(entries);
}

function expand(pattern) {
  if (!pattern.endsWith('/*')) return [pattern];
  const parent = pattern.slice(0, -2);
  return readdirSync(join(ROOT, parent)).map((name) => join(parent, name));
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
}
