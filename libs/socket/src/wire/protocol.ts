import type { JsonValue } from '@aura/contracts';
import type { BusHealth, DecodeError, Destination, TransportHeaders } from '@aura/messaging';
import type { WireError } from './wire-error';

/** Name and version of what is spoken on the socket; a guest that speaks another one is sent away. */
export const PROTOCOL = 'aura.socket.v2';

/** Largest frame, bytes: 256 MiB. Holds the largest payload of a claim check many times. */
export const MAX_FRAME_BYTES = 256 * 1024 * 1024;

/** How often each side asks whether the other lives, ms; one that was silent for three times as long is given up. */
export const HEARTBEAT_MS = 5000;

/** An outbound message; the event as structured JSON text. */
export interface WireMessage {
  readonly event: string;
  readonly to: readonly Destination[];
  readonly headers?: TransportHeaders;
}

/** A delivery; its envelope is the next `bytes` of the frame's tail. */
export interface WireDelivery {
  /** Number among the deliveries of its consumer. */
  readonly tag: number;
  readonly queue: string;
  readonly headers: TransportHeaders;
  readonly redelivered: boolean;
  readonly returns: number;
  readonly bytes: number;
  readonly contentType?: string;
  readonly raw: Readonly<Record<string, unknown>>;
  /** What the envelope alone does not tell: one event of a batch (as text), or why there is none. */
  readonly told?: { readonly event: string } | { readonly error: DecodeError };
}

/** What an answer carries: a JSON value, or the entries of a set or map. Absent: nothing. */
export interface WireValue {
  readonly value?: JsonValue;
  readonly set?: readonly JsonValue[];
  readonly map?: readonly (readonly [JsonValue, JsonValue])[];
}

/** What a guest says. */
export type FromGuest =
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly args: readonly unknown[] }
  | {
      readonly kind: 'settle';
      readonly consumer: number;
      readonly acked: readonly number[];
      readonly givenBack: readonly number[];
    };

/** What the host says. */
export type FromHost =
  | ({ readonly kind: 'answer'; readonly id: number } & WireValue)
  | { readonly kind: 'refusal'; readonly id: number; readonly error: WireError }
  | {
      readonly kind: 'deliver';
      readonly consumer: number;
      readonly deliveries: readonly WireDelivery[];
    }
  | { readonly kind: 'health'; readonly health: BusHealth };
