import type { ErrorRecord } from '@aura/contracts';
import { MOST_STATE_CHARACTERS } from '@aura/kernel';

/** Nobody answered in time. */
export function timeoutError(message: string, code: string): ErrorRecord {
  return { kind: 'timeout', code, message };
}

/** A saga would grow over its bound. */
export function tooLarge(what: string): ErrorRecord {
  return {
    kind: 'technical',
    code: 'SAGA_TOO_LARGE',
    message: `${what} makes the saga larger than ${MOST_STATE_CHARACTERS} characters of JSON`,
    help: 'Pass large content by reference (claim check) and let outputs name what later steps need.',
  };
}

/** Why a saga that somebody cancels is given up. */
export function cancelledError(by: string, reason: string): ErrorRecord {
  return { kind: 'business', code: 'CANCELLED', message: `${by} cancelled it: ${reason}` };
}

/** Why what a saga did is undone that somebody runs again. */
export function rerunError(by: string, from: string, reason: string): ErrorRecord {
  return { kind: 'business', code: 'RERUN', message: `${by} runs it again from step ${from}: ${reason}` };
}

/** What is applied and has no undo stands, although the saga cannot complete. */
export function cannotUndo(step: string): ErrorRecord {
  return {
    kind: 'technical',
    code: 'NO_UNDO',
    message: `step ${step} is applied and declares no undo`,
    help: 'Undo it by hand and say so by `aura sagas resolve`, or leave it by `aura sagas skip`.',
  };
}
