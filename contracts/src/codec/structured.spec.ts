import type { CloudEvent } from '../cloud-event';
import { decode } from './decode';
import { InvalidEventError } from './invalid-event-error';
import { decodeStructuredText, decodeValue, encodeStructured, encodeStructuredText } from './structured';
import { bodyOf, leastEvent } from './testing/sample-event';

const contentType = 'application/cloudevents+json';
const decodeJson = (value: unknown) => decode({ contentType, body: bodyOf(value) });

describe('structured mode, sending', () => {
  it('is one JSON object in UTF-8', () => {
    const message = encodeStructured({ ...leastEvent, subject: 'é', data: { a: [1, null] } });
    expect(message.contentType).toBe('application/cloudevents+json; charset=utf-8');
    expect(new TextDecoder().decode(message.body)).toBe(
      '{"specversion":"1.0","id":"e1","source":"/aura/test","type":"com.example.thing","subject":"é","data":{"a":[1,null]}}',
    );
  });

  it('writes bytes as data_base64', () => {
    expect(JSON.parse(encodeStructuredText({ ...leastEvent, data: Uint8Array.of(0, 255, 16, 128) }))).toEqual(
      {
        ...leastEvent,
        data_base64: 'AP8QgA==',
      },
    );
  });

  it('leaves out what is undefined', () => {
    const event = { ...leastEvent, data: undefined, subject: undefined } as unknown as CloudEvent;
    expect(JSON.parse(encodeStructuredText(event))).toEqual(leastEvent);
  });

  it('refuses an event that a strict receiver would refuse, naming event and value', () => {
    const send = () => encodeStructured({ ...leastEvent, source: 'a b' });
    expect(send).toThrow(InvalidEventError);
    expect(send).toThrow(
      /event e1 of type com.example.thing cannot be sent: attribute "source" .* it is "a b"/,
    );
  });

  it('refuses data that JSON cannot hold', () => {
    const endless: unknown[] = [];
    endless.push(endless);
    const event = { ...leastEvent, data: endless } as unknown as CloudEvent;
    expect(() => encodeStructuredText(event)).toThrow(
      expect.objectContaining({
        code: 'INVALID_EVENT',
        help: expect.any(String) as string,
        cause: expect.any(TypeError) as Error,
      }),
    );
  });
});

describe('structured mode, receiving', () => {
  it.each([[null], [0], [false], [''], ['{"a":1}'], [[]], [{}], [-1.5e300]])(
    'keeps data %j as it is',
    (data) => {
      expect(decodeJson({ ...leastEvent, data })).toStrictEqual({ ok: true, value: { ...leastEvent, data } });
    },
  );

  it('tells data that is null from data that is absent', () => {
    const absent = decodeJson(leastEvent);
    expect(absent.ok && 'data' in absent.value).toBe(false);
  });

  it('takes null attributes for absent ones', () => {
    const value = { ...leastEvent, subject: null, myext: null, data: null, data_base64: null };
    expect(decodeJson({ ...value })).toStrictEqual({ ok: true, value: { ...leastEvent, data: null } });
  });

  it('gives bytes back bit for bit', () => {
    const all = Uint8Array.from({ length: 256 }, (_, index) => index);
    const { contentType: type, body } = encodeStructured({ ...leastEvent, data: all });
    const event = decode({ contentType: type, body });
    expect(event).toStrictEqual({ ok: true, value: { ...leastEvent, data: all } });
  });

  it.each(['A', 'AA', 'AAA', 'AA=A', 'A===', '====', 'AA-_', 'AA==AA==', ' AAA', 'AAA\n', 5, {}])(
    'refuses data_base64 %j',
    (base64) => {
      expect(decodeJson({ ...leastEvent, data_base64: base64 })).toEqual({
        ok: false,
        error: { code: 'UNDECODABLE', message: 'data_base64 is not base64 (RFC 4648, padded)' },
      });
    },
  );

  it.each([1, null])('refuses data %j beside data_base64', (data) => {
    expect(decodeJson({ ...leastEvent, data, data_base64: 'AA==' })).toMatchObject({
      ok: false,
      error: { message: 'data and data_base64 exclude each other; both are there' },
    });
  });

  it.each([
    ['"text"', 'the body is JSON, but no object'],
    ['null', 'the body is JSON, but no object'],
    ['[]', 'the body is JSON, but no object'],
    ['{', 'the body is not JSON'],
    ['', 'the body is not JSON'],
    ['{}', 'the required attribute "specversion" is missing'],
  ])('refuses the body %j', (body, message) => {
    const result = decodeJson(body);
    expect(!result.ok && result.error.message).toContain(message);
  });

  it('refuses bytes that are not UTF-8', () => {
    const body = Uint8Array.of(0x7b, 0xff, 0x7d);
    expect(decode({ contentType, body })).toMatchObject({
      ok: false,
      error: { message: 'the body is not UTF-8' },
    });
  });

  it('takes the last of two members of one name, as JSON.parse does', () => {
    const body = bodyOf('{"specversion":"1.0","id":"a","id":"b","source":"/s","type":"t"}');
    expect(decode({ contentType, body })).toMatchObject({ ok: true, value: { id: 'b' } });
  });

  it('keeps __proto__ inside data a plain member, and refuses it as an attribute', () => {
    const inside = decodeStructuredText(
      '{"specversion":"1.0","id":"a","source":"/s","type":"t","subject":null,"data":{"__proto__":{"bad":true}}}',
    );
    expect(inside.ok && Object.hasOwn(inside.value.data as object, '__proto__')).toBe(true);
    expect(({} as { bad?: boolean }).bad).toBeUndefined();
    const outside = decodeStructuredText(
      '{"specversion":"1.0","id":"a","source":"/s","type":"t","__proto__":"x"}',
    );
    expect(outside).toMatchObject({ ok: false });
  });

  it('takes a JSON value that somebody else has parsed', () => {
    expect(decodeValue({ ...leastEvent, data: 1 })).toEqual({ ok: true, value: { ...leastEvent, data: 1 } });
    expect(decodeStructuredText('nonsense')).toMatchObject({ ok: false, error: { code: 'UNDECODABLE' } });
  });
});
