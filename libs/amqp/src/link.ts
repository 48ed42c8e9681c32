import { StoreUnavailableError, UnsafeSetupError } from '@aura/kernel';
import { type ChannelModel, connect } from 'amqplib';
import { ExponentialBackoff, type IBackoff } from 'cockatiel';
import { checkBroker, propertiesOf } from './broker-check';
import type { AmqpSettings } from './options';
import { reasonOf } from './refusals';
import { socketOf } from './socket';

/** A connection that stayed up for so long was a good one: the next loss begins with the shortest pause again. */
const STEADY_MS = 5_000;
/** What a turn may write before it waits for the socket; with Node's 16 KiB the rest would leave frame by frame. */
const SOCKET_BUFFER_BYTES = 256 * 1024;
/** Longest wait for the broker's goodbye. */
const GOODBYE_MS = 2_000;

/** What a link tells its owner. */
export interface LinkOwner {
  /** Makes everything ready on a fresh connection, before it counts as up. A failure drops the connection. */
  setUp(model: ChannelModel): Promise<void>;
  /** The connection is gone (or could not be made), with the reason. */
  down(reason: string): void;
  /** The connection is up, set up and usable. */
  up(model: ChannelModel): void;
  /** The broker asks publishers to wait, or (undefined) no longer does. */
  blocked(reason: string | undefined): void;
}

/**
 * One supervised connection.
 *
 * - connecting: entered at the start and after a pause; connects, checks the broker, lets the owner set up; left to
 *   up, or to pausing on any failure.
 * - up: entered when set up; left to pausing when the connection is lost or dropped.
 * - pausing: waits with growing, jittered pauses, the first one short after a steady connection; left to connecting.
 * - closed: entered by `close`, or when the first connection is refused for good; never left.
 */
export class Link {
  readonly #name: string;
  readonly #settings: AmqpSettings;
  readonly #owner: LinkOwner;
  readonly #waiting = new Set<(model: ChannelModel | undefined) => void>();
  #model: ChannelModel | undefined;
  #isUp = false;
  #isClosed = false;
  #wake: () => void = () => undefined;

  constructor(name: string, settings: AmqpSettings, owner: LinkOwner) {
    this.#name = name;
    this.#settings = settings;
    this.#owner = owner;
  }

  /** The connection while it is up. */
  get model(): ChannelModel | undefined {
    return this.#isUp ? this.#model : undefined;
  }

  /** Connects; resolves when up. Errors: `UnsafeSetupError` at once, `StoreUnavailableError` after the start limit. */
  async start(): Promise<void> {
    const startedAt = performance.now();
    const backoff = this.#backoff();
    for (let pause: IBackoff<unknown> = backoff.next(); ; pause = pause.next(undefined)) {
      try {
        await this.#connect();
        break;
      } catch (error) {
        this.#owner.down(reasonOf(error));
        const isLate = performance.now() - startedAt + pause.duration > this.#settings.startTimeoutMs;
        if (error instanceof UnsafeSetupError || this.#isClosed || isLate) throw this.#startError(error);
      }
      await this.#pause(pause.duration);
    }
    void this.#supervise();
  }

  #startError(cause: unknown): Error {
    if (cause instanceof UnsafeSetupError) return cause;
    const { host } = new URL(this.#settings.url);
    return new StoreUnavailableError(`no connection to RabbitMQ at ${host}: ${reasonOf(cause)}`, cause);
  }

  #backoff(): ExponentialBackoff<unknown> {
    const { initialMs, maxMs } = this.#settings.backoff;
    return new ExponentialBackoff({ initialDelay: initialMs, maxDelay: maxMs });
  }

  /** Connects again and again, from the loss of the first connection on. */
  async #supervise(): Promise<void> {
    const factory = this.#backoff();
    let pause: IBackoff<unknown> = factory.next();
    while (!this.#isClosed) {
      const since = performance.now();
      await this.#gone;
      if (performance.now() - since > STEADY_MS) pause = factory.next();
      while (!this.#isClosed && !this.#isUp) {
        await this.#pause(pause.duration);
        pause = pause.next(undefined);
        if (!this.#isClosed)
          await this.#connect().catch((error: unknown) => this.#owner.down(reasonOf(error)));
      }
    }
  }

