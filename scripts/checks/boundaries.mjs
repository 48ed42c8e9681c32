import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../ensure/root.mjs';

const PROGRAM = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
const CYCLE = 'no-cycle';

/** The direction of imports, by .dependency-cruiser.cjs. */
export function boundariesKept() {
  return none(violations().filter(({ rule }) => rule.name !== CYCLE));
}

/** No modules that need each other. */
export function withoutCycles() {
  return none(violations().filter(({ rule }) => rule.name === CYCLE));
}

function none(found) {
  found.forEach(({ rule, from, to, cycle }) => {
    const way = cycle === undefined ? to : cycle.map(({ name }) => name).join(' → ');
    console.log(`${rule.name}: ${from} → ${way}`);
  });
  return found.length === 0;
}

let cruised;

/** One look at all modules serves both questions. */
function violations() {
  cruised ??= cruise();
  return cruised;
}

function cruise() {
  const args = [PROGRAM, '--output-type', 'json', 'contracts/src', 'libs', 'apps', 'infra', 'test'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`dependency-cruiser ended with ${status}: ${stderr}`);
  const { summary } = JSON.parse(stdout);
  if (summary.totalCruised === 0) throw new Error('dependency-cruiser saw no module.');
  return summary.violations;
}
