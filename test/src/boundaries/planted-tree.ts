import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Projects by package name. Some do not exist yet; their rules do. */
const PROJECTS: Readonly<Record<string, string>> = {
  contracts: 'contracts',
  kernel: 'libs/kernel',
  messaging: 'libs/messaging',
  workflow: 'libs/workflow',
  saga: 'libs/saga',
  amqp: 'libs/amqp',
  mongo: 'libs/mongo',
  redis: 'libs/redis',
  embedded: 'libs/embedded',
  socket: 'libs/socket',
  telemetry: 'libs/telemetry',
  nest: 'libs/nest',
  testing: 'libs/testing',
  client: 'libs/client',
  colour: 'libs/colour',
  garment: 'libs/garment',
  coordinator: 'apps/coordinator',
  nlu: 'apps/nlu',
  host: 'apps/host',
  cli: 'apps/cli',
  dashboard: 'apps/dashboard',
  servers: 'infra/servers',
};

const PACKAGES = [
  '@nestjs/common',
  '@opentelemetry/api',
  '@opentelemetry/sdk-node',
  '@photostructure/sqlite',
  'amqplib',
  'ioredis',
  'mongodb',
  'pino',
  'undeclared',
  'ws',
];

/** Files to plant, by path: their text. */
export type Plants = Readonly<Record<string, string>>;

/** Writes a small workspace with the shape of Aura's, in which every import resolves, and plants files in it. */
export function writePlantedTree(root: string, plants: Plants): void {
  const declared = Object.fromEntries(
    PACKAGES.filter((name) => name !== 'undeclared').map((name) => [name, '1.0.0']),
  );
  write(root, 'package.json', JSON.stringify({ name: 'planted', private: true, dependencies: declared }));
  write(
    root,
    'tsconfig.json',
    '{ "compilerOptions": { "module": "nodenext", "moduleResolution": "nodenext" } }',
  );
  PACKAGES.forEach((name) => writePackage(root, `node_modules/${name}`, name));
  Object.entries(PROJECTS).forEach(([name, folder]) => writeProject(root, folder, `@aura/${name}`));
  Object.entries(plants).forEach(([path, text]) => write(root, path, text));
}

function writePackage(root: string, folder: string, name: string): void {
  write(root, `${folder}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
  write(root, `${folder}/index.js`, 'module.exports = {};\n');
}

function writeProject(root: string, folder: string, name: string): void {
  const exports = { '.': './src/index.ts', './testing': './src/testing/index.ts' };
  const dependencies = Object.fromEntries(Object.keys(PROJECTS).map((other) => [`@aura/${other}`, '1.0.0']));
  write(root, `${folder}/package.json`, JSON.stringify({ name, version: '1.0.0', exports, dependencies }));
  write(root, `${folder}/src/index.ts`, "export const here = 'here';\n");
  write(root, `${folder}/src/testing/index.ts`, "export const test = 'test';\n");
  mkdirSync(join(root, 'node_modules/@aura'), { recursive: true });
  symlinkSync(join(root, folder), join(root, 'node_modules', name));
}

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
