import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import { version } from '../../package.json';

/** What a project uses itself. */
const USED = ['@aura/nest', '@aura/testing'];

/** What `npm run pack` says of the packages that it made. */
const packageList = z.record(
  z.string(),
  z.object({ file: z.string(), dependencies: z.array(z.string()).readonly() }),
);

/**
 * The lines of a package.json for Aura's packages: by version, or those of a folder. The packages of a folder name each
 * other by version, so that all that are needed stand in the project's own list.
 */
export function auraDependencies(packages: string | undefined, project: string): string {
  if (packages === undefined) return lines(USED.map((name) => [name, version]));
  const list = packageList.parse(JSON.parse(readFileSync(join(packages, 'packages.json'), 'utf8')));
  const way = relative(project, packages).split(sep).join('/');
  return lines(neededOf(list).map((name) => [name, `file:${way}/${list[name]?.file ?? ''}`]));
}

function neededOf(list: z.infer<typeof packageList>): readonly string[] {
  const needed = new Set(USED);
  // A set that grows while it is walked shows its new members too.
  for (const name of needed) list[name]?.dependencies.forEach((other) => needed.add(other));
  return [...needed].sort();
}

function lines(dependencies: readonly (readonly [name: string, spec: string])[]): string {
  return dependencies
    .map(([name, spec]) => `    ${JSON.stringify(name)}: ${JSON.stringify(spec)},`)
    .join('\n');
}
