import { basename, dirname, join, resolve } from 'node:path';
import { readRunFile } from './run-file';

/** Options that every command takes. */
export interface GlobalOptions {
  /** Address of an Aura; `--url` or `AURA_URL`. */
  readonly url?: string;
  /** Folder of an embedded Aura's data; `--data`. */
  readonly data: string;
  /** Port of an embedded Aura; `--port`. */
  readonly port?: number;
  /** What is started runs on the servers of `.aura/servers.env` instead of a data folder; `--servers`. */
  readonly servers?: boolean;
}

/** Where embedded data stand unless `--data` says otherwise. */
export const DEFAULT_DATA = join('.aura', 'data');

/** Where an Aura that a command started says how to reach it. */
export function runFileOfOptions(options: GlobalOptions): string {
  const runFile = runFileOf(options.data);
  if (options.servers !== true || readRunFile(runFile)?.ground === 'servers') return runFile;
  return resolve('.aura', 'run-servers.json');
}

/** Folder of the logs of an Aura that `aura up` started: beside its run file. */
export function logsOf(options: GlobalOptions): string {
  return join(dirname(runFileOf(options.data)), 'logs');
}

/** What an Aura that a command starts stands on, for a person. */
export function groundOf(options: GlobalOptions): string {
  return options.servers === true ? 'on servers' : `data in ${options.data}`;
}

/**
 * Where the owner of a data folder says how to reach it: `.aura/run.json` beside `.aura/data`, wherever that is, and `run.json`
 * in any other folder.
 */
export function runFileOf(dataDir: string, cwd: string = process.cwd()): string {
  const data = resolve(cwd, dataDir);
  const isDefault = join(basename(dirname(data)), basename(data)) === DEFAULT_DATA;
  return join(isDefault ? dirname(data) : data, 'run.json');
}
