import { isAbsolute, join, resolve } from 'node:path';

/** Options that every command takes. */
export interface GlobalOptions {
  /** Address of an Aura; `--url` or `AURA_URL`. */
  readonly url?: string;
  /** Folder of an embedded Aura's data; `--data`. */
  readonly data: string;
  /** Port of an embedded Aura; `--port`. */
  readonly port?: number;
}

/** Where embedded data stand unless `--data` says otherwise. */
export const DEFAULT_DATA = join('.aura', 'data');

/** Where the owner of a data folder says how to reach it: `.aura/run.json`, or `run.json` in a folder of one's own. */
export function runFileOf(dataDir: string, cwd: string = process.cwd()): string {
  const data = isAbsolute(dataDir) ? dataDir : resolve(cwd, dataDir);
  return data === resolve(cwd, DEFAULT_DATA) ? resolve(cwd, '.aura', 'run.json') : join(data, 'run.json');
}
