import { UnsafeSetupError } from '@aura/kernel';
import { parseArgs } from 'node:util';
import type { z } from 'zod';

/** Where the settings of a process come from. Options win over variables. */
export interface GivenSettings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Arguments of the command line behind the script, e.g. `['--port', '8002']`. Default: none. */
  readonly args?: readonly string[];
}

/** Settings whose values are told to nobody. */
const SECRET = /TOKEN|SECRET|PASSWORD/;

/**
 * Reads the settings of a process with its one schema, whose members are named as the variables. Each variable is an
 * option too: `AURA_RABBITMQ_URL` is `--rabbitmq-url`, `PORT` is `--port`. An empty variable is none. Errors:
 * `UnsafeSetupError` that names each variable with its value and what to do.
 */
export function readSettings<S extends z.ZodObject>(
  service: string,
  schema: S,
  given: GivenSettings,
): z.output<S> {
  const names = Object.keys(schema.shape);
  const values = { ...variables(names, given.env), ...options(service, names, given.args ?? []) };
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const first = new Map(parsed.error.issues.map((issue) => [String(issue.path[0]), issue.message] as const));
  const faults = [...first].map(([name, must]) => `${name} is ${shown(name, values[name])}, and it ${must}`);
  const wrong = [...first.keys()];
  throw new UnsafeSetupError(`${service} cannot start: ${faults.join('; ')}`, helpFor(wrong));
}

/** The option of a variable, without the dashes. */
export function optionOf(variable: string): string {
  return variable
    .replace(/^AURA_/, '')
    .toLowerCase()
    .replaceAll('_', '-');
}

function variables(names: readonly string[], env: GivenSettings['env']): Record<string, string> {
  const held = names.map((name) => [name, env[name] ?? ''] as const).filter(([, value]) => value !== '');
  return Object.fromEntries(held);
}

function options(service: string, names: readonly string[], args: readonly string[]): Record<string, string> {
  const known = new Map(names.map((name) => [optionOf(name), name]));
  const types = [...known.keys()].map((option) => [option, { type: 'string' }] as const);
  try {
    const { values } = parseArgs({ args: [...args], options: Object.fromEntries(types), strict: true });
    const given = Object.entries(values).map(([option, value]) => [known.get(option), String(value)]);
    return Object.fromEntries(given) as Record<string, string>;
  } catch (error) {
    throw new UnsafeSetupError(
      `${service} cannot start: ${error instanceof Error ? error.message : String(error)}`,
      `It knows --${[...known.keys()].join(', --')}.`,
      error,
    );
  }
}

function shown(name: string, value: string | undefined): string {
  if (value === undefined) return 'not set';
  if (SECRET.test(name)) return `a secret of ${value.length} characters`;
  return JSON.stringify(value.replace(/\/\/[^/@]*@/, '//***@'));
}

function helpFor(names: readonly string[]): string {
  const ways = names.map((name) => `${name} (or --${optionOf(name)})`).join(', ');
  const servers = names.some((name) => name.endsWith('_URL'))
    ? ' npm run servers:up starts servers and writes .aura/servers.env; node --env-file=.aura/servers.env loads it.'
    : '';
  return `Set ${ways} accordingly.${servers}`;
}
