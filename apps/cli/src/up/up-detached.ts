import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findRunning, type RunningRecord } from '../aura/find-running';
import { groundOf, logsOf, runFileOf, type GlobalOptions } from '../aura/global-options';
import type { CliContext } from '../cli-context';
import { ExitCode } from '../exit-code';

const LOOK_EVERY_MS = 100;
/** What is waited for is told this often, ms. */
const TELL_EVERY_MS = 5000;
/** Where the process that `aura up` leaves behind speaks. */
export const MAIN_LOG = 'aura.log';

/** Starts the foreground form of `aura up` as a process of its own, and waits until it is up, or has said why not. */
export async function upDetached({ options, terminal, signal }: CliContext): Promise<ExitCode> {
  const { NODE_FLAGS } = await import('@aura/host/processes');
  const logs = logsOf(options);
  mkdirSync(logs, { recursive: true });
  const file = join(logs, MAIN_LOG);
  const log = openSync(file, 'a');
  const before = statSync(file).size;
  const child = spawn(process.execPath, [...NODE_FLAGS, process.argv[1] ?? '', ...argumentsOf(options)], {
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let code: number | null | undefined;
  child.once('exit', (ended) => (code = ended));
  try {
    const running = await untilUp(options, { signal, ended: () => code !== undefined, tell: terminal.err });
    if (running === undefined) {
      terminal.err(readFileSync(file).subarray(before).toString('utf8').trimEnd());
      return exitCodeOf(code);
    }
    for (const line of upLines(running, options)) terminal.out(line);
    return ExitCode.OK;
  } catch (error) {
    child.kill('SIGTERM');
    throw error;
  } finally {
    child.unref();
  }
}

function argumentsOf({ data, port, servers }: GlobalOptions): readonly string[] {
  return [
    '--data',
    data,
    ...(port === undefined ? [] : ['--port', String(port)]),
    ...(servers === true ? ['--servers'] : []),
    'up',
    '--foreground',
  ];
}

interface Starting {
  readonly signal: AbortSignal;
  ended(): boolean;
  tell(line: string): void;
}

async function untilUp(options: GlobalOptions, starting: Starting): Promise<RunningRecord | undefined> {
  let toldAt = performance.now();
  while (!starting.ended()) {
    starting.signal.throwIfAborted();
    const running = await findRunning(runFileOf(options.data));
    if (running !== undefined && running.isReady !== false) return running;
    if (performance.now() - toldAt > TELL_EVERY_MS) {
      toldAt = performance.now();
      starting.tell('Not up yet; aura logs tells what it waits for. Ctrl-C gives up.');
    }
    await delay(LOOK_EVERY_MS);
  }
  return undefined;
}

function exitCodeOf(code: number | null | undefined): ExitCode {
  return (
    Object.values(ExitCode).find((known) => known === code && known !== ExitCode.OK) ?? ExitCode.INTERNAL
  );
}

/** What a person wants to know of an Aura that is up. */
export function upLines({ url, pid, ground }: RunningRecord, options: GlobalOptions): readonly string[] {
  const on = ground === 'servers' ? 'one process a service, on servers' : groundOf({ data: options.data });
  return [
    `Aura is up at ${url} (process ${pid}, ${on}).`,
    '  aura status   how its processes and participants stand',
    '  aura logs     what they say; aura logs <saga> what they say of one saga',
    '  aura down     stops it',
  ];
}
