// Adds up the result files that `jest --json` wrote and prints `N passed, N failed`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RESULTS } from './checks/jest.mjs';

/**
 * Sums over all runs. A suite that could not even be loaded counts as one failed test.
 * @param {string} folder
 * @returns {{ passed: number, failed: number }}
 */
export function testSums(folder) {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  const runs = files.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
  return {
    passed: runs.reduce((sum, run) => sum + run.numPassedTests, 0),
    failed: runs.reduce((sum, run) => sum + run.numFailedTests + run.numRuntimeErrorTestSuites, 0),
  };
}

/** Prints the sums as one line; true when something passed and nothing failed. */
export function printSums() {
  const { passed, failed } = testSums(RESULTS);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = printSums() ? 0 : 1;
