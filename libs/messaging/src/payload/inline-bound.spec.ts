import type { JsonValue } from '@aura/contracts';
import fc from 'fast-check';
import { mayBeLarge, MOST_INLINE_BYTES } from './inline-bound';

const bytesOf = (data: JsonValue): number => new TextEncoder().encode(JSON.stringify(data)).length;

describe('the bound of what travels inside an event', () => {
  test('is 256 KiB', () => {
    expect(MOST_INLINE_BYTES).toBe(262_144);
  });

  test('never takes for small what is large, whatever it is made of', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\u0000', '"', '\ud800', '日', -Number.MAX_VALUE, 1e-300, true, null),
    );
    const value = fc.oneof(piece, fc.array(piece), fc.dictionary(fc.string({ unit: 'binary' }), piece));
    fc.assert(
      fc.property(value, fc.integer({ min: 1, max: 15_000 }), (one, times) => {
        const data = Array.from({ length: times }, () => one) as JsonValue;
        if (bytesOf(data) > MOST_INLINE_BYTES) expect(mayBeLarge(data)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a usual payload', { output: { palette: ['#aabbcc'], score: 0.5 }, context: { input: { a: true } } }],
    ['a text of 40 KiB', 'x'.repeat(40 * 1024)],
    ['bytes that just fit', new Uint8Array(MOST_INLINE_BYTES)],
  ])('needs no second look at %s', (_what, data) => {
    expect(mayBeLarge(data)).toBe(false);
  });

  test.each([
    ['a text', 'x'.repeat(MOST_INLINE_BYTES)],
    ['a list', Array.from({ length: 50_000 }, () => 'x'.repeat(5))],
    ['an object', Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`member${n}`, n]))],
    ['bytes', new Uint8Array(MOST_INLINE_BYTES + 1)],
  ])('sees %s that does not fit', (_what, data) => {
    expect(mayBeLarge(data)).toBe(true);
  });
});
