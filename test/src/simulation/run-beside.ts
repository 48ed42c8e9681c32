import { spawn } from 'node:child_process';
import { text as textOf } from 'node:stream/consumers';

/** Long enough for a busy machine, ms; a guard against hanging. */
export const PATIENCE_MS = 1_200_000;

/** What became of a process. */
interface Ended {
  readonly status: number | null;
  readonly text: string;
}

/** Runs node beside others with a script and its arguments: whatever is said by a failure is what reruns it. */
export async function runBeside(...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['--max-semi-space-size=32', ...args]);
  const status = new Promise<number | null>((end) => child.on('close', end));
  const [out, errors] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  return { status: await status, text: out + errors };
}
