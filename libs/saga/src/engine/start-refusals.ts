import type { AuraError } from '@aura/kernel';
import type { Violation } from '@aura/workflow';
import type { StartRefusal, StartRequest } from '../coordinator';

/** When to try again, ms. */
const RETRY_AFTER_MS = 5000;

/** There is no such workflow, or it waits for participants. */
export function notActive(
  { workflow, version }: StartRequest,
  why: 'unknown' | readonly string[],
): StartRefusal {
  const name = version === undefined ? workflow : `${workflow} ${version}`;
  if (why === 'unknown')
    return {
      code: 'UNKNOWN_WORKFLOW',
      message: `there is no workflow ${name}`,
      help: 'List the workflows that are there: GET /api/v1/definitions, or aura definitions list.',
    };
  return {
    code: 'NOT_ACTIVE',
    message: `workflow ${name} waits for its participants: ${why.join(', ')}`,
    help: 'Start these participants, or wait until they have confirmed.',
    waitsFor: why,
    retryAfterMs: RETRY_AFTER_MS,
  };
}

/** The input is not what the workflow's schema says. */
export function invalidInput({ workflow }: StartRequest, errors: readonly Violation[]): StartRefusal {
  return {
    code: 'INVALID_INPUT',
    message: `the input does not fit workflow ${workflow}: ${violationText(errors)}`,
    help: "The workflow's input schema and an example: aura definitions list, or GET /api/v1/definitions.",
    errors,
  };
}

/** Violations in one line. */
export function violationText(errors: readonly Violation[]): string {
  return errors.map(({ path, message }) => `${path || 'input'} ${message}`).join('; ');
}

/** The idempotency key belongs to another start. */
export function keyReused(): StartRefusal {
  return {
    code: 'KEY_REUSED',
    message: 'this idempotency key has started another saga, with another workflow or input',
    help: 'Use a new key for a new start; repeat a key only with the very same request.',
  };
}

/** Store or bus could not take the start now. */
export function unavailable({ message, help }: AuraError): StartRefusal {
  return { code: 'UNAVAILABLE', message, help, retryAfterMs: RETRY_AFTER_MS };
}
