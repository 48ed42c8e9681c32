// The direction of imports, as docs/architecture.md §9 says it:
// contracts ← kernel ← messaging ← workflow ← saga ← adapters ← nest ← apps.
// test/boundaries plants a violation of each rule and sees it refused.

const LAYERS = ['contracts', 'libs/kernel', 'libs/messaging', 'libs/workflow', 'libs/saga'];
const ADAPTERS = ['amqp', 'mongo', 'redis', 'embedded', 'socket', 'telemetry'];

const SPEC = '\\.spec\\.ts$';
const TEST_CODE = [SPEC, '/testing/'];
const PROJECT = '^(contracts|libs/[^/]+|apps/[^/]+|infra/[^/]+|test)/';
const OURS = '^(contracts|libs|apps|infra|test)/';
const CORE = `^(${LAYERS.join('|')})/`;
const SERVICES = '^apps/(?!host/|cli/|dashboard/)[^/]+/';

const anyOf = (folders) => `^(${folders.join('|')})/`;
const npm = (name) => `(^|/)node_modules/${name}`;
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** A layer of the core knows those below it and itself, nothing else of ours. Specs may use an embedded adapter. */
const layers = LAYERS.map((folder, index) =>
  rule(
    `${folder.replace('libs/', '')}-looks-down`,
    `${folder} may import ${LAYERS.slice(0, index).join(', ') || 'no other project'} and nothing else of ours.`,
    { path: `^${folder}/`, pathNot: SPEC },
    { path: OURS, pathNot: anyOf(LAYERS.slice(0, index + 1)) },
  ),
);

const projects = [
  rule(
    'adapters-know-the-core-alone',
    'An adapter imports the core; never another adapter, nest, client or an app.',
    { path: `^libs/(${ADAPTERS.join('|')})/` },
    { path: OURS, pathNot: [CORE, '^libs/$1/', '^infra/servers/'] },
  ),
  rule(
    'nest-knows-core-and-adapters',
    'libs/nest binds ports to adapters; it knows neither apps nor the client.',
    { path: '^libs/nest/' },
    {
      path: OURS,
      pathNot: [CORE, anyOf(ADAPTERS.map((name) => `libs/${name}`)), '^libs/nest/', '^infra/servers/'],
    },
  ),
  rule(
    'testing-knows-the-core-alone',
    'libs/testing simulates what adapters do: it runs the core, and no adapter.',
    { path: '^libs/testing/' },
    { path: OURS, pathNot: [CORE, '^libs/testing/'] },
  ),
  rule(
    'testing-is-for-tests',
    'A simulated world has no place in production.',
    { path: OURS, pathNot: [...TEST_CODE, '^(test|infra)/'] },
    { path: '^libs/testing/' },
  ),
  rule(
    'client-imports-contracts-only',
    'Foreign code takes libs/client: it must bring nothing but contracts along.',
    { path: '^libs/client/', pathNot: SPEC },
    { path: OURS, pathNot: ['^contracts/', '^libs/client/'] },
  ),
  rule(
    'colour-stands-alone',
    'libs/colour is the shared vocabulary of the fashion services and knows nothing of Aura.',
    { path: '^libs/colour/' },
    { path: OURS, pathNot: '^libs/colour/' },
  ),
  rule(
    'garment-knows-colour-and-contracts',
    'libs/garment is the shared vocabulary of garments: it knows colours and shapes, nothing of how Aura works.',
    { path: '^libs/garment/' },
    { path: OURS, pathNot: ['^libs/(garment|colour)/', '^contracts/'] },
  ),
  rule(
    'vocabularies-are-for-services',
    'The engine is general: only the fashion services know colours and garments.',
    { path: OURS, pathNot: ['^libs/(garment|colour)/', SERVICES, '^(test|infra)/'] },
    { path: '^libs/(garment|colour)/' },
  ),
  rule(
    'services-never-meet',
    'A service app imports no other app: they meet by events.',
    { path: SERVICES.replace('[^/]+', '([^/]+)') },
    { path: '^apps/', pathNot: '^apps/$1/' },
  ),
  rule(
    'host-alone-composes',
    'Only apps/host imports service apps.',
    { path: OURS, pathNot: ['^apps/', '^test/'] },
    { path: '^apps/' },
  ),
  rule(
    'cli-imports-client-and-host',
    'The CLI talks to Aura through the client, and starts one through the host.',
    { path: '^apps/cli/', pathNot: SPEC },
    { path: OURS, pathNot: ['^apps/cli/', '^libs/client/', '^apps/host/'] },
  ),
  rule(
    'cli-loads-host-lazily',
    'A command that talks to a running Aura must not load a whole one: import() the host.',
    { path: '^apps/cli/', pathNot: SPEC },
    { path: '^apps/host/', dynamic: false, dependencyTypesNot: ['type-only'] },
  ),
  rule(
    'dashboard-imports-client-only',
    'The dashboard is foreign code that happens to live here.',
    { path: '^apps/dashboard/', pathNot: SPEC },
    { path: OURS, pathNot: ['^apps/dashboard/', '^libs/client/'] },
  ),
  rule(
    'host-is-for-cli-and-tests',
    'Nothing but the CLI and the tests starts a host.',
    { path: OURS, pathNot: ['^apps/(host|cli)/', '^test/'] },
    { path: '^apps/host/' },
  ),
];

