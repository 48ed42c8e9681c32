import type { z } from 'zod';
import { digest, eventType, kebabName, snakeName } from './names';

const longest = `a${'b'.repeat(62)}`;

describe.each<[string, z.ZodType, readonly string[], readonly string[]]>([
  [
    'ids of definitions and steps',
    snakeName,
    ['a', 'a_1', longest],
    ['', '1a', '_a', 'A', 'a-b', 'a b', 'ä', `${longest}c`, 'a\n'],
  ],
  [
    'names of actions and participants',
    kebabName,
    ['a', 'a-1', longest],
    ['', '1a', '-a', 'A', 'a_b', `${longest}c`, 'a\n'],
  ],
  [
    'digests',
    digest,
    [`sha256:${'0f'.repeat(32)}`],
    ['', `sha256:${'0F'.repeat(32)}`, `sha256:${'0'.repeat(63)}`, '0f'.repeat(32), `sha1:${'0'.repeat(64)}`],
  ],
  [
    'types of events',
    eventType,
    ['ai.aura.image.analysed.v1', 'com.example.OrderPlaced', 'com.example.order-placed_2.v1'],
    ['', 'order', '.a', 'a.', 'a..b', '1.a', 'a b.c', `a.${'b'.repeat(199)}`],
  ],
])('%s', (_what, schema, good, bad) => {
  it.each(good)('may be %j', (text) => expect(schema.safeParse(text).success).toBe(true));
  it.each(bad)('must not be %j', (text) => expect(schema.safeParse(text).success).toBe(false));
});
