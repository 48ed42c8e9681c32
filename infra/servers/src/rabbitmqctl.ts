import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ServersError } from './errors';

const run = promisify(execFile);
const LIMIT_MS = 60_000;

/**
 * Runs `rabbitmqctl` against the broker that an environment describes (`servers.env`), in its container where it has one.
 *
 * @returns its standard output
 * @throws ServersError for a broker that was given by its URL alone; Node's error when the command fails
 */
export async function rabbitmqctl(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string> {
  const container = env['AURA_RABBITMQ_CONTAINER'];
  if (container !== undefined) {
    return output(run('docker', ['exec', container, 'rabbitmqctl', ...args], { timeout: LIMIT_MS }));
  }
  const program = env['AURA_RABBITMQCTL'];
  if (program === undefined) {
    throw new ServersError(
      'Nothing says how to reach rabbitmqctl.',
      'Let npm run servers:up start the broker.',
    );
  }
  const identity = {
    PATH: process.env['PATH'],
    LANG: 'C.UTF-8',
    HOME: env['AURA_RABBITMQ_HOME'],
    RABBITMQ_NODENAME: env['AURA_RABBITMQ_NODENAME'],
    ERL_EPMD_PORT: env['AURA_RABBITMQ_EPMD_PORT'],
  };
  return output(run(program, args, { timeout: LIMIT_MS, env: identity }));
}

async function output(running: Promise<{ readonly stdout: string }>): Promise<string> {
  return (await running).stdout;
}
