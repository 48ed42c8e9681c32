import { decode, decodeBatch, encodeStructuredText, STRUCTURED_CONTENT_TYPE } from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import type { Result } from '@aura/kernel';
import { MAX_ENVELOPE_BYTES, RETURNS_BEFORE_ALONE } from '@aura/messaging';
import type { DecodeError, Delivery, TransportHeaders } from '@aura/messaging';

/** An event, or why bytes are none. */
export type Parsed = Result<CloudEvent, DecodeError>;

/** Bytes of a foreign publisher, with what its transport said of them. */
export interface RawEnvelope {
  readonly bytes: Uint8Array;
  readonly contentType: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** What a message holds: an event of Aura, or a foreign envelope. */
export type Content = { readonly event: CloudEvent } | { readonly raw: RawEnvelope };

/** One message in one queue. */
export class Message {
  /** How often it came back because its consumer was lost. */
  returns = 0;
  isRedelivered = false;

  constructor(
    readonly content: Content,
    readonly headers: TransportHeaders,
  ) {}

  /** It came back so often that it may be what kills its consumers. */
  get isSuspect(): boolean {
    return this.returns > RETURNS_BEFORE_ALONE;
  }

  /** How it is called in traces. */
  get name(): string {
    return 'event' in this.content ? this.content.event.id : `${this.content.raw.bytes.length} bytes`;
  }

  /** The event, of a message of Aura. */
  get event(): CloudEvent | undefined {
    return 'event' in this.content ? this.content.event : undefined;
  }

  /** The events: one, or those of a batch where batches are taken. */
  events(takesBatches: boolean): readonly Parsed[] {
    if ('event' in this.content) return [{ ok: true, value: this.content.event }];
    const { bytes, contentType, headers } = this.content.raw;
    if (bytes.length > MAX_ENVELOPE_BYTES) {
      const message = `the envelope has ${bytes.length} bytes; at most ${MAX_ENVELOPE_BYTES} are parsed`;
      return [{ ok: false, error: { code: 'TOO_LARGE', message } }];
    }
    const envelope = { contentType, headers, body: bytes };
    if (!takesBatches) return [decode(envelope)];
    const batch = decodeBatch(envelope);
    return batch.ok ? batch.value.map((value): Parsed => ({ ok: true, value })) : [batch];
  }

  envelope(): ReturnType<Delivery['envelope']> {
    if ('event' in this.content) {
      const bytes = new TextEncoder().encode(encodeStructuredText(this.content.event));
      return { bytes, contentType: STRUCTURED_CONTENT_TYPE, headers: { ...this.headers } };
    }
    const { bytes, contentType, headers } = this.content.raw;
    return { bytes, headers, ...(contentType === undefined ? {} : { contentType }) };
  }
}
