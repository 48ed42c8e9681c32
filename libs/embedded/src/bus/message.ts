import {
  type CloudEvent,
  decode,
  decodeBatch,
  decodeStructuredText,
  encodeStructuredText,
  STRUCTURED_CONTENT_TYPE,
} from '@aura/contracts';
import type { Result } from '@aura/kernel';
import { type DecodeError, MAX_ENVELOPE_BYTES, type TransportHeaders } from '@aura/messaging';

/** An event, or why bytes are none. */
export type Decoded = Result<CloudEvent, DecodeError>;

/** Bytes of a foreign publisher, with what its transport said of them. */
export interface RawEnvelope {
  readonly bytes: Uint8Array;
  readonly contentType: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A queue, as far as a message needs to know it. */
export interface Target {
  /** Number in the file. */
  readonly id: number;
  /** Whether the queue has done with its copy. */
  hasSettled(seq: number): boolean;
}

/** What a message holds: an event that Aura published, or a foreign envelope. */
export type Content =
  { readonly kind: 'event'; readonly event: Decoded } | { readonly kind: 'raw'; readonly raw: RawEnvelope };

const NO_HEADERS: TransportHeaders = Object.freeze({});

/** One row of the table of events: what was published once and is read by each of its queues. */
export class Message {
  /** Position in the file; given when it is stored. */
  seq = 0;
  readonly #content: Content;
  #events: readonly Decoded[] | undefined;

  constructor(
    content: Content,
    /** The queues that get a copy. */
    readonly targets: readonly Target[],
    /** About how many bytes it takes. */
    readonly size: number,
    readonly headers: TransportHeaders = NO_HEADERS,
  ) {
    this.#content = content;
    if (content.kind === 'event') this.#events = [content.event];
  }

  get content(): Content {
    return this.#content;
  }

  /** The events: one, or those of a batch where batches are taken. Decoded once. */
  events(takesBatches: boolean): readonly Decoded[] {
    this.#events ??= this.#content.kind === 'raw' ? decodeRaw(this.#content.raw, takesBatches) : [];
    return this.#events;
  }

  /** The envelope, byte for byte. */
  envelope(): {
    readonly bytes: Uint8Array;
    readonly contentType?: string;
    readonly headers: Record<string, unknown>;
  } {
    if (this.#content.kind === 'event') {
      return {
        bytes: Buffer.from(bodyOf(this.#content.event)),
        contentType: STRUCTURED_CONTENT_TYPE,
        headers: { ...this.headers },
      };
    }
    const { bytes, contentType, headers } = this.#content.raw;
    return { bytes, headers: { ...headers }, ...(contentType === undefined ? {} : { contentType }) };
  }
}

/** An event that comes out of the file, where Aura had put it. */
export function storedEvent(body: string): Decoded {
  return decodeStructuredText(body);
}

function bodyOf(event: Decoded): string {
  return event.ok ? encodeStructuredText(event.value) : '';
}

function decodeRaw({ bytes, contentType, headers }: RawEnvelope, takesBatches: boolean): readonly Decoded[] {
  if (bytes.length > MAX_ENVELOPE_BYTES) {
    const message = `the envelope has ${bytes.length} bytes; at most ${MAX_ENVELOPE_BYTES} are parsed`;
    return [{ ok: false, error: { code: 'TOO_LARGE', message } }];
  }
  const message = { contentType, headers, body: bytes };
  if (!takesBatches) return [decode(message)];
  const batch = decodeBatch(message);
  return batch.ok ? batch.value.map((value): Decoded => ({ ok: true, value })) : [batch];
}
