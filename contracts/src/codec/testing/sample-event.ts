import type { CloudEvent } from '../../cloud-event';

/** The least that is an event. */
export const leastEvent: CloudEvent = {
  specversion: '1.0',
  id: 'e1',
  source: '/aura/test',
  type: 'com.example.thing',
};

const encoder = new TextEncoder();

/** UTF-8 of text, or of a value's JSON. */
export function bodyOf(value: unknown): Uint8Array {
  return encoder.encode(typeof value === 'string' ? value : JSON.stringify(value));
}
