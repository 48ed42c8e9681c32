import { AuraError, StoreUnavailableError, UnsafeSetupError } from '@aura/kernel';
import { ExponentialBackoff, type IBackoff } from 'cockatiel';
import { setTimeout as delay } from 'node:timers/promises';
import type { Frame } from '../wire/frame';
import type { FromHost } from '../wire/protocol';
import { fromWire } from '../wire/wire-error';
import { type CallAnswer, type CallRequest, OpenCalls } from './calls';
import { connect, type Connection } from './connection';
import type { JoinOptions, JoinSettings } from './options';

/** Who lives on a link. */
export interface LinkListener {
  /** A new connection stands: say on it what it must know before anything else. */
  established(call: (request: CallRequest) => Promise<CallAnswer>): Promise<void>;
  received(message: FromHost & { kind: 'deliver' | 'health' }, tail: Uint8Array): void;
  /** It is up, or down with a reason. */
  changed(status: 'up' | 'down', reason?: string): void;
}

/**
 * The way to the Aura that was joined.
 *
 * - `connecting`: entered at the start and when the connection is lost; asks where the Aura is and tries, again and again;
 *   calls wait. Left with a connection.
 * - `establishing`: the listener says what a new connection must know. Left for `up`, or for `connecting` when it fails.
 * - `up`: entered with all waiting calls sent, those too that an earlier connection left without an answer.
 * - `closed`: no calls are taken.
 */
export class Link {
  #mode: 'connecting' | 'establishing' | 'up' | 'closed' = 'connecting';
  #connection: Connection | undefined;
  #listener: LinkListener | undefined;
  readonly #calls: OpenCalls;
  readonly #early: OpenCalls;
  readonly #stopping = new AbortController();

  constructor(
    private readonly options: JoinOptions,
    private readonly settings: JoinSettings,
  ) {
    this.#calls = new OpenCalls(settings.callTimeoutMs);
    this.#early = new OpenCalls(settings.callTimeoutMs);
  }

  /** Connects for the first time. Errors: that of the last attempt within the start's time; at once when it is refused. */
  async start(listener: LinkListener): Promise<void> {
    this.#listener = listener;
    const deadline = performance.now() + this.settings.startTimeoutMs;
    await this.#trying((error) => error instanceof UnsafeSetupError || performance.now() > deadline);
  }

  /** Asks the host; the call is sent again when its connection is lost before the answer. */
  call(request: CallRequest): Promise<CallAnswer> {
    if (this.#mode === 'closed') return Promise.reject(new StoreUnavailableError('the bus is closed'));
    return this.#calls.open(request, (frame) => {
      if (this.#mode === 'up') this.#connection?.send(frame);
    });
  }

  /** Says something that needs no answer, and means nothing on another connection. */
  say(frame: Buffer): void {
    this.#connection?.send(frame);
  }

  /** Takes leave and closes. */
  async close(): Promise<void> {
    const isUp = this.#mode === 'up';
    if (isUp) await this.call({ method: 'bye', args: [], timeoutMs: 2000 }).catch(() => undefined);
    this.#end();
    this.#connection?.close();
  }

  /** Ends as the death of the process would. */
  lose(): void {
    this.#end();
    this.#connection?.terminate();
  }

  #end(): void {
    this.#mode = 'closed';
    this.#stopping.abort();
    this.#calls.failAll(new StoreUnavailableError('the bus is closed'));
    this.#early.failAll(new StoreUnavailableError('the bus is closed'));
  }

  /** Tries until there is a connection, or an error for which trying is hopeless. */
  async #trying(isHopeless: (error: unknown) => boolean): Promise<void> {
    const { initialMs, maxMs } = this.settings.backoff;
    const backoff = new ExponentialBackoff({ initialDelay: initialMs, maxDelay: maxMs });
    const { signal } = this.#stopping;
    for (let pause: IBackoff<unknown> = backoff.next(); !signal.aborted; pause = pause.next(undefined)) {
      try {
        return await this.#connect();
      } catch (error) {
        if (isHopeless(error)) throw error;
      }
      await delay(pause.duration, undefined, { signal }).catch(() => undefined);
    }
  }

  async #connect(): Promise<void> {
    const address = await this.options.locate();
    if (address === undefined) throw notRunning();
    const listener = {
      received: (frame: Frame<FromHost>): void => this.#receive(frame),
      lost: (reason: string): void => this.#lost(connection, reason),
    };
    const connection = await connect(address, listener, this.settings.heartbeatMs);
    if (this.#stopping.signal.aborted) return connection.terminate();
    this.#connection = connection;
    this.#mode = 'establishing';
    try {
      await this.#listener?.established((request) =>
        this.#early.open(request, (frame) => connection.send(frame)),
      );
    } catch (error) {
      connection.terminate();
      throw error;
    }
    this.#enterUp(connection);
  }

  #enterUp(connection: Connection): void {
    if (this.#connection !== connection) throw new StoreUnavailableError('the connection was lost at once');
    this.#mode = 'up';
    for (const frame of this.#calls.frames()) connection.send(frame);
    this.#listener?.changed('up');
  }

  #receive({ message, tail }: Frame<FromHost>): void {
    const calls = this.#mode === 'establishing' ? this.#early : this.#calls;
    if (message.kind === 'answer') calls.answered(message.id, { value: message, tail });
    else if (message.kind === 'refusal') calls.refused(message.id, fromWire(message.error));
    else this.#listener?.received(message, tail);
  }

  #lost(connection: Connection, reason: string): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    const wasUp = this.#mode === 'up';
    if (this.#mode === 'closed') return;
    this.#mode = 'connecting';
    this.#early.failAll(new StoreUnavailableError(`the connection was lost: ${reason}`));
    this.#listener?.changed('down', reason);
    if (wasUp) void this.#trying(() => false);
  }
}

function notRunning(): AuraError {
  return new AuraError('no Aura runs where one is to be joined', {
    code: 'AURA_NOT_RUNNING',
    help: 'Start one (aura up), or say where one runs.',
  });
}
