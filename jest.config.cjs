// One configuration, two suites. `embedded` needs nothing; `servers` needs RabbitMQ, MongoDB and Redis.
const { readFileSync } = require('node:fs');
const { availableParallelism } = require('node:os');

const swc = JSON.parse(readFileSync(`${__dirname}/.swcrc`, 'utf8'));
const serverSpecs = [
  '<rootDir>/libs/(amqp|mongo|redis)/.*\\.int\\.spec\\.ts$',
  '<rootDir>/infra/servers/.*\\.int\\.spec\\.ts$',
  '\\.servers\\.(int|e2e)\\.spec\\.ts$',
];

/** In a browser: see scripts/checks/browser.mjs. */
const browserSpecs = ['\\.browser\\.e2e\\.spec\\.ts$'];

/** Each may take a GiB and more. */
const MOST_WORKERS = 8;

const shared = {
  rootDir: __dirname,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['aura-source', 'node', 'require', 'default'] },
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, module: { type: 'commonjs' }, sourceMaps: 'inline' }] }, // coverage needs them inline
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/\\.aura/'],
};

/** Coverage wants each file's own counts, and who watches changes what was kept. */
const isMeasured = process.argv.some((flag) => /^--(coverage|collect-?[cC]overage|watch)/.test(flag));
const keepingModules = {
  testEnvironment: `${__dirname}/scripts/jest/shared-environment.cjs`,
  runtime: `${__dirname}/scripts/jest/shared-runtime.cjs`,
};

module.exports = {
  // The longest embedded specs wait for processes of their own: a worker more than there are cores keeps all of them busy.
  maxWorkers: Math.min(availableParallelism() + 1, MOST_WORKERS),
  testSequencer: `${__dirname}/scripts/jest/longest-first.cjs`,
  // Each spec leaves its modules in the worker: one of several GiB does not end in the moment that jest gives it.
  workerIdleMemoryLimit: '1GB',
  // A guard against hanging, not a measure: machines are noisy.
  testTimeout: 30_000,
  // Not v8: its branches depend on what ran, so that the coverage of two suites could not be added up.
  coverageProvider: 'babel',
  collectCoverageFrom: [
    '{contracts,libs/*,apps/*}/src/**/*.ts',
    '!**/testing/**',
    '!**/*.spec.ts',
    '!**/index.ts',
    '!**/main.ts',
  ],
  projects: [
    {
      ...shared,
      ...(isMeasured ? {} : keepingModules),
      displayName: 'embedded',
      testRegex: ['\\.spec\\.ts$'],
      testPathIgnorePatterns: [...shared.testPathIgnorePatterns, ...serverSpecs, ...browserSpecs],
    },
    { ...shared, displayName: 'browser', testRegex: browserSpecs },
    {
      ...shared,
      displayName: 'servers',
      testRegex: serverSpecs.map((pattern) => pattern.replace('<rootDir>', __dirname)),
      setupFiles: [`${__dirname}/scripts/load-servers-env.cjs`],
    },
  ],
};
