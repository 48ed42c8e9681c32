/** Any value that JSON can carry. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [member: string]: JsonValue };

/** A JSON object. */
export type JsonObject = { readonly [member: string]: JsonValue };

/**
 * Aura's extension attributes. All are lower-case as CloudEvents demands; numbers stay below 2^31.
 */
export interface AuraExtensions {
  /** Id of the saga that the event belongs to (CloudEvents correlation extension). */
  readonly correlationid?: string;
  /** Id of the event that caused this one. */
  readonly causationid?: string;
  /** Step of the plan whose end, trigger or fact this event is. */
  readonly aurastep?: string;
  /** Run of the saga, from 1. */
  readonly aurarun?: number;
  /** Epoch of the step, from 1. */
  readonly auraepoch?: number;
  /** Deliveries that the step's end took, when more than one. */
  readonly auraattempt?: number;
  /** Digest of the plan, `sha256:` and 64 hex digits. */
  readonly auraplan?: string;
  /** Tracker partition, fixed when the saga was created. */
  readonly aurapartition?: number;
  /** Marks a deliberate re-delivery: `reemit` passes inbox and join memory, but not the barrier. */
  readonly aurareplay?: string;
  /** Identity of a replay of a range of events. */
  readonly replayid?: string;
  /** Order given at the fold: the saga's journal sequence, as text (CloudEvents sequence extension). */
  readonly sequence?: string;
  readonly traceparent?: string;
  readonly tracestate?: string;
  /** Claim check: where the payload is, when it does not travel inside. */
  readonly dataref?: string;
}

/**
 * A CloudEvent 1.0, flat as in its JSON format. Identity is (`source`, `id`).
 * `data` is any JSON value, or bytes (`data_base64` on the wire); absent is not the same as `null`.
 * Unknown extension attributes are kept as further members.
 */
export interface CloudEvent<D = JsonValue | Uint8Array> extends AuraExtensions {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time?: string;
  readonly subject?: string;
  readonly datacontenttype?: string;
  readonly dataschema?: string;
  readonly data?: D;
  readonly [extension: string]: unknown;
}
