import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CliError } from './cli-error';
import { ExitCode } from './exit-code';

/** Pictures that come with the CLI; the same place seen from `src` and from `dist`. */
const FOLDER = resolve(__dirname, '../samples');

/** The first sample picture by name. */
export function samplePicture(folder: string = FOLDER): string {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const [first] = names.filter((name) => name.endsWith('.jpg')).sort();
  if (first !== undefined) return join(folder, first);
  throw new CliError(
    `no sample picture is in ${folder}`,
    'Draw them with: npm run samples',
    ExitCode.INTERNAL,
  );
}
