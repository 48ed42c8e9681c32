import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Spawned } from '../e2e/spawned';
import { ProjectLock } from './project-lock';
import type { LockedPlaces } from './project-lock';

const ROOT = resolve(__dirname, '../../..');
/** Where `npm run pack` puts the packages. */
export const PACKAGES = join(ROOT, '.aura', 'packages');

const NEST = ['@nestjs/common', '@nestjs/core', 'reflect-metadata', 'rxjs'];
const TOOLS = ['typescript', '@types/node'];
const OWN = ['@aura/nest', '@aura/testing'];

const COMPILER_OPTIONS = {
  target: 'ES2022',
  module: 'nodenext',
  moduleResolution: 'nodenext',
  strict: true,
  skipLibCheck: false,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  types: ['node'],
  outDir: 'dist',
};

const execute = promisify(execFile);

type PackageList = Readonly<
  Record<string, { readonly file: string; readonly dependencies: readonly string[] }>
>;

/** An empty Nest 11 project in a folder of its own, with Aura's packages installed from their tarballs. */
export class OutsideProject {
  private constructor(readonly folder: string) {}

  /** Packs what has changed and installs; asks the registry for nothing that this workspace has installed already. */
  static async create(): Promise<OutsideProject> {
    await run('npm', ['run', '-s', 'pack', '--', '--if-changed', '--out', PACKAGES], ROOT);
    const project = new OutsideProject(mkdtempSync(join(tmpdir(), 'aura-outside-')));
    const list = JSON.parse(readFileSync(join(PACKAGES, 'packages.json'), 'utf8')) as PackageList;
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      readonly packages: LockedPlaces;
    };
    const tarballs = Object.fromEntries(
      Object.entries(list).map(([name, { file }]) => [name, join(PACKAGES, file)]),
    );
    const manifest = {
      name: 'outside',
      version: '1.0.0',
      dependencies: { ...tarballsOf(list, tarballs), ...versions(NEST, packages) },
      devDependencies: versions(TOOLS, packages),
    };
    project.write('package.json', JSON.stringify(manifest));
    project.write('package-lock.json', new ProjectLock(packages, tarballs).of(manifest));
    const flags = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
    await run('npm', ['ci', ...flags], project.folder);
    return project;
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true });
    writeFileSync(join(this.folder, name), text);
  }

  /** Compiles the files in strict mode, libraries too. Errors: what the compiler said. */
  async compile(...files: readonly string[]): Promise<void> {
    this.write('tsconfig.json', JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files }));
    await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.'], this.folder);
  }

  /** Starts a compiled file as a process; undefined takes a variable of the test's own environment away. */
  start(file: string, env: Readonly<Record<string, string | undefined>>): Spawned {
    return new Spawned({
      name: file,
      args: [join(this.folder, 'dist', file)],
      cwd: this.folder,
      env,
      ready: '',
    });
  }

  /** Gives another project what is installed here, and runs one of its scripts. Answers what it said. */
  async runScriptIn(folder: string, script: string): Promise<string> {
    symlinkSync(join(this.folder, 'node_modules'), join(folder, 'node_modules'));
    return run('npm', ['run', '-s', script], folder);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Everything of Aura's that is needed: the tarballs name each other by version. */
function tarballsOf(list: PackageList, tarballs: Readonly<Record<string, string>>): Record<string, string> {
  const needed = new Set(OWN);
  for (const name of needed) list[name]?.dependencies.forEach((other) => needed.add(other));
  return Object.fromEntries([...needed].map((name) => [name, `file:${tarballs[name] ?? ''}`]));
}

function versions(names: readonly string[], packages: LockedPlaces): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, packages[`node_modules/${name}`]?.version ?? '*']));
}

async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  // What npm tells its scripts must not reach another npm, nor jest's mode a project that is not under test.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_ENV$|NODE_OPTIONS$)/.test(name)),
  );
  try {
    const { stdout } = await execute(command, [...args], { cwd, env, maxBuffer: 1 << 26 });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`, { cause: error });
  }
}
