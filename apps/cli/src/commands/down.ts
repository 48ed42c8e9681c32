import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '@aura/client';
import { runFileOf } from '../aura/global-options';
import { isAlive, isFresh, readRunFile, type RunRecord } from '../aura/run-file';
import { CliError } from '../cli-error';
import type { CliContext } from '../cli-context';
import { ExitCode } from '../exit-code';

/** The longest that an orderly end takes: services 25 s, then the coordinator 25 s. */
const DOWN_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;
const HEALTH_MS = 3000;

/** `aura down`: stops what `aura up` started, in good order, and waits for its end. Nothing running is no error. */
export async function down({ options, terminal, signal }: CliContext): Promise<ExitCode> {
  const runFile = runFileOf(options.data);
  const record = readRunFile(runFile);
  if (record === undefined || !isAlive(record.pid)) {
    rmSync(runFile, { force: true });
    terminal.out('No Aura is running here.');
    return ExitCode.OK;
  }
  const { pid } = record;
  if (!(await isOurs(record)))
    throw new CliError(
      `process ${pid}, which ${runFile} names, lives, and nobody answers as Aura`,
      `If it is an Aura that hangs, end it by kill ${pid}; if it is another program, remove the file.`,
      ExitCode.REFUSED,
    );
  process.kill(pid, 'SIGTERM');
  const deadline = performance.now() + DOWN_WITHIN_MS;
  while (isAlive(pid)) {
    signal.throwIfAborted();
    if (performance.now() > deadline)
      throw new CliError(
        `process ${pid} did not end within ${DOWN_WITHIN_MS / 1000} s`,
        `Look at aura logs; kill -9 ${pid} ends it, and nothing is lost by that.`,
        ExitCode.INTERNAL,
      );
    await delay(LOOK_EVERY_MS);
  }
  // One that died on its way leaves it behind.
  if (readRunFile(runFile)?.pid === pid) rmSync(runFile, { force: true });
  terminal.out(`Aura is down (process ${pid} has ended).`);
  return ExitCode.OK;
}

/** After a restart of the machine the number may belong to any program: only who answers, or wrote just now, is ended. */
async function isOurs(record: RunRecord): Promise<boolean> {
  if (isFresh(record)) return true;
  if (record.url === undefined) return false;
  return connect({ url: record.url, retries: 1, timeoutMs: HEALTH_MS })
    .health()
    .then(
      () => true,
      () => false,
    );
}
