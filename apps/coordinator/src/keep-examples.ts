import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { imageTypeOf } from '@aura/contracts';
import type { ClaimCheck } from '@aura/kernel';

/** Keeps the pictures of a folder that examples of definitions name, so that the examples can be run as they are. */
export async function keepExamples(claims: ClaimCheck, folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const bytes = await readFile(join(folder, name));
    const contentType = imageTypeOf(bytes);
    if (contentType === undefined) throw new TypeError(`${join(folder, name)} is no picture that Aura reads`);
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    if (!(await claims.has(digest))) await claims.put(bytes, contentType);
  }
}
