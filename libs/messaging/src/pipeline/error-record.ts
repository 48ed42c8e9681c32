import type { ErrorRecord } from '@aura/contracts';
import { isAuraError } from '@aura/kernel';

/** An error as it stands in events and dead letters. Not an error at all? Its text is the message. */
export function errorRecordOf(error: unknown, kind: ErrorRecord['kind']): ErrorRecord {
  if (!(error instanceof Error)) return { kind, code: 'UNKNOWN', message: String(error) };
  const stack = error.stack === undefined ? {} : { stack: error.stack };
  if (isAuraError(error))
    return { kind, code: error.code, message: error.message, help: error.help, ...stack };
  const { code } = error as { readonly code?: unknown };
  return { kind, code: typeof code === 'string' ? code : error.name, message: error.message, ...stack };
}
