import type { JsonObject, JsonValue } from '@aura/contracts';
import { compileSchema } from './json-schema';

const schema: JsonObject = {
  type: 'object',
  properties: {
    image: { type: 'string', pattern: '^sha256:' },
    sizes: { type: 'array', items: { enum: ['s', 'm'] } },
    at: { type: 'string', format: 'date-time' },
    'a/b': { const: 1 },
  },
  required: ['image'],
  additionalProperties: false,
};

function violations(value: JsonValue): readonly { readonly path: string; readonly message: string }[] {
  const compiled = compileSchema(schema);
  if (!compiled.ok) throw new Error(compiled.error);
  return compiled.value(value);
}

describe('compileSchema', () => {
  it('finds nothing in a value that fits', () => {
    expect(violations({ image: 'sha256:1', sizes: ['s'], at: '2020-01-01T00:00:00Z' })).toEqual([]);
  });

  it('tells every violation with its path', () => {
    expect(violations({ sizes: ['s', 'x'], more: 1, at: 'now', 'a/b': 2 })).toEqual([
      { path: 'image', message: 'is required' },
      { path: 'more', message: 'is not known' },
      { path: 'sizes[1]', message: 'must be one of ["s","m"]' },
      { path: 'at', message: 'must match format "date-time"' },
      { path: 'a/b', message: 'must be 1' },
    ]);
    expect(violations([])).toEqual([{ path: '', message: 'must be object' }]);
    expect(violations({ image: 'text' })).toEqual([
      { path: 'image', message: 'must match pattern "^sha256:"' },
    ]);
  });

  it('keeps the list short', () => {
    expect(violations({ image: 'sha256:', sizes: Array<string>(200).fill('x') })).toHaveLength(50);
  });

  it.each<[string, JsonObject | boolean, string]>([
    ['an asynchronous schema', { $async: true }, '"$async" is not allowed'],
    ['a dialect nobody knows', { $schema: 'https://example.com/dialect' }, 'no schema with key or ref'],
    ['no valid schema', { type: 'strin' }, 'must be equal to one of the allowed values'],
    ['another document', { $ref: 'https://example.com/schema' }, "can't resolve reference"],
    ['a schema over 64 KiB', { description: 'x'.repeat(70_000) }, 'at most 65536'],
    ['a pattern that does not compile', { pattern: '(' }, 'Unterminated group'],
  ])('refuses %s', (_title, refused, reason) => {
    const compiled = compileSchema(refused);
    expect(compiled.ok ? '' : compiled.error).toContain(reason);
  });

  it('takes the same $id any number of times', () => {
    const twice = [1, 2].map(() => compileSchema({ $id: 'https://example.com/x', type: 'string' }).ok);
    expect(twice).toEqual([true, true]);
  });
});
