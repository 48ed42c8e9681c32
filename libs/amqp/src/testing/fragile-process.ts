import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { CRASHED_QUEUE } from '@aura/messaging';
import { until } from '@aura/messaging/testing';

/** A child process that runs `fragile-consumer.ts`. */
export class FragileProcess {
  readonly #child: ChildProcess;
  #hasEnded = false;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.once('exit', () => (this.#hasEnded = true));
  }

  /** Starts one on a queue. */
  static start(url: string, queue: string): FragileProcess {
    const args = ['--conditions=aura-source', '-r', join(__dirname, 'run-typescript.cjs')];
    const script = join(__dirname, 'fragile-consumer.ts');
    return new FragileProcess(
      spawn(process.execPath, [...args, script, url, queue, CRASHED_QUEUE], { stdio: 'inherit' }),
    );
  }

  /** Waits for its end; ends it when there is nothing left to wait for. */
  async endsUnless(isOver: () => boolean): Promise<void> {
    await until(() => this.#hasEnded || isOver(), 'the end of the process');
    if (!this.#hasEnded) this.#child.kill('SIGKILL');
    await until(() => this.#hasEnded, 'the end of the process');
  }
}
