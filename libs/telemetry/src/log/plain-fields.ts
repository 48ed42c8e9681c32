import { isAuraError } from '@aura/kernel';
import type { LogFields } from '@aura/kernel';

type Plain = string | number | boolean | null | readonly Plain[] | { readonly [name: string]: Plain };

/** Fields whose value is nobody's business, by their names. */
const SECRET_NAME = /password|passwd|secret|token|authorization|cookie|credential|api-?_?key/i;
/** Fields that hold what people sent. */
const PAYLOAD_NAME = /^(data|data_base64|payload|input|output|body|envelope|context|results?)$/i;

/** Errors inside errors that are told. */
const DEEPEST_CAUSE = 4;

/**
 * The fields of a line as they may be written: text, numbers, truth values, lists of them, and errors. Everything else
 * could hold a payload, and is left out with a word.
 */
export function plainFields(fields: LogFields): Readonly<Record<string, Plain>> {
  const plain: Record<string, Plain> = {};
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined) plain[name] = field(name, value);
  return plain;
}

function field(name: string, value: unknown): Plain {
  if (SECRET_NAME.test(name)) return '***';
  if (PAYLOAD_NAME.test(name)) return '(payload left out)';
  if (value instanceof Error) return plainError(value, 0);
  if (Array.isArray(value)) return value.map((item: unknown) => scalar(item));
  return scalar(value);
}

function scalar(value: unknown): Plain {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'bigint' ? value.toString() : '(object left out)';
}

function plainError(error: Error, depth: number): Plain {
  const { code } = error as { readonly code?: unknown };
  return {
    type: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    message: messageOf(error),
    ...told(error),
    ...causeOf(error, depth),
  };
}

/** What to do about it, or, where nobody foresaw it, where it came from. */
function told(error: Error): Readonly<Record<string, Plain>> {
  if (isAuraError(error)) return { help: error.help };
  return error.stack === undefined ? {} : { stack: framesOf(error.stack) };
}

/** A stack begins with the message, which is told beside it. */
function framesOf(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim())
    .join('\n');
}

function causeOf({ cause }: Error, depth: number): Readonly<Record<string, Plain>> {
  if (!(cause instanceof Error) || depth >= DEEPEST_CAUSE) return {};
  return { cause: plainError(cause, depth + 1) };
}

/** Parsers quote what they could not read, and that is somebody's payload. */
function messageOf({ name, message }: Error): string {
  return name === 'SyntaxError' ? message.replace(/".*"/s, '"…"').replace(/'.*'/s, "'…'") : message;
}
