import fc from 'fast-check';
import { encodeBinary } from './binary';
import { decode, decodeBatch } from './decode';
import { decodeStructuredText, encodeBatch, encodeStructured, encodeStructuredText } from './structured';
import { anyEvent, binaryEvent } from './testing/arbitrary-event';
import { bodyOf, leastEvent } from './testing/sample-event';

const contentTypes = fc.option(
  fc.oneof(
    fc.constantFrom(
      'application/cloudevents+json',
      'application/cloudevents-batch+json',
      'application/json',
      'text/plain',
      'application/cloudevents+xml',
      ';',
    ),
    fc.string(),
  ),
  { nil: undefined },
);
const names = fc.oneof(
  fc.string(),
  fc.constantFrom(
    'specversion',
    'id',
    'source',
    'type',
    'time',
    'data',
    '__proto__',
    'data_base64',
    'aurarun',
  ),
);
const headers = fc.dictionary(
  fc.tuple(fc.constantFrom('cloudEvents:', 'cloudEvents_', 'ce-', ''), names).map((parts) => parts.join('')),
  fc.oneof(fc.anything(), fc.constantFrom('1.0', '/a', 'x')),
);
const memberNames = fc.dictionary(names, fc.oneof(fc.jsonValue(), fc.constantFrom('1.0', '/a', 'x', null)));

describe('decoding what was encoded', () => {
  it('gives the same event in structured mode', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        expect(decode(encodeStructured(event))).toStrictEqual({ ok: true, value: event });
        expect(decodeStructuredText(encodeStructuredText(event))).toStrictEqual({ ok: true, value: event });
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same event in structured mode under a foreign content type', () => {
    fc.assert(
      fc.property(
        anyEvent,
        fc.constantFrom('text/plain', 'application/json', undefined),
        (event, contentType) => {
          expect(decode({ contentType, body: encodeStructured(event).body })).toStrictEqual({
            ok: true,
            value: event,
          });
        },
      ),
    );
  });

  it('gives the same event in binary mode', () => {
    fc.assert(
      fc.property(binaryEvent, (event) => {
        expect(decode(encodeBinary(event))).toStrictEqual({ ok: true, value: event });
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same event in binary mode, or binary mode refuses it', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const message = (() => {
          try {
            return encodeBinary(event);
          } catch (error) {
            return error;
          }
        })();
        if (message instanceof Error)
          expect(message.message).toContain('cannot travel in binary mode unchanged');
        else
          expect(decode(message as ReturnType<typeof encodeBinary>)).toStrictEqual({
            ok: true,
            value: event,
          });
      }),
    );
  });

  it('gives the same events in a batch', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 5 }), (events) => {
        expect(decodeBatch(encodeBatch(events))).toStrictEqual({ ok: true, value: events });
      }),
    );
  });

  it('and encoding it again gives the same bytes', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const first = encodeStructured(event);
        const again = decode(first);
        if (!again.ok) throw new Error(again.error.message);
        const second = decode(encodeStructured(again.value));
        expect(second).toStrictEqual(again);
      }),
    );
  });
});

describe('decoding whatever comes', () => {
  const answers = (result: ReturnType<typeof decode>) =>
    result.ok ? result.value.specversion === '1.0' : result.error.message.length > 0;

  it('never throws on bytes', () => {
    fc.assert(
      fc.property(contentTypes, headers, fc.uint8Array({ maxLength: 200 }), (contentType, given, body) => {
        expect(answers(decode({ contentType, headers: given, body }))).toBe(true);
        expect(typeof decodeBatch({ contentType, headers: given, body }).ok).toBe('boolean');
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws on JSON, and what it accepts can be sent on', () => {
    fc.assert(
      fc.property(contentTypes, fc.oneof(memberNames, fc.jsonValue()), (contentType, value) => {
        const given = typeof value === 'object' && value !== null ? { ...leastEvent, ...value } : value;
        const result = decode({ contentType, body: bodyOf(JSON.stringify(given)) });
        expect(answers(result)).toBe(true);
        if (result.ok) expect(decode(encodeStructured(result.value))).toMatchObject({ ok: true });
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws on a valid message with some bytes changed', () => {
    fc.assert(
      fc.property(anyEvent, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), (event, changes) => {
        const { contentType, body } = encodeStructured(event);
        for (const [at, byte] of changes) body[at % body.length] = byte;
        expect(answers(decode({ contentType, body }))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws on nesting without end', () => {
    const nested = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const text = `{"specversion":"1.0","id":"a","source":"/s","type":"t","data":${nested}}`;
    const result = decode({ contentType: 'text/plain', body: bodyOf(text) });
    expect(answers(result)).toBe(true);
    if (result.ok) expect(() => encodeStructured(result.value)).toThrow('cannot be written as JSON');
  });
});