const packages = [
  rule(
    'core-imports-no-node',
    'A core lib knows no platform, or it could not be simulated.',
    { path: CORE, pathNot: TEST_CODE },
    { dependencyTypes: ['core'] },
  ),
  rule(
    'nestjs-in-nest-and-apps-only',
    'The framework stays at the rim.',
    { path: OURS, pathNot: '^(libs/nest|apps)/' },
    { path: npm('@nestjs/') },
  ),
  ...Object.entries({
    amqp: 'amqplib',
    mongo: 'mongodb',
    redis: 'ioredis',
    embedded: '@photostructure/sqlite',
    telemetry: 'pino',
    socket: 'ws',
  }).map(([lib, driver]) =>
    rule(
      `${lib}-alone-has-its-driver`,
      `${driver} is known to libs/${lib} alone.`,
      { path: OURS, pathNot: [`^libs/${lib}/`, '^(test|infra)/'] },
      { path: npm(`${driver}/`) },
    ),
  ),
  rule(
    'telemetry-alone-sets-up',
    'Core and adapters may use @opentelemetry/api; only libs/telemetry sets the SDK up.',
    { path: OURS, pathNot: '^(libs/telemetry|test)/' },
    { path: npm('@opentelemetry/(?!api/)') },
  ),
];

const habits = [
  rule(
    'no-cycle',
    'Modules that need each other are one concept or hide a third one.',
    {},
    { circular: true },
  ),
  rule(
    'test-code-stays-in-tests',
    'What is under testing/ is for specs and for other test code.',
    { path: OURS, pathNot: [...TEST_CODE, '^(test|infra)/'] },
    { path: '^(contracts|libs|apps)/.*/testing/' },
  ),
  rule(
    'servers-are-for-tests',
    'Starting servers is for specs, test code and people; Aura itself is given URLs.',
    { path: OURS, pathNot: [...TEST_CODE, '^(test|infra)/'] },
    { path: '^infra/' },
  ),
  rule(
    'projects-by-their-names',
    'Another project is imported by its package name, so that its index is its face.',
    { path: PROJECT },
    {
      path: OURS,
      pathNot: '^$1/',
      dependencyTypes: ['local'],
      dependencyTypesNot: ['aliased-workspace', 'npm'],
    },
  ),
  rule('imports-resolve', 'An import leads to a file.', { path: OURS }, { couldNotResolve: true }),
  rule(
    'dependencies-are-declared',
    'What is imported stands in the package.json of its project, or of the workspace for tools.',
    { path: OURS },
    { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  ),
];

module.exports = {
  forbidden: [...layers, ...projects, ...packages, ...habits],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    exclude: { path: '(^|/)dist/' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['aura-source', 'node', 'require', 'import', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
