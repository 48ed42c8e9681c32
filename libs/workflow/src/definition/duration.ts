import { z } from 'zod';

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** A duration as people write it, `500ms`, `10s`, `5m` or `2h`; parsed to milliseconds. */
export const duration = z
  .string('must be a duration such as 500ms, 10s, 5m or 2h')
  .regex(/^[1-9]\d{0,8}(ms|s|m|h)$/, 'must be a duration such as 500ms, 10s, 5m or 2h')
  .transform((text) => {
    const [, amount = '', unit = 'ms'] = /^(\d+)(ms|s|m|h)$/.exec(text) ?? [];
    return Number(amount) * UNITS[unit as keyof typeof UNITS];
  });

/** Milliseconds as people write them, in the largest unit that divides them. */
export function durationText(ms: number): string {
  const units = Object.entries(UNITS).reverse();
  const [unit, size] = units.find(([, candidate]) => ms % candidate === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}
