import type { CloudEvent, JsonValue } from '@aura/contracts';

/** What conditions, correlations and mappings see of an event; bytes they do not. */
export function eventView(event: CloudEvent): JsonValue {
  const { id, source, type, subject, time, data } = event;
  return {
    id,
    source,
    type,
    ...(subject === undefined ? {} : { subject }),
    ...(time === undefined ? {} : { time }),
    ...(data === undefined || data instanceof Uint8Array ? {} : { data }),
  };
}
