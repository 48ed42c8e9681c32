import { isAuraError, StoreUnavailableError } from '@aura/kernel';
import type { Log } from '@aura/kernel';
import { ExponentialBackoff, type IBackoff } from 'cockatiel';
import { setTimeout as pause } from 'node:timers/promises';
import type { Dependency } from '../health/dependency';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 3000;
/** A server that has said nothing for so long is told to be waited for, ms. */
const SILENT_MS = 2000;

/** What is connected to. */
export interface Target<T> {
  /** Name in the readiness of the process, e.g. `mongodb`. */
  readonly name: string;
  /** For people, without secrets, e.g. `MongoDB at 127.0.0.1:27017`. */
  readonly where: string;
  /** Connects once, at an abort not even that. `StoreUnavailableError` means: not there yet. */
  connect(signal: AbortSignal): Promise<T>;
  /** Rejects with why an opened connection is of no use now. */
  ask(connection: T): Promise<void>;
  close(connection: T): Promise<void>;
}

/**
 * A connection to a server that may not be there yet.
 *
 * - waiting: entered by `open`; tries again and again with growing pauses, says what it waits for; left to open when the
 *   server is there, to refused for any error that waiting does not mend, or by the abort of the signal.
 * - open: the connection mends itself from now on; {@link check} asks it. Left by `close`.
 */
export class AwaitedConnection<T> implements Dependency {
  readonly name: string;
  private connection: T | undefined;
  private reason = 'not connected yet';

  constructor(
    private readonly target: Target<T>,
    private readonly log: Log,
  ) {
    this.name = target.name;
  }

  /** Waits for the server. Errors: what waiting does not mend, and the reason of the abort. */
  async open(signal: AbortSignal): Promise<T> {
    const { where } = this.target;
    const since = performance.now();
    const silent = setTimeout(() => this.tellSilence(), SILENT_MS);
    try {
      this.connection = await this.connected(signal);
    } finally {
      clearTimeout(silent);
    }
    const seconds = ((performance.now() - since) / 1000).toFixed(1);
    if (this.told !== '') this.log.info(`${where} is there after ${seconds} s`);
    return this.connection;
  }

  async check(): Promise<void> {
    if (this.connection === undefined)
      throw new StoreUnavailableError(`${this.target.where}: ${this.reason}`);
    await this.target.ask(this.connection);
  }

  /** Ends the connection, if there is one. */
  async close(): Promise<void> {
    if (this.connection !== undefined) await this.target.close(this.connection);
  }

  private async connected(signal: AbortSignal): Promise<T> {
    const backoff = new ExponentialBackoff({ initialDelay: FIRST_PAUSE_MS, maxDelay: LONGEST_PAUSE_MS });
    for (let next: IBackoff<unknown> = backoff.next(); ; next = next.next(undefined)) {
      try {
        return await this.attempt(signal);
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error;
        this.reason = reasonOf(error);
        this.tell(`waits for ${this.target.where}: ${this.reason}`);
      }
      await pause(next.duration, undefined, { signal });
    }
  }

  /** An abort does not wait for an attempt; what that one brings is closed. */
  private async attempt(signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const connecting = this.target.connect(signal);
    let stopListening = (): void => undefined;
    const aborted = new Promise<never>((_resolve, reject) => {
      const abort = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', abort, { once: true });
      stopListening = () => signal.removeEventListener('abort', abort);
    });
    try {
      return await Promise.race([connecting, aborted]);
    } catch (error) {
      if (signal.aborted) void connecting.then((late) => this.target.close(late)).catch(() => undefined);
      throw error;
    } finally {
      stopListening();
    }
  }

  private tellSilence(): void {
    if (this.told === '') this.tell(`waits for ${this.target.where}: no answer yet`);
  }

  private told = '';

  /** The same is not said again. */
  private tell(line: string): void {
    if (line === this.told) return;
    this.told = line;
    this.log.warn(line);
  }
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return isAuraError(error) && error.cause instanceof Error && !message.includes(error.cause.message)
    ? `${message} (${error.cause.message})`
    : message;
}
