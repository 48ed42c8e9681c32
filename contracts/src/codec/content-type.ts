/** Content type of one event in structured mode. */
export const STRUCTURED_CONTENT_TYPE = 'application/cloudevents+json; charset=utf-8';

/** Content type of a batch of events; internal to the tracker's queues. */
export const BATCH_CONTENT_TYPE = 'application/cloudevents-batch+json; charset=utf-8';

/** A content type without its parameters, lower case; empty when there is none. */
export function essenceOf(contentType: string | undefined): string {
  return (contentType ?? '').replace(/;.*$/s, '').trim().toLowerCase();
}

/** Whether data of this type is JSON: no type at all, `…/json`, or `…+json`. */
export function isJsonType(contentType: string | undefined): boolean {
  if (contentType === undefined || contentType === 'application/json') return true;
  const essence = essenceOf(contentType);
  return essence.endsWith('/json') || essence.endsWith('+json');
}
