import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../ensure/root.mjs';

const LEAKS = [/Jest did not exit one second after/, /worker process has failed to exit gracefully/];
const LEAK_GRACE_MS = 10_000;

/** The result files of `jest --json`, one a run; `AURA_TEST_RESULTS` names another folder. */
export const RESULTS = process.env['AURA_TEST_RESULTS'] ?? join(ROOT, '.aura', 'test-results');

/** The coverage of a run, `<run>/coverage-final.json` each. */
export const COVERAGE = join(RESULTS, 'coverage');

/**
 * Runs one suite and lets its output through. A run that leaves something open fails, and is ended when it hangs.
 * @param {{ run: string, project: 'embedded' | 'servers', args?: readonly string[], coverage?: boolean, node?: string }} options
 *   `run` names its result file; `node` is another Node to run on
 * @returns {Promise<boolean>} whether everything passed
 */
export async function runJest({ run, project, args = [], coverage = false, node = process.execPath }) {
  mkdirSync(RESULTS, { recursive: true });
  const child = spawn(node, commandLine({ run, project, coverage, args }), {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'pipe'],
    env: { ...process.env, FORCE_COLOR: process.stderr.isTTY ? '1' : '0' },
  });
  const leaks = watchForLeaks(child);
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (leaks()) console.error(`${run}: a test left something open, which is a failure.`);
  return code === 0 && !leaks();
}

function commandLine({ run, project, coverage, args }) {
  const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const results = ['--json', `--outputFile=${join(RESULTS, `${run}.json`)}`];
  // The servers want the cores, too.
  const workers = project === 'servers' ? ['--maxWorkers=2'] : [];
  const measured = ['--coverage', '--coverageReporters=json', `--coverageDirectory=${join(COVERAGE, run)}`];
  return [jest, ...args, '--selectProjects', project, ...results, ...workers, ...(coverage ? measured : [])];
}

/** Jest only warns of what stays open. Its stderr passes through here. */
function watchForLeaks(child) {
  let leaked = false;
  child.stderr.on('data', (chunk) => {
    process.stderr.write(chunk);
    if (leaked || !LEAKS.some((pattern) => pattern.test(String(chunk)))) return;
    leaked = true;
    setTimeout(() => child.kill('SIGKILL'), LEAK_GRACE_MS).unref();
  });
  return () => leaked;
}
