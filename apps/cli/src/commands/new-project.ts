import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { CliError } from '../cli-error';
import type { CliContext } from '../cli-context';
import { runFileOfOptions } from '../aura/global-options';
import { ExitCode } from '../exit-code';
import { auraDependencies } from '../project/aura-dependencies';
import { renderTemplate } from '../project/render-template';

/** What `aura new` makes. */
export type ProjectKind = 'participant' | 'workflow';

/** Options of `aura new`. */
export interface NewProjectOptions {
  /** Folder of the project; default: one with its name. */
  readonly into?: string;
  /** Where `npm run pack` has put Aura's packages. */
  readonly packages?: string;
}

/** Where `npm run pack` puts packages unless it is told otherwise. */
const DEFAULT_PACKAGES = join('.aura', 'packages');

const NAMES = {
  participant: { rule: /^[a-z][a-z0-9-]{0,62}$/, example: 'style-advisor', taken: ['coordinator', 'shared'] },
  workflow: { rule: /^[a-z][a-z0-9_]{0,57}$/, example: 'autumn_looks', taken: [] },
} as const satisfies Record<ProjectKind, object>;

/** `aura new participant NAME`, `aura new workflow NAME`: a small project with a test that passes. */
export function newProject(
  { terminal, options: globals }: CliContext,
  kind: ProjectKind,
  name: string,
  options: NewProjectOptions,
): Promise<ExitCode> {
  requireName(kind, name);
  const folder = resolve(options.into ?? name);
  if (existsSync(folder))
    throw new CliError(`${folder} is there already`, 'Name another folder (--into), or remove it first.');
  const packages = packagesOf(options);
  const written = renderTemplate(kind, folder, {
    name,
    snake: name.replaceAll('-', '_'),
    kebab: name.replaceAll('_', '-'),
    runFile: runFileOfOptions(globals),
    auraDependencies: auraDependencies(packages, folder),
  });
  terminal.out(`${kind} ${name} in ${folder}: ${written.join(', ')}`);
  if (packages === undefined)
    terminal.err(
      'Its dependencies on @aura have no folder: npm run pack makes packages, --packages names them.',
    );
  terminal.out(`Next: cd ${relative('.', folder)} && npm install && npm test`);
  return Promise.resolve(ExitCode.OK);
}

function requireName(kind: ProjectKind, name: string): void {
  const { rule, example, taken } = NAMES[kind];
  const isTaken = (taken as readonly string[]).includes(name);
  if (rule.test(name) && !isTaken) return;
  throw new CliError(
    `${JSON.stringify(name)} cannot be the name of a ${kind}`,
    isTaken ? 'That name stands for a part of Aura.' : `It must match ${rule.source}, e.g. ${example}.`,
  );
}

function packagesOf({ packages }: NewProjectOptions): string | undefined {
  const folder = resolve(packages ?? DEFAULT_PACKAGES);
  if (existsSync(join(folder, 'packages.json'))) return folder;
  if (packages === undefined) return undefined;
  throw new CliError(`${folder} has no packages of Aura`, `Make them: npm run pack -- --out ${folder}`);
}
