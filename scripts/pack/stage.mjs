import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../ensure/root.mjs';

/** What a package brings along beside its code, where it has it. */
const BESIDE = ['README.md', 'LICENSE', 'bin'];

/**
 * Puts a package together as it is published: built code with its types, without tests, sources and what only the workspace needs.
 * Answers its folder.
 */
export function stage({ folder, manifest }, staging) {
  const from = join(ROOT, folder);
  const to = join(staging, 'packages', manifest.name);
  const files = (manifest.files ?? []).filter((name) => name !== 'src' && name !== 'dist');
  mkdirSync(to, { recursive: true });
  const types = join(staging, 'types', folder, 'src');
  cpSync(types, join(to, 'dist'), { recursive: true });
  for (const file of codeOf(types)) cpSync(join(from, 'dist', file), join(to, 'dist', file));
  for (const name of [...BESIDE, ...files])
    if (existsSync(join(from, name))) cpSync(join(from, name), join(to, name), { recursive: true });
  cpSync(join(ROOT, 'LICENSE'), join(to, 'LICENSE'));
  writeFileSync(join(to, 'package.json'), `${JSON.stringify(published(manifest), null, 2)}\n`);
  return to;
}

/** Built files that have types: neither test code, nor what a source left behind that has gone since. */
function codeOf(types) {
  return readdirSync(types, { recursive: true })
    .filter((file) => file.endsWith('.d.ts'))
    .map((file) => file.replace(/\.d\.ts$/, '.js'));
}

/** The manifest without what the workspace alone understands: conditions that lead to sources, test code, Nx. */
function published({ exports, types, ...manifest }) {
  const { nx: _nx, devDependencies: _dev, ...rest } = manifest;
  const faces = Object.entries(exports)
    .filter(([face]) => face !== './testing')
    .map(([face, target]) => [face, faceOf(target)]);
  return {
    ...rest,
    types: inDist(types),
    exports: Object.fromEntries(faces),
    files: ['dist', ...(manifest.files ?? []).filter((name) => name !== 'src' && name !== 'dist'), 'bin'],
  };
}

function faceOf(target) {
  if (typeof target === 'string') return target;
  const { 'aura-source': _source, types, ...rest } = target;
  return { types: inDist(types), ...rest };
}

function inDist(types) {
  return types.replace('./src/', './dist/').replace(/\.ts$/, '.d.ts');
}
