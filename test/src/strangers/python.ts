import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { Spawned } from '../e2e/spawned';

const ROOT = resolve(__dirname, '../../..');
const INSTALL = resolve(ROOT, 'infra/servers/install-pika.sh');
/** Installing takes seconds, a script less. */
const WITHIN_MS = 60_000;

const run = promisify(execFile);

/** Python with pika, for scripts that know nothing of Aura. */
export class Python {
  private constructor(
    /** What a process that runs Python needs. */
    readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** Installs pika where it is missing. Errors: what the installation said. */
  static async ready(): Promise<Python> {
    const { stdout } = await run(INSTALL, { timeout: WITHIN_MS });
    const folder = stdout.trim();
    return new Python({ ...process.env, ...(folder === '' ? {} : { PYTHONPATH: folder }) });
  }

  /** Runs a script of the repository to its end; its lines on stdout. Errors: what it said on stderr. */
  async run(
    script: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<readonly string[]> {
    const { stdout } = await run('python3', [resolve(ROOT, script), ...args], {
      env: { ...this.environment, ...env },
      timeout: WITHIN_MS,
    });
    return stdout.split('\n').filter((line) => line !== '');
  }

  /** Starts a script that stays. */
  start(script: string, args: readonly string[], env: Readonly<Record<string, string>>): Spawned {
    const { PYTHONPATH } = this.environment;
    return new Spawned({
      name: script,
      program: 'python3',
      args: [resolve(ROOT, script), ...args],
      env: { ...(PYTHONPATH === undefined ? {} : { PYTHONPATH }), ...env },
      ready: '',
    });
  }
}
