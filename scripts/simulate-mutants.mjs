// npm run simulate:mutants: plants one bug after the other into a copy of the sources and lets the simulation find it.
// `-- --sample N` tries N of them, `-- --only TEXT` those whose name has the text, `-- --skip N` leaves out the first N.
// But for a sample, it first sees that nothing is found where no bug is.
// `-- --write` puts what came of each into the table in docs; what was not tried stays there as it was.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { transformFileSync } from '@swc/core';
import { MUTANTS } from './mutants/list.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const SAGAS = '10000';
const PROJECTS = ['contracts', 'test', ...foldersIn('libs')];
const DOC = join(ROOT, 'docs/reliability.md');
const MARKS = ['<!-- mutants -->', '<!-- /mutants -->'];

const { values: flags } = parseArgs({
  options: {
    sample: { type: 'string' },
    only: { type: 'string' },
    skip: { type: 'string', default: '0' },
    seed: { type: 'string', default: 'mutants' },
    write: { type: 'boolean', default: false },
  },
});

function foldersIn(folder) {
  return readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`);
}

/** Built projects as they are, and the packages of others by link. */
function copyOfSources() {
  const copy = mkdtempSync(join(tmpdir(), 'aura-mutants-'));
  mkdirSync(join(copy, 'node_modules/@aura'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (name !== '@aura') symlinkSync(join(ROOT, 'node_modules', name), join(copy, 'node_modules', name));
  for (const project of PROJECTS) {
    cpSync(join(ROOT, project), join(copy, project), { recursive: true });
    const { name } = JSON.parse(readFileSync(join(ROOT, project, 'package.json'), 'utf8'));
    symlinkSync(join(copy, project), join(copy, 'node_modules', name));
  }
  return copy;
}

/** Plants a bug; answers how to take it out again. */
function plant(copy, { file, from, to }) {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const built = join(copy, file.replace('/src/', '/dist/').replace(/\.ts$/, '.js'));
  const before = readFileSync(built);
  const source = join(copy, file);
  writeFileSync(source, text.replace(from, to) + helpersOf(to));
  const options = JSON.parse(readFileSync(join(ROOT, '.swcrc'), 'utf8'));
  writeFileSync(built, transformFileSync(source, { ...options, swcrc: false, sourceMaps: false }).code);
  return () => writeFileSync(built, before);
}

/** What a planted text needs beside itself. */
function helpersOf(to) {
  if (!to.includes('arrivalsOf(')) return '';
  return '\nconst counts = new Map();\nfunction arrivalsOf(name) { counts.set(name, (counts.get(name) ?? 0) + 1); return counts.get(name); }\n';
}

/** Runs the simulation over the copy; answers after how many sagas and by what it was found. */
function hunt(copy) {
  const main = join(copy, 'test/dist/simulation/main.js');
  const args = ['--sagas', SAGAS, '--seed', flags.seed, '--faults', 'all', '--no-shrink'];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--max-semi-space-size=32', main, ...args],
    {
      encoding: 'utf8',
      timeout: 1_200_000,
    },
  );
  const sagas = /^(\d+) sagas in/m.exec(stdout)?.[1];
  const invariants = [...stdout.matchAll(/^ *([1-9]\d*) violations of (\d+):/gm)].map(
    ([, , number]) => number,
  );
  const broken = sagas === undefined ? (/^\w*Error: .*/m.exec(stderr)?.[0] ?? 'it did not end') : undefined;
  return {
    isFound: status !== 0,
    sagas: sagas ?? 'its first',
    by: broken ?? `invariant ${invariants.join(', ')}`,
  };
}

/** What is found must be found because of the bug: without any, the same sagas show nothing. */
function demandSound(copy) {
  const { isFound, sagas, by } = hunt(copy);
  if (isFound)
    throw new Error(`without any bug ${by} is violated within ${sagas} sagas of the seed ${flags.seed}`);
  console.log(`nothing wrong in ${SAGAS} sagas without a bug`);
}

function chosen() {
  const named = MUTANTS.slice(Number(flags.skip)).filter(
    ({ name }) => flags.only === undefined || name.includes(flags.only),
  );
  if (flags.sample === undefined) return named;
  const step = Math.max(1, Math.floor(named.length / Number(flags.sample)));
  // The middle of each part: the very first bug leaves sagas that wait for hours of virtual time.
  return named.filter((_mutant, n) => n % step === Math.floor(step / 2)).slice(0, Number(flags.sample));
}

function tableOf(lines) {
  return ['| planted bug | found within sagas | by |', '| --- | --- | --- |', ...lines].join('\n');
}

function lineOf({ name, isFound, sagas, by }) {
  return `| ${name} | ${isFound ? sagas : 'not found'} | ${isFound ? by : ''} |`;
}

/** Lines of the table that stands, by the bug's name. */
function standing(table) {
  const lines = table.split('\n').filter((line) => line.startsWith('| '));
  return new Map(lines.map((line) => [line.split('|')[1].trim(), line]));
}

function write(row) {
  const text = readFileSync(DOC, 'utf8');
  const [begin, end] = MARKS.map((mark) => text.indexOf(mark));
  if (begin < 0 || end < 0) throw new Error(`${dirname(DOC)} has no place for the table`);
  const known = standing(text.slice(begin, end));
  known.set(row.name, lineOf(row));
  const table = tableOf(MUTANTS.flatMap(({ name }) => known.get(name) ?? []));
  writeFileSync(DOC, `${text.slice(0, begin + MARKS[0].length)}\n\n${table}\n\n${text.slice(end)}`);
}

for (const { name, file, from } of MUTANTS)
  if (!readFileSync(join(ROOT, file), 'utf8').includes(from))
    throw new Error(`"${name}" does not fit ${file} any more: ${from}`);

const copy = copyOfSources();
const rows = [];
try {
  if (flags.sample === undefined) demandSound(copy);
  for (const mutant of chosen()) {
    const takeOut = plant(copy, mutant);
    const row = { name: mutant.name, ...hunt(copy) };
    takeOut();
    rows.push(row);
    if (flags.write) write(row);
    console.log(
      `${row.isFound ? `found   ${row.sagas.padStart(6)} sagas, ${row.by}` : 'MISSED'.padEnd(8)}  ${mutant.name}`,
    );
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
const missed = rows.filter(({ isFound }) => !isFound).length;
console.log(`${rows.length - missed} of ${rows.length} planted bugs found`);
process.exitCode = missed === 0 ? 0 : 1;
