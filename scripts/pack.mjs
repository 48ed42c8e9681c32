// npm run pack -- [--out DIR]: a tarball of every package that is not private, each with its types, so that other repositories
// can install them together. DIR is .aura/packages by default. With --if-changed nothing is done when the sources are those of the last
// time.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { storedStamp } from './ensure/build.mjs';
import { ROOT } from './ensure/root.mjs';
import { run } from './ensure/run.mjs';
import { listOf, publishedProjects } from './pack/projects.mjs';
import { stage } from './pack/stage.mjs';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join('.aura', 'packages') },
    'if-changed': { type: 'boolean', default: false },
  },
});
const out = resolve(values.out);
const stampFile = join(out, '.stamp');
const staging = join(ROOT, '.aura', 'pack');
const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');

async function pack() {
  rmSync(staging, { recursive: true, force: true });
  await run(process.execPath, [tsc, '-p', 'tsconfig.declarations.json']);
  const projects = publishedProjects();
  const staged = projects.map((project) => stage(project, staging));
  // What an earlier version left behind would be installed beside the new one.
  rmSync(stampFile, { force: true });
  mkdirSync(out, { recursive: true });
  readdirSync(out)
    .filter((name) => /^aura-.*\.tgz$/.test(name))
    .forEach((name) => rmSync(join(out, name)));
  await run('npm', ['pack', '--silent', '--pack-destination', out, ...staged]);
  writeFileSync(join(out, 'packages.json'), `${JSON.stringify(listOf(projects), null, 2)}\n`);
  writeFileSync(stampFile, storedStamp());
  rmSync(staging, { recursive: true, force: true });
  return staged.length;
}

const isSame = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === storedStamp();
if (values['if-changed'] && isSame) console.log(`nothing has changed in ${out}`);
else console.log(`${await pack()} packages in ${out}`);
