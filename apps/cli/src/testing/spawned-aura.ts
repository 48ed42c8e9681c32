import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const LAUNCHER = resolve(__dirname, '../../bin/aura.cjs');

/** A call of the launcher in a process of its own. */
export interface SpawnedAura {
  readonly process: ChildProcess;
  /** What was said so far. */
  out(): string;
  err(): string;
  /** Resolves when stdout holds the text; rejects with everything said when the process ends before. */
  says(text: string): Promise<void>;
  /** How it ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
}

/** Calls the launcher as a person does, in a folder; without colours, and without an `AURA_URL` of this machine. */
export function spawnAura(cwd: string, ...args: readonly string[]): SpawnedAura {
  const env = { ...process.env, AURA_URL: '', FORCE_COLOR: '' };
  const child = spawn(process.execPath, [LAUNCHER, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  const listeners = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    out += String(chunk);
    listeners.forEach((listener) => listener());
  });
  child.stderr.on('data', (chunk: Buffer) => (err += String(chunk)));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  const says = (text: string): Promise<void> =>
    new Promise((resolvePromise, reject) => {
      const look = (): void => {
        if (!out.includes(text)) return;
        listeners.delete(look);
        resolvePromise();
      };
      listeners.add(look);
      look();
      void ended.then((end) => reject(new Error(`it ended before it said ${text}: ${JSON.stringify(end)}`)));
    });
  return { process: child, out: () => out, err: () => err, says, ended };
}

/** Calls the launcher and waits for its end. */
export function callAura(cwd: string, ...args: readonly string[]): SpawnedAura['ended'] {
  return spawnAura(cwd, ...args).ended;
}
