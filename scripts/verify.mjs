// npm run verify: everything that must hold before a change is taken, in this order, all of it reported.
import { boundariesKept, withoutCycles } from './checks/boundaries.mjs';
import { browserSuite } from './checks/browser.mjs';
import { command } from './checks/command.mjs';
import { coverageReached } from './checks/coverage.mjs';
import { generatedUpToDate } from './checks/generated.mjs';
import { passesOnNode24 } from './checks/node24.mjs';
import { embeddedSuite, forgetResults, serversSuite } from './checks/suites.mjs';
import { printSums } from './test-sums.mjs';

const npmScript = (name) => () => command('npm', ['run', '-s', name]);

const steps = [
  ['format', npmScript('format:check')],
  ['lint', npmScript('lint')],
  ['boundaries', boundariesKept],
  ['types', npmScript('types')],
  ['cycles', withoutCycles],
  ['embedded tests', () => embeddedSuite({ coverage: true })],
  ['tests against servers', () => serversSuite({ coverage: true })],
  ['tests in a browser', browserSuite],
  ['coverage', coverageReached],
  ['generated files', generatedUpToDate],
  ['Node 24', passesOnNode24],
];

/** Runs one step to its end, whatever happens in it. */
async function take([name, work]) {
  console.log(`\n── ${name}`);
  const since = performance.now();
  const passed = await Promise.resolve()
    .then(work)
    .catch((error) => {
      console.error(error);
      return false;
    });
  return { name, passed, seconds: (performance.now() - since) / 1000 };
}

forgetResults();
const taken = [];
for (const step of steps) taken.push(await take(step));

console.log('');
for (const { name, passed, seconds } of taken) {
  console.log(`${passed ? 'passed' : 'FAILED'}  ${seconds.toFixed(1).padStart(7)} s  ${name}`);
}
const counted = printSums();
process.exitCode = counted && taken.every(({ passed }) => passed) ? 0 : 1;
