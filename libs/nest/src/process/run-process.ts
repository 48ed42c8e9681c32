import { isAuraError, UnsafeSetupError } from '@aura/kernel';
import { redactText } from '@aura/telemetry';
import { untilStopped } from './until-stopped';

/** Time for an orderly stop, ms: less than the 30 s after which Kubernetes and Docker would kill. */
const STOP_WITHIN_MS = 20_000;

/** How a process of Aura ends. */
export const ProcessExit = {
  /** Stopped in good order. */
  STOPPED: 0,
  /** Could not start, or not stop in good order; another try may do. */
  FAILED: 1,
  /** Refused its settings, its port or its servers; another try will not do before somebody mends them. */
  REFUSED: 2,
} as const;

/** What runs in a process of its own. */
export interface StartedProcess {
  /** The line that says that it is ready, and where. */
  readonly ready: string;
  /** Where it listens; told to the process that started it. */
  readonly url?: string;
  stop(): Promise<void>;
}

type Start = (log: (line: string) => void, signal: AbortSignal) => Promise<StartedProcess>;

/**
 * The life of a process: starts (the signal aborts when it is to stop before it is ready), says that it is ready, and
 * stops at the first SIGTERM or SIGINT, or when the process that started it with a channel is gone. When it cannot start,
 * or does not stop in good order within 20 s, it says why and ends at once with an exit code of {@link ProcessExit}:
 * whatever it had in hand comes back to another one, and a process that half lives would never be started again.
 */
export async function runProcess(start: Start): Promise<void> {
  const log = (line: string): void => void process.stderr.write(`${redactText(line)}\n`);
  const stopping = new AbortController();
  const stopped = untilStopped(process).then(() => stopping.abort(new Error('stopped while it started')));
  try {
    const started = await startUnlessStopped(start, log, stopping.signal);
    if (started !== undefined) {
      const { ready, url, stop } = started;
      process.stdout.write(`${ready}\n`);
      process.send?.({ ready, url });
      await stopped;
      await inTime(stop());
      leave();
    }
    // Nothing was taken in hand: what still waits for a server needs no orderly end.
    else process.exit(ProcessExit.STOPPED);
  } catch (error) {
    log(told(error));
    process.exit(error instanceof UnsafeSetupError ? ProcessExit.REFUSED : ProcessExit.FAILED);
  }
}

/** What fails because it is to stop is no failure. */
async function startUnlessStopped(
  start: Start,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<StartedProcess | undefined> {
  try {
    return await start(log, signal);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** The channel to whoever started it would keep the process. */
function leave(): void {
  process.exitCode = ProcessExit.STOPPED;
  if (process.connected) process.disconnect();
}

async function inTime(stopping: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    const late = (): void => reject(new Error(`did not stop in good order within ${STOP_WITHIN_MS} ms`));
    timer = setTimeout(late, STOP_WITHIN_MS);
  });
  await Promise.race([stopping, limit]).finally(() => clearTimeout(timer));
}

function told(error: unknown): string {
  if (isAuraError(error)) return `${error.message}\n${error.help}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
