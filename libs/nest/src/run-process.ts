import { isAuraError } from '@aura/kernel';
import { untilStopped } from './until-stopped';

/** Time for an orderly stop, ms: less than the 30 s after which Kubernetes and Docker would kill. */
const STOP_WITHIN_MS = 20_000;

/** What runs in a process of its own. */
export interface StartedProcess {
  /** The line that says that it is ready, and where. */
  readonly ready: string;
  stop(): Promise<void>;
}

/**
 * The life of a process: starts, says that it is ready, and stops at the first SIGTERM or SIGINT. When it cannot start,
 * or does not stop in good order within 20 s, it says why and ends at once with exit code 1: whatever it had in hand
 * comes back to another one, and a process that half lives would never be started again.
 */
export async function runProcess(
  start: (log: (line: string) => void) => Promise<StartedProcess>,
): Promise<void> {
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  try {
    const { ready, stop } = await start(log);
    process.stdout.write(`${ready}\n`);
    await untilStopped(process);
    await inTime(stop());
  } catch (error) {
    log(told(error));
    process.exit(1);
  }
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
