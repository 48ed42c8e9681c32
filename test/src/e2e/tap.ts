import { connect } from 'amqplib';
import { eventually } from '../lab/eventually';
import { once } from './once';

/** An event as a subscriber sees it. */
export interface Seen {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly correlationid?: string;
  readonly causationid?: string;
  readonly aurastep?: string;
  readonly data?: unknown;
}

/** Events in the order in which a plain subscriber got them. Knows nothing of Aura but an exchange's name. */
export class Tap {
  readonly seen: Seen[] = [];
  private readonly listeners = new Set<(event: Seen) => void>();

  private constructor(readonly close: () => Promise<void>) {}

  /** Listens to all of an exchange from now on. */
  static async on(url: string, exchange: string, pattern = '#'): Promise<Tap> {
    const connection = await connect(url, { noDelay: true });
    const channel = await connection.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, exchange, pattern);
    const tap = new Tap(once(() => connection.close()));
    await channel.consume(queue, (message) => message !== null && tap.take(message.content), { noAck: true });
    return tap;
  }

  /** Calls back at once for every event to come; answers how to stop. */
  onEvent(listener: (event: Seen) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The first event that is as wanted, seen before or to come. */
  async find(what: string, isSo: (event: Seen) => boolean): Promise<Seen> {
    return eventually(what, () => this.seen.find(isSo));
  }

  private take(content: Buffer): void {
    const parsed = jsonOf(content);
    if (parsed === undefined) return;
    // Copies for the tracker come in batches; only a trace of the whole broker sees them.
    for (const event of (Array.isArray(parsed) ? parsed : [parsed]) as readonly Seen[]) {
      this.seen.push(event);
      this.listeners.forEach((listener) => listener(event));
    }
  }
}

/** Undefined for what strangers send that is no JSON. */
function jsonOf(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    return undefined;
  }
}
