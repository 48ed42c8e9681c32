import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { eventually } from '../lab/eventually';

/** Time to say the first line on a busy machine, ms. */
const READY_WITHIN_MS = 240_000;
/** A process ends itself when it could not stop in good order, ms. */
const STOPPED_WITHIN_MS = 25_000;
/** Lines of stderr that are kept for the message of a failure. */
const KEPT_LINES = 200;

/** How a process is started. */
export interface Launch {
  readonly name: string;
  /** Default: this Node. */
  readonly program?: string;
  /** Script and arguments. */
  readonly args: readonly string[];
  /** On top of that of the test; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Working directory; default: that of the test. */
  readonly cwd?: string;
  /** How its ready line begins. */
  readonly ready: string;
}

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process of a test: it is told by its lines, stopped, continued and killed by its pid. */
export class Spawned {
  readonly name: string;
  readonly ended: Promise<Ending>;
  private readonly child: ChildProcess;
  private readonly lines: string[] = [];
  private readonly errors: string[] = [];
  private ending: Ending | undefined;

  constructor(private readonly launch: Launch) {
    this.name = launch.name;
    this.child = spawn(launch.program ?? process.execPath, launch.args, {
      env: { ...process.env, ...launch.env },
      ...(launch.cwd === undefined ? {} : { cwd: launch.cwd }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.listen(this.child.stdout, this.lines);
    this.listen(this.child.stderr, this.errors);
    this.ended = once(this.child, 'close').then(([code, signal]) => {
      this.ending = { code: code as number | null, signal: signal as NodeJS.Signals | null };
      return this.ending;
    });
  }

  /** Of its process; 0 when it could not be started. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Whether it has not ended yet. */
  get isLive(): boolean {
    return this.ending === undefined;
  }

  /** Resolves with its ready line; rejects with what it said on stderr when it ends before or takes too long. */
  async ready(): Promise<string> {
    const { name, ready } = this.launch;
    return eventually(
      `${name} says "${ready}"`,
      () => {
        const line = this.lines.find((said) => said.startsWith(ready));
        if (line === undefined && this.ending !== undefined)
          throw new Error(`${name} ended before it was ready: ${this.told()}`);
        return line;
      },
      READY_WITHIN_MS,
    ).catch((error: unknown) => {
      throw new Error(`${name} did not get ready: ${this.told()}`, { cause: error });
    });
  }

  /** Stands still until {@link resume}. */
  pause(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** SIGTERM; resolves with how it ended. Rejects with what it said when it does not end in time. */
  async stop(): Promise<Ending> {
    this.child.kill('SIGTERM');
    return eventually(`${this.name} ends`, () => this.ending, STOPPED_WITHIN_MS).catch((error: unknown) => {
      throw new Error(`${this.name} does not stop: ${this.told()}`, { cause: error });
    });
  }

  /** The last lines that it said on stdout. */
  said(): readonly string[] {
    return this.lines;
  }

  /** The last that it said on stderr. */
  told(): string {
    return this.errors.length === 0 ? '(nothing on stderr)' : this.errors.join('\n');
  }

  private listen(stream: ChildProcess['stdout'], into: string[]): void {
    if (stream === null) return;
    createInterface({ input: stream }).on('line', (line) => {
      into.push(line);
      if (into.length > KEPT_LINES) into.shift();
    });
  }
}
