import { CloudEvent as SdkEvent, HTTP } from 'cloudevents';
import type { CloudEventV1 } from 'cloudevents';
import fc from 'fast-check';
import type { CloudEvent } from '../cloud-event';
import { encodeBinary } from './binary';
import { decode } from './decode';
import { encodeStructured } from './structured';
import { binaryEvent } from './testing/arbitrary-event';
import { bodyOf, leastEvent } from './testing/sample-event';

type Attributes = Readonly<Record<string, unknown>>;

const structuredType = 'application/cloudevents+json; charset=utf-8';

/** What the SDK made of a message, as plain members, without what it invents. */
function membersOf(event: unknown): Attributes {
  return Object.fromEntries(Object.entries(event as object).filter(([, value]) => value !== undefined));
}

/** A message of ours as HTTP carries it. */
function asHttp(event: CloudEvent) {
  const { contentType, headers, body } = encodeBinary(event);
  const renamed = Object.entries(headers).map(([name, value]) => [
    name.replace('cloudEvents:', 'ce-'),
    value,
  ]);
  return {
    headers: {
      ...Object.fromEntries(renamed),
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
    },
    body: new TextDecoder().decode(body),
  };
}

/** A message of the SDK as our decoder takes it. */
function fromHttp(message: { headers: object; body: unknown }): ReturnType<typeof decode> {
  const headers = message.headers as Readonly<Record<string, string>>;
  const body = message.body instanceof Uint8Array ? message.body : bodyOf(message.body ?? '');
  return decode({ contentType: headers['content-type'], headers, body });
}

/** Valid events without what the SDK changes (see below): times in other spellings, what is falsy, `constructor`. */
const agreed = binaryEvent
  .filter(({ data }) => typeof data === 'object' && data !== null && !(data instanceof Uint8Array))
  .map(({ time: _time, ...event }): CloudEvent => ({
    ...event,
    datacontenttype: 'application/json',
    time: '2025-01-31T12:00:00.000Z',
  }))
  .map(
    (event) =>
      Object.fromEntries(
        Object.entries(event).filter(([name, value]) => value !== '' && name !== 'constructor'),
      ) as CloudEvent,
  );

describe('the cloudevents SDK and this codec agree on valid events', () => {
  it('structured, ours read by the SDK', () => {
    fc.assert(
      fc.property(agreed, (event) => {
        const body = new TextDecoder().decode(encodeStructured(event).body);
        expect(membersOf(HTTP.toEvent({ headers: { 'content-type': structuredType }, body }))).toEqual(event);
      }),
    );
  });

  it('structured, the SDK read by ours', () => {
    fc.assert(
      fc.property(agreed, (event) => {
        const message = HTTP.structured(new SdkEvent(event as CloudEventV1<unknown>, false));
        expect(fromHttp(message)).toEqual({ ok: true, value: event });
      }),
    );
  });

  it('binary, ours read by the SDK', () => {
    fc.assert(
      fc.property(agreed, (event) => {
        expect(membersOf(HTTP.toEvent(asHttp(event)))).toEqual(event);
      }),
    );
  });

  it('binary, the SDK read by ours', () => {
    fc.assert(
      fc.property(agreed, (event) => {
        const message = HTTP.binary(new SdkEvent(event as CloudEventV1<unknown>, false));
        expect(fromHttp(message)).toEqual({ ok: true, value: event });
      }),
    );
  });

  it('bytes, sent by the SDK', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (data) => {
        const event = new SdkEvent({
          ...leastEvent,
          datacontenttype: 'image/png',
          data,
        });
        for (const message of [HTTP.structured(event), HTTP.binary(event)]) {
          expect(fromHttp(message)).toMatchObject({ ok: true, value: { data } });
        }
      }),
    );
  });
});

/** The least event in structured mode, changed. */
const changed = (change: Attributes): string => JSON.stringify({ ...leastEvent, ...change });

