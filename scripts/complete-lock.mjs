// npm run lock: run after `npm install` has changed package-lock.json.
//
// A registry that carries the native parts of some platforms only leaves the others out of the lock, and `npm ci` then refuses the
// lock everywhere. This adds what is missing: optional dependencies with an exact version, each with the platform that its name says.
// They have no digest; npm writes it when the lock is next made where the package can be had.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './ensure/root.mjs';

const FILE = join(ROOT, 'package-lock.json');
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
const PLATFORM =
  /-(darwin|linux|win32|freebsd|android|openharmony)-([a-z0-9]+)(?:-(gnu|musl|msvc|eabi|gnueabihf|musleabihf))?$/;

/** Where npm may have put a dependency of the package at a path: nested, or in any folder above. */
function placesOf(path, name) {
  const places = [];
  for (let folder = path; folder !== '.' && folder !== ''; folder = dirname(folder)) {
    if (!folder.endsWith('node_modules')) places.push(`${folder}/node_modules/${name}`);
  }
  return [...places, `node_modules/${name}`];
}

/** The lock's words for the platform in a package's name. */
function platformOf(name) {
  const [, os, cpu, abi = ''] = PLATFORM.exec(name) ?? [];
  if (os === undefined) return undefined;
  const libc = os === 'linux' ? { libc: [abi.startsWith('musl') ? 'musl' : 'glibc'] } : {};
  return { cpu: [cpu], ...libc, os: [os] };
}

function missingIn(packages) {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {}, dev }]) =>
    Object.entries(optionalDependencies)
      .filter(([name, range]) => EXACT.test(range) && platformOf(name) !== undefined)
      .filter(([name]) => !placesOf(path, name).some((place) => place in packages))
      .map(([name, version]) => {
        const entry = { version, ...(dev === true ? { dev } : {}), optional: true, ...platformOf(name) };
        return [`node_modules/${name}`, Object.fromEntries(Object.entries(entry).sort(npmOrder))];
      }),
  );
}

/** npm writes the version first and the rest by name. */
function npmOrder([a], [b]) {
  return Number(b === 'version') - Number(a === 'version') || a.localeCompare(b, 'en');
}

const lock = JSON.parse(readFileSync(FILE, 'utf8'));
const missing = missingIn(lock.packages);
const entries = Object.entries({ ...lock.packages, ...Object.fromEntries(missing) });
lock.packages = Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b, 'en')));
if (missing.length > 0) writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${missing.length} entries added`);
