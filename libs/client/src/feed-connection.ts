import { sagaFeedEntry, type SagaFeedEntry } from '@aura/contracts';
import { timeout, TimeoutStrategy, type TimeoutPolicy } from 'cockatiel';
import { createParser, type EventSourceParser } from 'eventsource-parser';
import { UnexpectedAnswerError } from './errors';

/** What a feed brings: an entry, or a sign that the other side lives. */
export type FeedItem = SagaFeedEntry | 'heartbeat';

/** One connection to a saga's feed. Reads no further than it is asked to. */
export class FeedConnection {
  private readonly arrived: FeedItem[] = [];
  private readonly decoder = new TextDecoder();
  private readonly parser: EventSourceParser;
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  private readonly limit: TimeoutPolicy;

  /** `quietMs`: a connection without a byte for so long is taken for dead. */
  constructor(
    body: ReadableStream<Uint8Array>,
    private readonly url: string,
    quietMs: number,
  ) {
    this.reader = body.getReader();
    this.limit = timeout(quietMs, TimeoutStrategy.Aggressive);
    this.parser = createParser({
      onEvent: ({ data }) => this.arrived.push(this.entryOf(data)),
      onComment: () => this.arrived.push('heartbeat'),
    });
  }

  /** The next item; undefined when the connection has ended. Rejects when it broke or fell silent. */
  async next(): Promise<FeedItem | undefined> {
    for (;;) {
      const item = this.arrived.shift();
      if (item !== undefined) return item;
      const chunk = await this.limit.execute(() => this.reader.read());
      if (chunk.done) return undefined;
      this.parser.feed(this.decoder.decode(chunk.value, { stream: true }));
    }
  }

  /** Lets the connection go. */
  async close(): Promise<void> {
    // A connection that broke rejects here with what `next` has told already.
    await this.reader.cancel().catch(() => undefined);
  }

  private entryOf(data: string): SagaFeedEntry {
    try {
      return sagaFeedEntry.parse(JSON.parse(data));
    } catch (error) {
      throw new UnexpectedAnswerError(this.url, 'an entry of the feed cannot be read', error);
    }
  }
}
