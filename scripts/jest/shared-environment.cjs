const { TestEnvironment: NodeEnvironment } = require('jest-environment-node');
const { memoryFolder } = require('./memory-folder.cjs');

/** What circus leaves in the globals for one file, by the descriptions of its symbols. */
const OF_ONE_FILE = new Set([
  'JEST_STATE_SYMBOL',
  'EVENT_HANDLERS',
  'RETRY_TIMES',
  'RETRY_IMMEDIATELY',
  'WAIT_BEFORE_RETRY',
  'TEST_TIMEOUT_SYMBOL',
  'LOG_ERRORS_BEFORE_RETRY',
]);

let world;

/**
 * One set of globals for all files of a worker: the modules that shared-runtime.cjs keeps from file to file see the same ones for
 * their whole life. What a file changes in the variables of the process is taken back behind it, and what circus noted of it. Its
 * temporary files are in memory where there is room, and gone with it.
 */
module.exports = class SharedEnvironment extends NodeEnvironment {
  constructor(...options) {
    if (world !== undefined) return world;
    super(...options);
    world = this;
    this.variables = { ...this.global.process.env };
    this.exit = this.global.process.exit;
  }

  /** Node itself reads the variables of the real process, specs hand theirs on to processes that they start. */
  async setup() {
    this.folder = memoryFolder();
    if (this.folder === undefined) return;
    process.env.TMPDIR = this.folder.path;
    this.global.process.env.TMPDIR = this.folder.path;
  }

  /** Leaves the globals, which the next file gets. */
  async teardown() {
    this.fakeTimers.useRealTimers();
    this.fakeTimersModern.useRealTimers();
    const { global } = this;
    for (const symbol of Object.getOwnPropertySymbols(global)) {
      if (OF_ONE_FILE.has(symbol.description)) delete global[symbol];
    }
    this._globalProxy.leftovers = []; // what was replaced and deleted, until a clear that never comes: everything of the file
    global.process.exit = this.exit;
    for (const name of Object.keys(global.process.env)) delete global.process.env[name];
    Object.assign(global.process.env, this.variables);
    if (this.folder === undefined) return;
    delete process.env.TMPDIR;
    this.folder.remove();
  }
};
