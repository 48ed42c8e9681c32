import type { Schema } from './inline-refs';
import { lookUp } from './schema-member';

const text = { type: 'string' };
const pair: Schema = { type: 'object', properties: { a: text, b: text }, required: ['a'] };

describe('a path through a schema', () => {
  it.each<[string, Schema, string, boolean]>([
    ['a required member', pair, 'a', false],
    ['an optional member', pair, 'b', true],
    ['a member below an optional one', { properties: { p: pair } }, 'p.a', true],
    ['a member of one alternative', { anyOf: [pair, { type: 'null' }] }, 'a', true],
    ['a member of all alternatives', { oneOf: [pair, { ...pair, required: ['a', 'b'] }] }, 'a', false],
    ['a member of a part', { allOf: [{ type: 'object' }, pair] }, 'a', false],
    ['an item', { type: 'array', items: text }, '3', true],
    ['an item by place', { type: 'array', prefixItems: [pair] }, '0.a', true],
    ['a member of a type that may be another', { ...pair, type: ['object', 'null'] }, 'a', true],
    ['any member of a dictionary', { type: 'object', additionalProperties: text }, 'whatever', true],
  ])('finds %s', (_title, schema, path, optional) => {
    expect(lookUp(schema, path.split('.'))).toMatchObject({ kind: 'found', optional });
  });

  it.each<[string, Schema, string]>([
    ['a schema that says nothing', true, 'a'],
    ['an object that declares nothing', { type: 'object' }, 'a'],
    ['an open object', { ...pair, additionalProperties: true }, 'c'],
    ['patterns', { ...pair, patternProperties: { '^x': text } }, 'c'],
    ['a part that says nothing', { allOf: [{ type: 'object' }] }, 'c'],
    ['an alternative that says nothing', { anyOf: [pair, true] }, 'c'],
    ['an array that declares nothing', { type: 'array' }, '0'],
  ])('decides nothing for %s', (_title, schema, path) => {
    expect(lookUp(schema, path.split('.')).kind).toBe('undecided');
  });

  it.each<[string, Schema, string, readonly string[]]>([
    ['a member that is not declared', pair, 'c', ['a', 'b']],
    ['a member of a closed object', { type: 'object', additionalProperties: false }, 'c', []],
    ['a member of a text', text, 'length', []],
    ['a member of an array', { type: 'array', items: text }, 'length', []],
    ['what no alternative has', { anyOf: [pair, text] }, 'c', ['a', 'b']],
    ['anything below a schema that accepts nothing', false, 'a', []],
  ])('does not find %s', (_title, schema, path, known) => {
    expect(lookUp(schema, path.split('.'))).toEqual({ kind: 'none', missing: path, known });
  });
});
