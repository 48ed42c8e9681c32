import { NODE_FLAGS } from '@aura/nest';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Clock ticks a second in /proc, fixed on Linux. */
const TICKS_PER_SECOND = 100;

/** CPU time that a process has used, milliseconds (Linux: /proc); 0 when it is gone. */
export function cpuMs(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

/** Memory of a process, MiB. */
export function rssMb(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) / 1024;
}

/** What a process of the bench runs. */
export interface WorkerLaunch {
  /** File beside this one. */
  readonly script: string;
  /** For the message when it ends early. */
  readonly name: string;
  /** Its first argument, as JSON. */
  readonly task: unknown;
}

/** A process of the bench. */
export class Worker {
  private readonly child: ChildProcess;
  private readonly lines: string[] = [];
  private readonly waiting: {
    readonly begins: string;
    readonly resolve: (line: string) => void;
    readonly reject: (error: Error) => void;
  }[] = [];
  private readonly gone: Promise<void>;

  constructor({ script, name, task }: WorkerLaunch) {
    this.child = spawn(process.execPath, [...NODE_FLAGS, join(__dirname, script), JSON.stringify(task)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { stdout } = this.child;
    if (stdout !== null) createInterface({ input: stdout }).on('line', (line) => this.onLine(line));
    this.gone = new Promise((resolve) => this.child.once('exit', () => resolve()));
    void this.gone.then(() =>
      this.waiting
        .splice(0)
        .forEach(({ reject }) => reject(new Error(`the bench process of ${name} ended early`))),
    );
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Resolves with the next line that begins so; rejects when the process ends before. */
  line(begins: string): Promise<string> {
    const known = this.lines.findIndex((line) => line.startsWith(begins));
    if (known >= 0) return Promise.resolve(this.lines.splice(known, 1)[0] ?? '');
    return new Promise((resolve, reject) => this.waiting.push({ begins, resolve, reject }));
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await this.gone;
  }

  private onLine(line: string): void {
    const index = this.waiting.findIndex(({ begins }) => line.startsWith(begins));
    const [waiting] = index < 0 ? [] : this.waiting.splice(index, 1);
    if (waiting === undefined) this.lines.push(line);
    else waiting.resolve(line);
  }
}
