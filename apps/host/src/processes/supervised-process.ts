import { NODE_FLAGS } from '@aura/nest';
import { UnsafeSetupError } from '@aura/kernel';
import { ExponentialBackoff, type IBackoff } from 'cockatiel';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ProcessState, ProcessStatus } from './process-state';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
/** One that lived for so long was a good one: after its end the pauses begin with the shortest again. */
const STEADY_MS = 30_000;
/** A process of Aura ends itself within 20 s of a SIGTERM. */
const END_WITHIN_MS = 25_000;
/** Exit code of one that refused its settings: another try will not do. */
const REFUSED = 2;

const readyMessage = z.object({ ready: z.string(), url: z.url() });

/** What is started, and again when it ends. */
export interface Launch {
  readonly name: string;
  readonly script: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes what it says, behind what is there. */
  readonly logFile: string;
}

/**
 * One process that is kept alive.
 *
 * - starting: entered by `start`, and behind a pause; left to up when the process says that it is ready, to waiting when
 *   it ends before.
 * - up: left to waiting when it ends.
 * - waiting: pauses, growing with every end that came soon; left to starting.
 * - stopped: entered by `stop`, when the process has ended; never left.
 */
export class SupervisedProcess {
  private status: ProcessStatus = 'starting';
  private child: ChildProcess | undefined;
  private url: string | undefined;
  private restarts = 0;
  private lastEnd: string | undefined;
  private isStopping = false;
  private timer: NodeJS.Timeout | undefined;
  private since = 0;
  private readonly backoff = new ExponentialBackoff<unknown>({
    initialDelay: FIRST_PAUSE_MS,
    maxDelay: LONGEST_PAUSE_MS,
  });
  private pause: IBackoff<unknown> = this.backoff.next();
  private settle: { resolve(): void; reject(error: Error): void } | undefined;
  private readonly firstUp: Promise<void>;

  constructor(
    private readonly launch: Launch,
    private readonly changed: () => void,
  ) {
    this.firstUp = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
    this.firstUp.catch(() => undefined);
  }

  get state(): ProcessState {
    const { name } = this.launch;
    const { status, url, restarts, lastEnd } = this;
    const pid = this.child?.pid;
    return {
      name,
      status,
      restarts,
      ...(pid === undefined ? {} : { pid }),
      ...(url === undefined ? {} : { url }),
      ...(lastEnd === undefined ? {} : { lastEnd }),
    };
  }

  /** Starts it; resolves when it is up for the first time. Errors: `UnsafeSetupError` when it refuses to start as it is told. */
  start(): Promise<void> {
    this.enterStarting();
    return this.firstUp;
  }

  /** SIGTERM, and SIGKILL to one that has not ended within 25 s; resolves when it is gone. */
  async stop(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    const { child } = this;
    if (child !== undefined) {
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGTERM');
      const limit = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS);
      await ended;
      clearTimeout(limit);
    }
    this.enter('stopped');
  }

  private enterStarting(): void {
    const { script, env, logFile } = this.launch;
    const log = openSync(logFile, 'a');
    // Where it listened before, its clients will look for it again.
    const port = this.url === undefined ? {} : { PORT: new URL(this.url).port };
    const child = spawn(process.execPath, [...NODE_FLAGS, script], {
      env: { ...env, ...port },
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    this.child = child;
    this.since = performance.now();
    child.on('message', (message) => this.enterUp(message));
    child.once('error', (error) => this.enterWaiting(`could not be started: ${error.message}`));
    child.once('close', (code, signal) => {
      if (code === REFUSED) this.settle?.reject(this.refusal());
      this.enterWaiting(signal === null ? `with exit code ${code}` : `by ${signal}`);
    });
    this.enter('starting');
  }

  private enterUp(message: unknown): void {
    const parsed = readyMessage.safeParse(message);
    if (!parsed.success) return;
    this.url = parsed.data.url;
    this.settle?.resolve();
    this.enter('up');
  }

  private enterWaiting(end: string): void {
    this.child = undefined;
    this.lastEnd = end;
    if (this.isStopping) return;
    if (performance.now() - this.since > STEADY_MS) this.pause = this.backoff.next();
    this.timer = setTimeout(() => {
      this.restarts += 1;
      this.enterStarting();
    }, this.pause.duration);
    this.pause = this.pause.next(undefined);
    this.enter('waiting');
  }

  private enter(status: ProcessStatus): void {
    this.status = status;
    this.changed();
  }

  private refusal(): Error {
    const said = readFileSync(this.launch.logFile, 'utf8').trimEnd().split('\n').slice(-2);
    const [message = `${this.launch.name} refused to start`, help = 'Look at its log.'] = said;
    return new UnsafeSetupError(message, help);
  }
}
