import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { ServersError } from './errors';
import type { ProcessMark } from './server';
import { waitUntil } from './wait-until';

const END_LIMIT_MS = 30_000;
const KILL_LIMIT_MS = 10_000;

/** How a detached process is started. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Who it runs as; default: whoever starts it. Only root may name somebody else. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Both its output streams are appended here. */
  readonly logFile: string;
}

/** Starts a process that outlives this one, and returns as soon as it has a pid. */
export function launchDetached(launch: Launch): ProcessMark {
  const log = openSync(launch.logFile, 'a');
  const child = spawn(launch.command, launch.args, {
    cwd: launch.cwd,
    env: launch.env,
    detached: true,
    stdio: ['ignore', log, log],
    ...launch.user,
  });
  closeSync(log);
  child.on('error', () => undefined); // a program that cannot be started has no pid, which is reported below
  child.unref();
  const started = child.pid === undefined ? undefined : startOf(child.pid);
  if (child.pid === undefined || started === undefined) {
    throw new ServersError(`${launch.command} could not be started.`, `Read ${launch.logFile}.`);
  }
  return { pid: child.pid, started };
}

/** True while exactly this process runs; a zombie does not. */
export function isRunning(mark: ProcessMark): boolean {
  return startOf(mark.pid) === mark.started;
}

/** Asks a process to end, and makes it end when it has not after 30 s. Resolves when it is gone. */
export async function endProcess(mark: ProcessMark): Promise<void> {
  signal(mark, 'SIGTERM');
  try {
    await gone(mark, END_LIMIT_MS);
  } catch {
    await killProcess(mark);
  }
}

/** SIGKILL; resolves when the process is gone. */
export async function killProcess(mark: ProcessMark): Promise<void> {
  signal(mark, 'SIGKILL');
  await gone(mark, KILL_LIMIT_MS);
}

async function gone(mark: ProcessMark, limitMs: number): Promise<void> {
  await waitUntil(async () => (isRunning(mark) ? undefined : true), limitMs, 20);
}

function signal(mark: ProcessMark, name: NodeJS.Signals): void {
  if (!isRunning(mark)) return;
  try {
    process.kill(mark.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function startOf(pid: number): string | undefined {
  return process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid);
}

function startOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the program's name may hold spaces
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function startByPs(pid: number): string | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return text === '' || text.startsWith('Z') ? undefined : text.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}
