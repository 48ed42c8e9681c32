import { z } from 'zod';

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** A duration as people write it, `500ms`, `10s`, `5m` or `2h`; parsed to milliseconds. */
export const duration = z
  .string('must be a duration such as 500ms, 10s, 5m or 2h')
  .regex(/^[1-9]\d{0,8}(ms|s|m|h)$/, 'must be a duration such as 500ms, 10s, 5m or 2h')
  .transform((text) => {
    const amount = Number.parseInt(text, 10);
    return amount * UNITS[text.slice(String(amount).length) as keyof typeof UNITS];
  });

/** Milliseconds as people write them, in the largest unit that divides them. */
export function durationText(ms: number): string {
  return Object.entries(UNITS).reduce(
    (text, [unit, size]) => (ms % size === 0 ? `${ms / size}${unit}` : text),
    `${ms}ms`,
  );
}
