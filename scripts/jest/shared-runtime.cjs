const { join } = require('node:path');
const Runtime = require('jest-runtime').default;

const ROOT = join(__dirname, '../..');
const INSTALLED = join(ROOT, 'node_modules/');
/** Knows the tests of one file. */
const CIRCUS = join(INSTALLED, 'jest-circus/');
const SOURCES = /^(contracts|libs\/[^/]+|apps\/[^/]+)\/(src|node_modules)\//;

/** Modules of earlier files, by path; and those of jest's own, which it loads for itself. */
const kept = new Map();
const keptInternal = new Map();
const sourceMaps = new Map();
let current;

function isKept(path) {
  if (path.endsWith('.spec.ts')) return false;
  return path.startsWith(INSTALLED) || SOURCES.test(path.slice(ROOT.length + 1));
}

/**
 * Loads a module once a worker instead of once a file: what is installed, and the sources of contracts, libs and apps. A spec and its
 * helpers in `test` are loaded anew for each file. Loading was a third of the time, and what is loaded anew begins unoptimised.
 *
 * Invariant: kept modules hold no state that one file could hand to the next; what must have some is taken back in `teardown`.
 */
module.exports = class SharedRuntime extends Runtime {
  constructor(...options) {
    super(...options);
    const modules = this.registries?.moduleRegistry;
    if (!(modules instanceof Map)) throw new Error(`${__filename} does not know how this jest keeps modules`);
    current = this;
    for (const [path, module] of kept) modules.set(path, module);
    for (const [path, module] of keptInternal) this.registries.internalModuleRegistry.set(path, module);
  }

  /** A kept module asks the runtime of the file that loaded it: the one of the running file answers. */
  requireModuleOrMock(from, name) {
    const isOurs = this === current || !isKept(from);
    return isOurs ? super.requireModuleOrMock(from, name) : current.requireModuleOrMock(from, name);
  }

  requireInternalModule(from, name) {
    return this === current
      ? super.requireInternalModule(from, name)
      : current.requireInternalModule(from, name);
  }

  /** Of kept modules as well. */
  getSourceMaps() {
    const own = super.getSourceMaps();
    for (const [path, map] of sourceMaps) if (!own.has(path)) own.set(path, map);
    return own;
  }

  teardown() {
    keep(this.registries.moduleRegistry, kept, isKept);
    keep(this.registries.internalModuleRegistry, keptInternal, (path) => !path.startsWith(CIRCUS));
    for (const [path, map] of super.getSourceMaps()) if (isKept(path)) sourceMaps.set(path, map);
    forgetTracers();
    restoreNestLog();
    super.teardown();
  }
};

function keep(modules, into, isWanted) {
  for (const [path, module] of modules) if (module.loaded && isWanted(path)) into.set(path, module);
}

/** OpenTelemetry keeps what a file has set up for the whole process. */
function forgetTracers() {
  const api = kept.get(join(INSTALLED, '@opentelemetry/api/build/src/index.js'))?.exports;
  for (const part of ['trace', 'context', 'propagation', 'metrics', 'diag']) api?.[part].disable();
}

/** Nest has one log for the whole process, and a file may have put its own in the place of it. */
function restoreNestLog() {
  const nest = kept.get(join(INSTALLED, '@nestjs/common/index.js'))?.exports;
  nest?.Logger.overrideLogger(new nest.ConsoleLogger());
  nest?.Logger.overrideLogger(['verbose', 'debug', 'log', 'warn', 'error', 'fatal']);
}
