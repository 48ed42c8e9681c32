import type { JsonObject } from '@aura/contracts';
import { inlineRefs } from './inline-refs';
import type { Schema } from './inline-refs';
import { misfits, schemaOfValue } from './schema-fit';

const object = (properties: Record<string, Schema>, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
});
const text: JsonObject = { type: 'string' };
const number: Schema = { type: 'number' };
const nullable: Schema = { anyOf: [text, { type: 'null' }] };

describe('values of one schema', () => {
  it.each<[string, Schema, Schema]>([
    ['anything', true, { type: 'string' }],
    ['nothing said', {}, text],
    ['an integer for a number', { type: 'integer' }, number],
    ['text for text or null', text, nullable],
    ['text or null for both types', nullable, { type: ['string', 'null'] }],
    ['one of two for one of three', { enum: ['a', 'b'] }, { enum: ['a', 'b', 'c'] }],
    ['any text for some texts (undecided)', text, { enum: ['a'] }],
    ['a constant', { const: 'a' }, { type: 'string', enum: ['a'] }],
    ['more members than wanted', object({ a: text, b: text }, ['a']), object({ a: text }, ['a'])],
    ['items', { type: 'array', items: text }, { type: 'array', items: text }],
    [
      'one of several objects',
      object({ k: { const: 'x' } }, ['k']),
      { oneOf: [object({ k: { const: 'y' } }), object({ k: { const: 'x' } })] },
    ],
    [
      'all parts of allOf',
      object({ a: text, b: number }, ['a', 'b']),
      { allOf: [object({ a: text }, ['a']), object({ b: number }, ['b'])] },
    ],
    ['members by additionalProperties', { type: 'object', additionalProperties: text }, object({ a: text })],
    [
      'a member that allOf declares',
      { allOf: [object({ a: text }, ['a']), object({ b: text })] },
      object({ a: text }, ['a']),
    ],
    ['whatever, where anything goes', object({ a: text }), true],
  ])('fit: %s', (_title, source, target) => {
    expect(misfits(source, target)).toEqual([]);
  });

  it.each<[string, Schema, Schema, readonly [string, string]]>([
    ['text for a number', text, number, ['', 'it is string, but number is wanted']],
    ['a number for an integer', number, { type: 'integer' }, ['', 'it is number, but integer is wanted']],
    ['text or null for text', nullable, text, ['', 'it is null, but string is wanted']],
    ['two types for one', { type: ['string', 'null'] }, text, ['', 'it is null']],
    [
      'a value that is not allowed',
      { enum: ['a', 'd'] },
      { enum: ['a', 'b'] },
      ['', '"d" is not among "a", "b"'],
    ],
    ['anything where nothing goes', text, false, ['', 'nothing is accepted']],
    ['a wrong member', object({ a: text }), object({ a: number }), ['a', 'it is string']],
    ['a wrong item', { type: 'array', items: text }, { type: 'array', items: number }, ['0', 'it is string']],
    [
      'a missing member',
      { ...(object({ b: text }) as object), additionalProperties: false },
      object({ a: text }, ['a']),
      ['a', 'it is required'],
    ],
    ['a member that may be absent', object({ a: text }), object({ a: text }, ['a']), ['a', 'may be absent']],
    [
      'a strange member',
      object({ a: text, b: text }),
      { ...(object({ a: text }) as object), additionalProperties: false },
      ['b', 'not a known member'],
    ],
    ['none of several', text, { anyOf: [number, { type: 'boolean' }] }, ['', 'it is string']],
    ['not all parts', object({ a: text }, ['a']), { allOf: [object({ a: number })] }, ['a', 'it is string']],
  ])('do not fit: %s', (_title, source, target, [path, reason]) => {
    const [first] = misfits(source, target);
    expect([first?.path.join('.'), first?.reason]).toEqual([path, expect.stringContaining(reason)]);
  });

  it('made of one value are judged by it', () => {
    const source = schemaOfValue({ a: [1, 'x', null], b: 1.5 });
    expect(misfits(source, object({ a: { type: 'array', items: number }, b: { type: 'integer' } }))).toEqual([
      { code: 'TYPE_MISMATCH', path: ['a', '1'], reason: 'it is string, but number is wanted' },
      { code: 'TYPE_MISMATCH', path: ['a', '2'], reason: 'it is null, but number is wanted' },
      { code: 'TYPE_MISMATCH', path: ['b'], reason: 'it is number, but integer is wanted' },
    ]);
  });

  it('with local references are looked into; recursion and what is elsewhere decide nothing', () => {
    const schema = inlineRefs({
      type: 'object',
      properties: {
        a: { $ref: '#/$defs/t~1x' },
        next: { $ref: '#/$defs/node' },
        far: { $ref: 'https://example.com' },
      },
      $defs: {
        't/x': text,
        node: plainObject({ next: { $ref: '#/$defs/node' } }),
      },
    });
    expect(schema).toEqual(plainObject({ a: text, next: plainObject({ next: true }), far: true }));
  });

  it('that grow without end are cut off', () => {
    const names = Array.from({ length: 20 }, (_, at) => `n${at}`);
    const defs = Object.fromEntries(
      names.map((name, at) => [
        name,
        { allOf: [{ $ref: `#/$defs/n${at + 1}` }, { $ref: `#/$defs/n${at + 1}` }] },
      ]),
    );
    expect(JSON.stringify(inlineRefs({ $ref: '#/$defs/n0', $defs: defs })).length).toBeLessThan(400_000);
  });
});

function plainObject(properties: Record<string, Schema>): JsonObject {
  return { type: 'object', properties };
}
