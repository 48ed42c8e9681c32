import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The root of this repository. */
export const ROOT = resolve(__dirname, '../../..');

/** One block of commands of the README. */
export interface QuickStart {
  readonly script: string;
  /** It is for another terminal, where it goes on. */
  readonly stays: boolean;
}

/** The quick starts of the README, in order, as they stand there. */
export function quickStarts(): readonly QuickStart[] {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const section = /^## Quick starts\n(.*?)^## /ms.exec(readme)?.[1] ?? '';
  return [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, script = '']) => ({
    script,
    stays: script.includes('# in another terminal: it stays'),
  }));
}
