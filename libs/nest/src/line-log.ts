import { inspect } from 'node:util';
import type { Log, LogFields } from '@aura/kernel';

/** Takes one line, without its end. */
export type WriteLine = (line: string) => void;

/** A log that writes one line for each warning and error, errors in it by their message; `write` adds the line end. */
export function lineLog(write: WriteLine): Log {
  const tell = (message: string, fields: LogFields = {}): void => {
    const told = Object.entries(fields).map(([name, value]) => `${name}=${oneLine(value)}`);
    write([message, ...told].join(' '));
  };
  return { debug: () => undefined, info: () => undefined, warn: tell, error: tell };
}

/** A log as it is, or one on lines. */
export function asLog(log: Log | WriteLine): Log {
  return typeof log === 'function' ? lineLog(log) : log;
}

function oneLine(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(value.message);
  return typeof value === 'string'
    ? JSON.stringify(value)
    : inspect(value, { breakLength: Infinity, depth: 3 });
}