  #gone: Promise<void> = Promise.resolve();

  async #connect(): Promise<void> {
    if (this.#isClosed) throw new StoreUnavailableError('the bus is closed');
    const model = await this.#open();
    this.#model = model;
    let lost: (reason: string) => void = () => undefined;
    const loss = new Promise<string>((resolve) => (lost = resolve));
    let lastError = '';
    model.on('error', (error) => (lastError = error.message));
    model.on('close', (error) => lost(error?.message ?? (lastError || 'closed')));
    model.on('blocked', (reason) => this.#owner.blocked(reason));
    model.on('unblocked', () => this.#owner.blocked(undefined));
    const lostInSetUp = loss.then((reason) => Promise.reject(new Error(reason)));
    lostInSetUp.catch(() => undefined);
    try {
      checkBroker(propertiesOf(model));
      await Promise.race([this.#owner.setUp(model), lostInSetUp]);
    } catch (error) {
      socketOf(model)?.destroy();
      throw error;
    }
    this.#gone = loss.then((reason) => this.#enterDown(reason));
    this.#enterUp(model);
  }

  async #open(): Promise<ChannelModel> {
    const url = new URL(this.#settings.url);
    url.searchParams.set('heartbeat', String(this.#settings.heartbeatSeconds));
    const socketOptions = {
      noDelay: true,
      keepAlive: true,
      highWaterMark: SOCKET_BUFFER_BYTES,
      timeout: this.#settings.connectTimeoutMs,
      clientProperties: { connection_name: `${this.#settings.instance} ${this.#name}` },
    };
    try {
      return await connect(url.href, socketOptions);
    } catch (error) {
      if (!/ACCESS.REFUSED|NOT_ALLOWED/.test(reasonOf(error))) throw error;
      throw new UnsafeSetupError(
        `RabbitMQ at ${url.host} refuses user ${url.username || 'guest'}: ${reasonOf(error)}`,
        'Check user, password, virtual host and permissions in the URL.',
        error,
      );
    }
  }

  #enterUp(model: ChannelModel): void {
    if (this.#isClosed) {
      socketOf(model)?.destroy();
      return;
    }
    this.#isUp = true;
    this.#owner.up(model);
    for (const resolve of this.#waiting) resolve(model);
    this.#waiting.clear();
  }

  #enterDown(reason: string): void {
    this.#isUp = false;
    const socket = this.#model && socketOf(this.#model);
    this.#model = undefined;
    // A peer that does not answer would keep a half-closed socket open for minutes.
    socket?.destroy();
    this.#owner.down(reason);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** The connection when it is up, at the latest after `limitMs`. Error: `StoreUnavailableError`. */
  async whenUp(limitMs: number): Promise<ChannelModel> {
    if (this.model) return this.model;
    if (this.#isClosed) throw new StoreUnavailableError('the bus is closed');
    const model = await new Promise<ChannelModel | undefined>((resolve) => {
      const settle = (value: ChannelModel | undefined) => {
        clearTimeout(timer);
        this.#waiting.delete(settle);
        resolve(value);
      };
      const timer = setTimeout(settle, limitMs, undefined);
      this.#waiting.add(settle);
    });
    if (!model) throw new StoreUnavailableError(`no connection to RabbitMQ within ${Math.round(limitMs)} ms`);
    return model;
  }

  /** Gives the connection up, as if it had been cut; supervision makes another. */
  drop(reason: string): void {
    const model = this.#model;
    if (!model) return;
    const socket = socketOf(model);
    if (socket) socket.destroy(new Error(reason));
    else model.close().catch(() => undefined);
  }

  /** Ends the connection for good; waits at most 2 s for the broker's goodbye. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake();
    for (const resolve of this.#waiting) resolve(undefined);
    const model = this.#model;
    if (!model) return;
    const goodbye = model.close().catch(() => undefined);
    const limit = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GOODBYE_MS);
      void goodbye.finally(() => clearTimeout(timer));
    });
    // A connection that breaks meanwhile never says goodbye.
    await Promise.race([goodbye, this.#gone, limit]);
    socketOf(model)?.destroy();
  }
}
