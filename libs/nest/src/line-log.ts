import { inspect } from 'node:util';
import type { PipelineLog } from '@aura/messaging';

/** A log that writes one line for each entry, errors by their message; `write` adds the line end. */
export function lineLog(write: (line: string) => void): PipelineLog {
  return {
    warn: (message, details) => {
      const told = Object.entries(details).map(([name, value]) => `${name}=${oneLine(value)}`);
      write([message, ...told].join(' '));
    },
  };
}

function oneLine(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(value.message);
  return typeof value === 'string'
    ? JSON.stringify(value)
    : inspect(value, { breakLength: Infinity, depth: 3 });
}
