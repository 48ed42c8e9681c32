import type { CloudEvent } from '../cloud-event';
import { encodeBinary } from './binary';
import { decode } from './decode';
import { bodyOf, leastEvent } from './testing/sample-event';

const headersWith = (prefix: string, event: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(event).map(([name, value]) => [`${prefix}${name}`, value]));
const headers = headersWith('cloudEvents:', leastEvent);
const nothing = new Uint8Array(0);

describe('binary mode, sending', () => {
  it('puts attributes into headers with their types, the type of the data aside, the data alone into the body', () => {
    const event = {
      ...leastEvent,
      datacontenttype: 'application/json',
      aurarun: 1,
      flag: true,
      data: { a: 1 },
    };
    expect(encodeBinary(event)).toEqual({
      contentType: 'application/json',
      headers: { ...headers, 'cloudEvents:aurarun': 1, 'cloudEvents:flag': true },
      body: bodyOf('{"a":1}'),
    });
  });

  it('leaves out attributes that are null or undefined', () => {
    const event = { ...leastEvent, subject: undefined, myext: null } as unknown as CloudEvent;
    expect(encodeBinary(event)).toEqual({ headers, body: nothing });
  });

  it.each<[string, Partial<CloudEvent>]>([
    ['bytes without a type', { data: Uint8Array.of(1) }],
    ['bytes under a JSON type', { data: Uint8Array.of(49), datacontenttype: 'application/json' }],
    ['text under another type', { data: 'text', datacontenttype: 'text/plain' }],
    ['an object under another type', { data: {}, datacontenttype: 'application/xml' }],
    ['no data under another type', { datacontenttype: 'image/png' }],
    ['empty bytes beside a dataref', { datacontenttype: 'image/png', dataref: 'x:1', data: nothing }],
  ])('refuses %s, which would not come back the same', (_what, part) => {
    expect(() => encodeBinary({ ...leastEvent, ...part })).toThrow(/cannot travel in binary mode unchanged/);
  });

  it('refuses an invalid event', () => {
    expect(() => encodeBinary({ ...leastEvent, id: '' })).toThrow(/attribute "id" must not be empty/);
  });

  it('carries a reference in the place of typed data', () => {
    const event = { ...leastEvent, datacontenttype: 'image/png', dataref: 'sha256:00' };
    expect(decode(encodeBinary(event))).toStrictEqual({ ok: true, value: event });
  });
});

describe('binary mode, receiving', () => {
  it.each(['cloudEvents:', 'cloudEvents_', 'ce-'])('understands the prefix %s', (prefix) => {
    const message = {
      contentType: 'application/json',
      headers: headersWith(prefix, leastEvent),
      body: bodyOf('[1]'),
    };
    const value = { ...leastEvent, datacontenttype: 'application/json', data: [1] };
    expect(decode(message)).toStrictEqual({ ok: true, value });
  });

  it('ignores headers that are not of the event', () => {
    const message = { headers: { ...headers, 'x-attempt': 3, traceparent: 'x', ce: 1 }, body: nothing };
    expect(decode(message)).toStrictEqual({ ok: true, value: leastEvent });
  });

  it('takes a null header for absent', () => {
    const message = {
      headers: { ...headers, 'cloudEvents:subject': null, 'ce-x': undefined },
      body: nothing,
    };
    expect(decode(message)).toStrictEqual({ ok: true, value: leastEvent });
  });

  it.each(['application/json', 'text/json', 'Application/Vnd.X+JSON; charset=utf-8', undefined])(
    'parses a body of type %s as JSON',
    (contentType) => {
      expect(decode({ contentType, headers, body: bodyOf('null') })).toMatchObject({
        ok: true,
        value: { data: null },
      });
      expect(decode({ contentType, headers, body: bodyOf('oops') })).toMatchObject({ ok: false });
      const empty = decode({ contentType, headers, body: nothing });
      expect(empty.ok && 'data' in empty.value).toBe(false);
    },
  );

  it.each(['text/plain', 'image/png', 'application/jsonish'])(
    'keeps a body of type %s as bytes',
    (contentType) => {
      const body = bodyOf('"text"');
      expect(decode({ contentType, headers, body })).toStrictEqual({
        ok: true,
        value: { ...leastEvent, datacontenttype: contentType, data: body },
      });
      expect(decode({ contentType, headers, body: nothing })).toMatchObject({
        ok: true,
        value: { data: nothing },
      });
    },
  );

  it('gives plain bytes, whatever kind of array the platform delivers', () => {
    const body = Buffer.from('xxpayloadxx').subarray(2, 9);
    const event = decode({ contentType: 'text/plain', headers, body });
    expect(event.ok && event.value.data).toStrictEqual(Uint8Array.from(body));
  });

  it('reads the numbers of Aura from digits, because HTTP headers have text alone', () => {
    const numbers = { 'ce-aurarun': '2', 'ce-auraepoch': '1', 'ce-aurapartition': 0, 'ce-myext': '5' };
    expect(decode({ headers: { ...headers, ...numbers }, body: nothing })).toMatchObject({
      ok: true,
      value: { aurarun: 2, auraepoch: 1, aurapartition: 0, myext: '5' },
    });
    expect(decode({ headers: { ...headers, 'ce-aurarun': '2x' }, body: nothing })).toMatchObject({
      ok: false,
    });
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['data in a header', { 'cloudEvents:data': 'x' }, 'a header holds "data"'],
    ['an attribute with two values', { 'ce-id': 'other' }, 'attribute "id" is given twice'],
    ['a second content type', { 'ce-datacontenttype': 'a/b' }, 'attribute "datacontenttype" is given twice'],
    ['an object as a value', { 'ce-x': {} }, 'attribute "x"'],
    ['__proto__', { 'ce-__proto__': 'x' }, 'is no attribute name'],
    ['an upper-case name', { 'ce-Subject': 'x' }, 'is no attribute name'],
    ['an empty name', { 'ce-': 'x' }, 'is no attribute name'],
    ['another version', { 'cloudEvents:specversion': '0.3' }, 'must be exactly "1.0"'],
  ])('refuses %s', (_what, more, message) => {
    const result = decode({
      contentType: 'application/json',
      headers: { ...headers, ...more },
      body: nothing,
    });
    expect(!result.ok && result.error.message).toContain(message);
  });

  it('accepts an attribute that comes twice with one value', () => {
    expect(decode({ headers: { ...headers, 'ce-id': 'e1' }, body: nothing }).ok).toBe(true);
  });
});
