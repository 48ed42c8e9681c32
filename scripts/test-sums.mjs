// Adds up the result files that `jest --json` wrote into a folder and prints `N passed, N failed`.
// A suite that could not even be loaded counts as one failed test. Exit code 1 when anything failed or nothing ran.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Sums of all jest result files in a folder.
 * @param {string} folder
 * @returns {{ passed: number, failed: number }}
 */
export function testSums(folder) {
  const sums = { passed: 0, failed: 0 };
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
    const result = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    sums.passed += result.numPassedTests;
    sums.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
  }
  return sums;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { passed, failed } = testSums(process.argv[2] ?? '');
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}
