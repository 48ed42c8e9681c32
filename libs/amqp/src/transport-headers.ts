import { DELIVERY_LIMIT, type TransportHeaders } from '@aura/messaging';

type RawHeaders = Readonly<Record<string, unknown>>;

/** Our headers as the broker carries them; undefined when there are none. */
export function toAmqpHeaders(headers: TransportHeaders | undefined): Record<string, unknown> | undefined {
  if (!headers) return undefined;
  const { attempt, targets, heldSince, heldForMs } = headers;
  const raw = {
    ...(attempt === undefined ? {} : { 'aura-attempt': attempt }),
    ...(targets === undefined ? {} : { 'aura-targets': [...targets] }),
    ...(heldSince === undefined ? {} : { 'aura-held-since': heldSince }),
    ...(heldForMs === undefined ? {} : { 'aura-held-for': heldForMs }),
  };
  return Object.keys(raw).length === 0 ? undefined : raw;
}

const NONE: TransportHeaders = {};

/** Our headers out of what arrived; foreign values of other types are left out. */
export function fromAmqpHeaders(raw: RawHeaders | undefined): TransportHeaders {
  if (!raw) return NONE;
  const attempt = raw['aura-attempt'];
  const targets = raw['aura-targets'];
  const heldSince = raw['aura-held-since'];
  const heldForMs = raw['aura-held-for'];
  const crashed = raw['x-death'] === undefined ? undefined : crashedIn(raw['x-death']);
  return {
    ...(Number.isSafeInteger(attempt) ? { attempt: Number(attempt) } : {}),
    ...(Array.isArray(targets) ? { targets: targets.map(String) } : {}),
    ...(Number.isSafeInteger(heldSince) ? { heldSince: Number(heldSince) } : {}),
    ...(Number.isSafeInteger(heldForMs) ? { heldForMs: Number(heldForMs) } : {}),
    ...(crashed ? { crashed } : {}),
  };
}

/** The latest death at a delivery limit: the broker says where, and only the limit says how often. */
function crashedIn(deaths: unknown): TransportHeaders['crashed'] {
  if (!Array.isArray(deaths)) return undefined;
  const death: unknown = deaths.find((one: unknown) => isRecord(one) && one['reason'] === 'delivery_limit');
  const queue = isRecord(death) ? death['queue'] : undefined;
  return typeof queue === 'string' ? { queue, returns: DELIVERY_LIMIT + 1 } : undefined;
}

/** How often a message came back; classic queues only say that it did. */
export function returnsOf(raw: RawHeaders | undefined, redelivered: boolean): number {
  const count = raw?.['x-delivery-count'];
  if (Number.isSafeInteger(count)) return Number(count);
  return redelivered ? 1 : 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
