import { execFile } from 'node:child_process';
import { resolve } from 'node:path';

const LAUNCHER = resolve(__dirname, '../../../apps/cli/bin/aura.cjs');

/** How a command ended, and what it said on stdout and stderr. */
export interface CommandEnd {
  readonly code: number;
  readonly out: string;
}

/** `aura …` as a person gives it in a folder of its own: whatever runs elsewhere is not asked. */
export function auraCommand(
  cwd: string,
  environment: Readonly<Record<string, string>>,
): (...args: readonly string[]) => Promise<CommandEnd> {
  const env = { ...process.env, ...environment, AURA_URL: '', FORCE_COLOR: '' };
  return (...args) =>
    new Promise((done) => {
      execFile(process.execPath, [LAUNCHER, ...args], { cwd, env }, (error, stdout, stderr) =>
        done({ code: error === null ? 0 : Number(error.code), out: `${stdout}${stderr}` }),
      );
    });
}
