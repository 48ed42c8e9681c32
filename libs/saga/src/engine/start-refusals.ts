import type { DefinitionSummary } from '@aura/contracts';
import type { AuraError } from '@aura/kernel';
import type { Violation } from '@aura/workflow';
import type { RetireRefusal, StartRefusal, StartRequest } from '../coordinator';

/** When to try again, ms. */
const RETRY_AFTER_MS = 5000;
const LIST_HELP = 'List what is there: GET /api/v1/definitions, or aura definitions list.';

/** There is no such workflow, or it takes no sagas now. */
export function notActive(
  { workflow, version }: Pick<StartRequest, 'workflow' | 'version'>,
  why: 'unknown' | DefinitionSummary,
): StartRefusal {
  const name = nameOf(workflow, version);
  if (why === 'unknown')
    return {
      code: 'UNKNOWN_WORKFLOW',
      message: `there is no workflow ${name}`,
      help: LIST_HELP,
    };
  const waiting = why.waitsFor.join(', ');
  switch (why.status) {
    case 'retired':
      return {
        code: 'NOT_ACTIVE',
        message: `workflow ${name} is retired and takes no more sagas`,
        help: 'Start another version of it, or publish one under a new version.',
      };
    case 'expired':
      return {
        code: 'NOT_ACTIVE',
        message: `workflow ${name} was not confirmed in time by its participants: ${waiting}`,
        help: 'Start these participants and publish the definition again.',
        waitsFor: why.waitsFor,
      };
    default:
      return {
        code: 'NOT_ACTIVE',
        message: `workflow ${name} waits for its participants: ${waiting}`,
        help: 'Start these participants, or wait until they have confirmed.',
        waitsFor: why.waitsFor,
        retryAfterMs: RETRY_AFTER_MS,
      };
  }
}

/** There is nothing to retire. */
export function unknownDefinition(definition: string, version: string | undefined): RetireRefusal {
  return {
    code: 'UNKNOWN_DEFINITION',
    message: `there is no definition ${nameOf(definition, version)}`,
    help: LIST_HELP,
  };
}

function nameOf(definition: string, version: string | undefined): string {
  return version === undefined ? definition : `${definition} ${version}`;
}

/** The input is not what the workflow's schema says. */
export function invalidInput({ workflow }: StartRequest, errors: readonly Violation[]): StartRefusal {
  return {
    code: 'INVALID_INPUT',
    message: `the input does not fit workflow ${workflow}: ${violationText(errors)}`,
    help: 'The input schema and an example are in GET /api/v1/workflows/templates; aura types writes it as a TypeScript type.',
    errors,
  };
}

/** A person that no event could name. */
export function invalidPerson(userId: string): StartRefusal {
  return {
    code: 'INVALID_INPUT',
    message: `userId ${JSON.stringify(userId)} names nobody`,
    help: 'It has 1 to 200 characters, and no control characters, lone surrogates or noncharacters.',
  };
}

/** Violations in one line; `whole`: what is checked, for one without a path. */
export function violationText(errors: readonly Violation[], whole = 'input'): string {
  return errors.map(({ path, message }) => `${path || whole} ${message}`).join('; ');
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

/** The broker is away; nothing was started. */
export function brokerAway(reason: string): StartRefusal {
  return {
    code: 'UNAVAILABLE',
    message: `no new saga is taken now: the broker is away (${reason})`,
    help: 'Try again after the time given; sagas in flight go on when it is back.',
    retryAfterMs: RETRY_AFTER_MS,
  };
}
