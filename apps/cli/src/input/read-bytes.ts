import { readFile } from 'node:fs/promises';
import { CliError } from '../cli-error';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'reading it is not allowed',
};

/** A file's bytes; a file that cannot be read is an error of usage. */
export async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    const reason = reasons[code] ?? (error instanceof Error ? error.message : code);
    throw new CliError(`cannot read ${file}: ${reason}`, 'Give the path of a file that is there.', 2, {
      cause: error,
    });
  }
}
