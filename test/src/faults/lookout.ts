import { connect } from 'amqplib';
import type { ChannelModel } from 'amqplib';
import { setTimeout as delay } from 'node:timers/promises';

/** What is seen of an event. */
export interface Sighting {
  readonly type: string;
  readonly saga: string;
}

const CONNECT_AGAIN_MS = 300;

/**
 * Watches the public face of an Aura from outside, whatever becomes of the broker: a connection that is lost is made
 * again, and what came meanwhile was not seen.
 */
export class Lookout {
  private readonly listeners = new Set<(sighting: Sighting) => void>();
  private connection: ChannelModel | undefined;
  private isClosed = false;
  private readonly watching: Promise<void>;

  constructor(private readonly url: string) {
    this.watching = this.watch();
  }

  /** Calls back for every event from now on; answers how to stop. */
  onEvent(listener: (sighting: Sighting) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Resolves with the next event of a type, or with undefined when none is seen in time. */
  async next(type: string, withinMs: number): Promise<Sighting | undefined> {
    const waiting = new AbortController();
    let seen: Sighting | undefined;
    const off = this.onEvent((sighting) => {
      if (sighting.type !== type) return;
      seen ??= sighting;
      waiting.abort();
    });
    await delay(withinMs, undefined, { signal: waiting.signal }).catch(() => undefined);
    off();
    return seen;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.connection?.close().catch(() => undefined);
    await this.watching;
  }

  private async watch(): Promise<void> {
    while (!this.isClosed) {
      // Whatever the reason: as long as nobody closes it, it is looked for again.
      await this.watchOnce().catch(() => undefined);
      if (!this.isClosed) await delay(CONNECT_AGAIN_MS);
    }
  }

  /** Until the connection is lost. */
  private async watchOnce(): Promise<void> {
    const connection = await connect(this.url, { noDelay: true, timeout: 5000 });
    this.connection = connection;
    const lost = new Promise<void>((resolve) => connection.once('close', () => resolve()));
    // `close` follows, and says all that is to be known.
    connection.on('error', () => undefined);
    const channel = await connection.createChannel();
    channel.on('error', () => undefined);
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'aura.events', '#');
    await channel.consume(queue, (message) => message !== null && this.take(message.content), {
      noAck: true,
    });
    await lost;
  }

  private take(content: Buffer): void {
    const { type, correlationid } = JSON.parse(content.toString('utf8')) as {
      readonly type: string;
      readonly correlationid?: string;
    };
    const sighting = { type, saga: correlationid ?? '' };
    this.listeners.forEach((listener) => listener(sighting));
  }
}
