import type { JsonValue } from '@aura/contracts';
import { compileMapping } from '../definition/compile-mapping';
import type { MappingSyntax } from '../definition/compile-mapping';
import { evaluateMapping, mappingReads } from './mapping';
import type { Mapping } from './plan';

function compiled(value: JsonValue, syntax: MappingSyntax = 'saga'): Mapping {
  return compileMapping(value, syntax, [], (_place, message) => {
    throw new Error(message);
  });
}

const scope = {
  input: { a: 1, nothing: null, list: [{ b: 2 }], constructor: 'own' },
  outputs: { s: { c: 3 }, skipped: undefined },
};

describe('a mapping', () => {
  it.each<[JsonValue, JsonValue | undefined]>([
    ['input', scope.input],
    ['input.a', 1],
    ['input.nothing', null],
    ['input.missing.deeper', undefined],
    ['input.nothing.deeper', undefined],
    ['input.toString', undefined],
    ['input.constructor', 'own'],
    ['input.list.0.b', 2],
    ['input.list.1.b', undefined],
    ['input.list.length', undefined],
    ['steps.s.output', { c: 3 }],
    ['steps.s.output.c', 3],
    ['steps.skipped.output.c', undefined],
    ['steps.unknown.output', undefined],
    [{ x: 'input.a', y: 'input.missing' }, { x: 1 }],
    [
      ['input.a', 'input.missing', 'text'],
      [1, 'text'],
    ],
    [{ literal: 'input.a' }, 'input.a'],
    [
      { literal: 1, other: 2 },
      { literal: 1, other: 2 },
    ],
    ['input values are prose', 'input values are prose'],
    ['steps. And then', 'steps. And then'],
    ['event.data', 'event.data'],
    [7, 7],
    [null, null],
    [{}, {}],
  ])('%j gives %j', (value, expected) => {
    expect(evaluateMapping(compiled(value), scope)).toEqual(expected);
  });

  it('of literals alone is one literal, returned as it is', () => {
    const value = { a: [1, { b: 'text' }], c: {} };
    const mapping = compiled(value);
    expect(mapping).toEqual({ kind: 'literal', value });
    expect(evaluateMapping(mapping, scope)).toBe(value);
  });

  it('names everything it reads', () => {
    expect(mappingReads(compiled({ x: ['input.a.b', 1], y: 'steps.s.output' }))).toEqual([
      { path: ['a', 'b'] },
      { step: 's', path: [] },
    ]);
  });

  it.each(['input.', 'input..a', 'input.a b', 'steps.s', 'steps.s.outputs.c'])('%s is malformed', (text) => {
    expect(() => compiled(text)).toThrow(`"${text}" is no path`);
  });

  it('of a kind nobody knows is an error', () => {
    const magic = { kind: 'magic' } as never;
    expect(() => evaluateMapping(magic, scope)).toThrow('unexpected value');
    expect(() => mappingReads(magic)).toThrow('unexpected value');
  });

  it('of a trigger reads the event, and nothing else of the saga', () => {
    const event = { id: '1', data: { x: 2 } };
    const mapping = compiled({ a: 'event.data.x', b: 'event.id', c: 'input.a', d: 'event.subject' }, 'event');
    expect(evaluateMapping(mapping, { input: event })).toEqual({ a: 2, b: '1', c: 'input.a' });
    expect(() => compiled('event.specversion', 'event')).toThrow('is no path');
  });
});
