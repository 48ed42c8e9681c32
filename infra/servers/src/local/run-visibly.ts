import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ServersError } from '../errors';

/** Runs a command to its end with its output on our stderr and no input. Rejects when it fails. */
export async function runVisibly(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const child = spawn(command, args, { env, stdio: ['ignore', process.stderr, process.stderr] });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) {
    throw new ServersError(`${command} ${args.join(' ')} ended with ${code}.`, 'Read its output above.');
  }
}
