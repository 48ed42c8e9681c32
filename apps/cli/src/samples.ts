import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CliError } from './cli-error';
import { ExitCode } from './exit-code';

/** Pictures that come with the CLI; the same place seen from `src` and from `dist`. */
const FOLDER = resolve(__dirname, '../samples');

/** The first sample picture by name. */
export function samplePicture(folder: string = FOLDER): string {
  const [first] = samplesIn(folder);
  if (first !== undefined) return first;
  throw new CliError(
    `no sample picture is in ${folder}`,
    'Draw them with: npm run samples',
    ExitCode.INTERNAL,
  );
}

/** The sample picture with these bytes' digest; examples of definitions name pictures so. */
export function sampleWithDigest(digest: unknown, folder: string = FOLDER): string | undefined {
  return samplesIn(folder).find((file) => digestOf(readFileSync(file)) === digest);
}

function samplesIn(folder: string): readonly string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => name.endsWith('.jpg'))
    .sort()
    .map((name) => join(folder, name));
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
