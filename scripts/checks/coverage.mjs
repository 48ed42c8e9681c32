import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';
import { ROOT } from '../ensure/root.mjs';
import { COVERAGE, RESULTS } from './jest.mjs';

const { createCoverageMap, createCoverageSummary } = createRequire(import.meta.url)('istanbul-lib-coverage');

const CORE = ['contracts', 'libs/kernel', 'libs/messaging', 'libs/workflow', 'libs/saga'];
const NEED_SERVERS = ['libs/amqp', 'libs/mongo', 'libs/redis'];
const CORE_PERCENT = 95;
const OVERALL_PERCENT = 90;

/**
 * Adds up the coverage of all suites that ran, prints a line a project, and compares lines and branches with the bars: each core
 * lib, and everything together.
 * @returns {boolean} whether all bars are reached
 */
export function coverageReached() {
  const merged = mergedCoverage();
  const projects = [...new Set(merged.files().map(projectOf))].sort();
  const withServers = existsSync(join(RESULTS, 'servers.json'));
  const left = withServers ? [] : projects.filter((project) => NEED_SERVERS.includes(project));
  if (left.length > 0) console.log(`without servers these are left out of the sum: ${left.join(', ')}`);
  const counted = projects.filter((project) => !left.includes(project));
  const lines = counted.map((project) => {
    const summary = summaryOf(merged, (file) => projectOf(file) === project);
    return report(project, summary, CORE.includes(project) ? CORE_PERCENT : 0);
  });
  const overall = summaryOf(merged, (file) => counted.includes(projectOf(file)));
  return [...lines, report('overall', overall, OVERALL_PERCENT)].every(Boolean);
}

function mergedCoverage() {
  const map = createCoverageMap({});
  for (const run of existsSync(COVERAGE) ? readdirSync(COVERAGE) : []) {
    map.merge(JSON.parse(readFileSync(join(COVERAGE, run, 'coverage-final.json'), 'utf8')));
  }
  return map;
}

function projectOf(file) {
  const [first, second] = relative(ROOT, file).split(sep);
  return first === 'contracts' ? first : `${first}/${second}`;
}

function summaryOf(map, includes) {
  const summary = createCoverageSummary();
  map
    .files()
    .filter(includes)
    .forEach((file) => summary.merge(map.fileCoverageFor(file).toSummary()));
  return summary;
}

function report(name, { lines, branches }, bar) {
  const reached = [lines, branches].every(({ covered, total }) => covered * 100 >= bar * total);
  const figures = [lines, branches].map(({ pct }) => `${Number(pct).toFixed(1)} %`.padStart(8));
  const verdict = bar === 0 ? '' : `  at least ${bar} %: ${reached ? 'reached' : 'NOT REACHED'}`;
  console.log(`${name.padEnd(28)} lines ${figures[0]}  branches ${figures[1]}${verdict}`);
  return reached;
}
