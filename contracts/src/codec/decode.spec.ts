import { decode, decodeBatch } from './decode';
import { encodeBatch, encodeStructured } from './structured';
import { encodeBinary } from './binary';
import { bodyOf, leastEvent } from './testing/sample-event';

const body = bodyOf(leastEvent);
const batchType = 'application/cloudevents-batch+json';
const other = { ...leastEvent, id: 'e2', data: Uint8Array.of(1, 2) };

describe('which mode a message is in', () => {
  it.each([
    'application/cloudevents+json',
    'application/cloudevents+json; charset=utf-8',
    'APPLICATION/CloudEvents+JSON ;charset=UTF-8',
    'application/json',
    'text/plain',
    'application/cloudevents',
    '',
    undefined,
  ])('takes a body with specversion for structured mode under the content type %s', (contentType) => {
    expect(decode({ contentType, body })).toStrictEqual({ ok: true, value: leastEvent });
  });

  it('believes a content type of CloudEvents more than headers', () => {
    const headers = encodeBinary({ ...leastEvent, id: 'of the header' }).headers;
    expect(decode({ contentType: 'application/cloudevents+json', headers, body })).toMatchObject({
      value: { id: 'e1' },
    });
  });

  it('believes event headers more than a body that looks like an event', () => {
    const { headers } = encodeBinary({ ...leastEvent, id: 'h' });
    expect(decode({ headers, body })).toStrictEqual({
      ok: true,
      value: { ...leastEvent, id: 'h', data: leastEvent },
    });
  });

  it.each([
    [batchType, encodeBatch([leastEvent]).body],
    [`${batchType}; charset=utf-8`, bodyOf('[]')],
    ['application/json', bodyOf([leastEvent])],
    ['text/plain', bodyOf([1, leastEvent])],
  ])('refuses a batch under %s by its own code', (contentType, bytes) => {
    expect(decode({ contentType, body: bytes })).toMatchObject({
      ok: false,
      error: { code: 'BATCH_REFUSED' },
    });
  });

  it.each(['application/cloudevents+avro', 'application/cloudevents-batch+xml'])(
    'does not understand %s',
    (contentType) => {
      expect(decode({ contentType, body })).toEqual({
        ok: false,
        error: { code: 'UNDECODABLE', message: `events in the format ${contentType} are not understood` },
      });
    },
  );

  it.each(['', 'hello', '{"a":1}', '[]', '[1,null]', '"specversion"', '7'])(
    'finds no event in %j',
    (text) => {
      expect(decode({ contentType: 'text/plain', headers: { 'x-a': 1 }, body: bodyOf(text) })).toEqual({
        ok: false,
        error: {
          code: 'UNDECODABLE',
          message: 'neither headers nor body say specversion: the message is no CloudEvent',
        },
      });
    },
  );

  it('names what is wrong with a body that claims to be an event', () => {
    expect(decode({ contentType: 'text/plain', body: bodyOf({ specversion: '0.3' }) })).toMatchObject({
      error: { message: 'attribute "specversion" must be exactly "1.0"; it is "0.3"' },
    });
    expect(decode({ contentType: 'application/cloudevents+json', body: bodyOf('{') })).toMatchObject({
      ok: false,
    });
  });
});

describe('messages of a tracker queue', () => {
  it('are batches, in order', () => {
    expect(decodeBatch(encodeBatch([leastEvent, other]))).toStrictEqual({
      ok: true,
      value: [leastEvent, other],
    });
    expect(decodeBatch(encodeBatch([]))).toStrictEqual({ ok: true, value: [] });
  });

  it('are single events in any mode', () => {
    expect(decodeBatch(encodeStructured(other))).toStrictEqual({ ok: true, value: [other] });
    expect(decodeBatch(encodeBinary(leastEvent))).toStrictEqual({ ok: true, value: [leastEvent] });
  });

  it.each([
    [
      bodyOf([leastEvent, { ...leastEvent, id: '' }]),
      'event 1 of the batch: attribute "id" must not be empty',
    ],
    [bodyOf([1]), 'event 0 of the batch: the body is JSON, but no object'],
    [bodyOf('{}'), 'the batch is JSON, but no array'],
    [bodyOf('[{]'), 'the body is not JSON'],
  ])('are refused when something is wrong in them', (bytes, message) => {
    const result = decodeBatch({ contentType: batchType, body: bytes });
    expect(!result.ok && result.error.message).toContain(message);
  });

  it('are refused when they are no event at all', () => {
    expect(decodeBatch({ contentType: 'text/plain', body: bodyOf('x') })).toMatchObject({ ok: false });
  });

  it('are not made from an invalid event', () => {
    expect(() => encodeBatch([leastEvent, { ...leastEvent, type: '' }])).toThrow(/attribute "type"/);
  });
});