describe('what the SDK lets through, this codec refuses', () => {
  it.each<[string, string]>([
    ['no id (it invents one)', changed({ id: undefined })],
    ['an empty id (it invents one)', changed({ id: '' })],
    ['an id that is a number', changed({ id: 7 })],
    ['no source', changed({ source: undefined })],
    ['a source that is no URI reference', changed({ source: 'a b' })],
    ['no type', changed({ type: undefined })],
    ['a type that is an object', changed({ type: {} })],
    ['no specversion (it assumes 1.0)', changed({ specversion: undefined })],
    ['an unknown specversion', changed({ specversion: '2.0' })],
    ['a specversion that is a number', changed({ specversion: 1 })],
    ['a time that is none (it takes the present)', changed({ time: 'yesterday' })],
    ['a time of another form', changed({ time: 'Fri, 31 Jan 2025 12:00:00 GMT' })],
    ['a day that does not exist', changed({ time: '2025-02-30T12:00:00Z' })],
    ['an empty subject', changed({ subject: '' })],
    ['a control character in an attribute', changed({ subject: 'a\nb' })],
    ['a lone surrogate in an attribute', changed({ subject: '\ud800' })],
    ['a relative dataschema', changed({ dataschema: 'schema.json' })],
    ['a datacontenttype that is no media type', changed({ datacontenttype: 'json' })],
    ['an extension name in upper case', changed({ myExtension: 'x' })],
    ['an extension name with other characters', changed({ my_extension: 'x' })],
    ['an extension that is an object', changed({ myextension: {} })],
    ['an extension that is a list', changed({ myextension: [1] })],
    ['an extension that is a fraction', changed({ myextension: 1.5 })],
    ['an extension beyond 32 bits', changed({ myextension: 2 ** 31 })],
    ['data and data_base64 together', changed({ data: 1, data_base64: 'AA==' })],
    ['data_base64 that is no base64', changed({ data_base64: '!' })],
  ])('%s', (_what, body) => {
    expect(() => HTTP.toEvent({ headers: { 'content-type': structuredType }, body })).not.toThrow();
    expect(decode({ contentType: structuredType, body: bodyOf(body) })).toMatchObject({
      ok: false,
      error: { code: 'UNDECODABLE' },
    });
  });

  it('a header of an attribute that is no attribute name', () => {
    const headers = { ...asHttp(leastEvent).headers, 'ce-my_extension': 'x' };
    expect(() => HTTP.toEvent({ headers, body: '' })).not.toThrow();
    expect(fromHttp({ headers, body: '' })).toMatchObject({ ok: false });
  });
});

describe('what the SDK changes, this codec keeps', () => {
  const both = (body: string) => ({
    sdk: membersOf(HTTP.toEvent({ headers: { 'content-type': structuredType }, body })),
    ours: decode({ contentType: structuredType, body: bodyOf(body) }),
  });

  it.each([[null], [0], [false], ['']])('data %j', (data) => {
    const { sdk, ours } = both(changed({ data }));
    expect(sdk).not.toHaveProperty('data');
    expect(ours).toEqual({ ok: true, value: { ...leastEvent, data } });
  });

  it('bytes: four become sixteen', () => {
    const { sdk, ours } = both(changed({ data_base64: 'AQIDBA==' }));
    expect((sdk.data as Uint32Array).byteLength).toBe(16);
    expect(ours).toEqual({ ok: true, value: { ...leastEvent, data: Uint8Array.of(1, 2, 3, 4) } });
  });

  it('a time that is not there', () => {
    const { sdk, ours } = both(changed({}));
    expect(sdk).toHaveProperty('time');
    expect(ours).toEqual({ ok: true, value: leastEvent });
  });

  it('the spelling of a time', () => {
    const time = '2025-01-31T12:00:00.123456+01:00';
    const { sdk, ours } = both(changed({ time }));
    expect(sdk.time).toBe('2025-01-31T11:00:00.123Z');
    expect(ours).toMatchObject({ value: { time } });
  });

  it('an attribute that is null', () => {
    const { sdk, ours } = both(changed({ myextension: null }));
    expect(sdk).toHaveProperty('myextension', null);
    expect(ours).toEqual({ ok: true, value: leastEvent });
  });

  it('JSON numbers in binary mode', () => {
    const message = asHttp({ ...leastEvent, datacontenttype: 'application/json', data: 5 });
    expect(HTTP.toEvent(message)).toMatchObject({ data: '5' });
    expect(fromHttp(message)).toMatchObject({ value: { data: 5 } });
  });

  it('an extension that is named like a member of every object', () => {
    const event = { ...leastEvent, constructor: 'x' } as CloudEvent;
    expect(() => HTTP.binary(new SdkEvent(event as CloudEventV1<unknown>))).toThrow(TypeError);
    expect(fromHttp(asHttp(event))).toEqual({ ok: true, value: event });
  });
});
