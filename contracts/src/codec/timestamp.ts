import type { AttributeRule } from './attribute-syntax';

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MINUTES_A_DAY = 1440;

function daysOf(year: number, month: number): number {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return (MONTH_DAYS[month - 1] ?? 0) + (leap ? 1 : 0);
}

function isDay(year: number, month: number, day: number): boolean {
  return day >= 1 && day <= daysOf(year, month);
}

function isTimeOfDay(hour: number, minute: number): boolean {
  return hour <= 23 && minute <= 59;
}

/** A leap second is the last one of a day in UTC. */
function isSecond(second: number, utcMinute: number): boolean {
  return second < 60 || (second === 60 && utcMinute === MINUTES_A_DAY - 1);
}

function isRfc3339(value: string): boolean {
  const parts = RFC_3339.exec(value);
  if (parts === null) return false;
  const part = (index: number) => Number(parts[index] ?? 0);
  const offset = (parts[7] === '-' ? -1 : 1) * (part(8) * 60 + part(9));
  const utcMinute = (part(4) * 60 + part(5) - offset + 2 * MINUTES_A_DAY) % MINUTES_A_DAY;
  return (
    isDay(part(1), part(2), part(3)) &&
    isTimeOfDay(part(4), part(5)) &&
    isTimeOfDay(part(8), part(9)) &&
    isSecond(part(6), utcMinute)
  );
}

/** A timestamp of RFC 3339 that exists in the calendar. Kept as it was written, never normalised. */
export const timestamp: AttributeRule = (value) =>
  typeof value === 'string' && isRfc3339(value)
    ? undefined
    : 'must be a timestamp of RFC 3339 such as 2025-01-31T12:00:00Z';
