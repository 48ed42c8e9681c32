import fc from 'fast-check';
import type { CloudEvent, JsonValue } from '../../cloud-event';
import { attributeRules } from '../attribute-rules';

const character = fc.oneof(
  { weight: 5, arbitrary: fc.string({ minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.constantFrom('é', 'ß', '漢', '😀', '\u00a0', '\u202e', '\ufeff', '\ud7ff') },
);

/** Text that attributes may hold, quotes, percent signs and characters of several bytes among it. */
export const attributeText = fc.string({ unit: character, maxLength: 30 });

const filledText = fc.string({ unit: character, minLength: 1, maxLength: 30 });

/** Sources that CloudEvents, RFC 3986 and the web give as examples, and made ones. */
export const source = fc.oneof(
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  fc.constantFrom(
    'https://github.com/cloudevents',
    'mailto:cncf-wg-serverless@lists.cncf.io',
    'urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66',
    'cloudevents/spec/pull/123',
    '/sensors/tn-1234567/alerts',
    '1-555-123-4567',
    '//example.com:8080/a?b=c#d',
    'ldap://[2001:db8::7]/c=GB?objectClass?one',
    '?query',
    '#fragment',
    './a:b',
  ),
  fc.webPath().filter((path) => path !== '' && !path.startsWith('//')),
);

const instant = fc
  .date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

/** Timestamps of RFC 3339 in all spellings. */
export const time = fc.oneof(
  instant,
  instant.map((text) => text.replace('Z', '+05:30')),
  instant.map((text) => text.replace('Z', '123456-00:00')),
  fc.constantFrom(
    '2016-12-31T23:59:60Z',
    '2017-01-01T05:29:60.5+05:30',
    '2024-02-29t00:00:00z',
    '0000-01-01T00:00:00Z',
  ),
);

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

const extensionName = fc
  .oneof(fc.stringMatching(/^[a-z0-9]{1,30}$/), fc.constantFrom('constructor', 'tostring', '0', 'prototype'))
  .filter((name) => !attributeRules.has(name) && name !== 'data');

const extensions = fc.dictionary(extensionName, fc.oneof(attributeText, fc.boolean(), int32), {
  maxKeys: 4,
  noNullPrototype: true,
});

/** Any value that JSON text can hold and give back. */
export const jsonData: fc.Arbitrary<JsonValue> = fc
  .jsonValue({ noUnicodeString: false })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);

const bytes = fc.uint8Array({ maxLength: 64 });
const digest = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`);
const positive = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const required = ['specversion', 'id', 'source', 'type'] as const;

const known = fc.record(
  {
    specversion: fc.constant('1.0' as const),
    id: filledText,
    source,
    type: filledText,
    time,
    subject: filledText,
    dataschema: fc.webUrl({ withFragments: true }),
    correlationid: filledText,
    causationid: filledText,
    aurastep: filledText,
    aurarun: positive,
    auraepoch: positive,
    auraplan: digest,
    aurapartition: fc.nat({ max: 2 ** 31 - 1 }),
    sequence: filledText,
    tracestate: attributeText,
  },
  { requiredKeys: [...required] },
);

const jsonType = fc.constantFrom('application/json', 'text/json; charset=utf-8', 'application/problem+JSON');
const otherType = fc.constantFrom(
  'image/png',
  'text/plain; charset="utf-8"',
  'application/octet-stream',
  'a/b;c=d',
);

const jsonPayload = fc.record({ datacontenttype: jsonType, data: jsonData }, { requiredKeys: [] });
const typedPayload = fc.record({ datacontenttype: otherType, data: bytes });
const anyPayload = fc.record(
  { datacontenttype: fc.oneof(jsonType, otherType), data: fc.oneof(jsonData, bytes) },
  { requiredKeys: [] },
);

const withPayload = (payload: fc.Arbitrary<{ datacontenttype?: string; data?: JsonValue | Uint8Array }>) =>
  fc
    .tuple(extensions, known, payload)
    .map(([extra, attributes, rest]): CloudEvent => ({ ...extra, ...attributes, ...rest }));

/** Valid events with any payload. */
export const anyEvent = withPayload(anyPayload);

/** Valid events that binary mode can carry without change. */
export const binaryEvent = withPayload(fc.oneof(jsonPayload, typedPayload));
