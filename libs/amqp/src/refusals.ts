import { AuraError, StoreUnavailableError, UnsafeSetupError } from '@aura/kernel';

const ACCESS_REFUSED = 403;
const NOT_FOUND = 404;
const RESOURCE_LOCKED = 405;
const PRECONDITION_FAILED = 406;

/** The words of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

/** Whether the broker itself said no (4xx), as opposed to a connection that went away. */
export function isRefusal(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && code >= 400 && code < 500;
}

/** Whether the broker does not know the queue or exchange. */
export function isNotFound(error: unknown): boolean {
  return codeOf(error) === NOT_FOUND;
}

/** The error for something that was never declared. */
export function notDeclared(cause: unknown): AuraError {
  return new AuraError(`RabbitMQ does not know it: ${reasonOf(cause)}`, {
    code: 'NOT_DECLARED',
    help: 'Declare the queue before it is bound, counted or consumed.',
    cause,
  });
}

/** What a refused declaration of a queue means; anything else comes back as it is. */
export function declarationRefused(queue: string, error: unknown): unknown {
  switch (codeOf(error)) {
    case PRECONDITION_FAILED:
      return new UnsafeSetupError(
        `queue ${queue} exists with other arguments: ${reasonOf(error)}`,
        `Drain the queue and delete it (rabbitmqctl delete_queue ${queue}), or give this service another queue name.`,
        error,
      );
    case ACCESS_REFUSED:
      return new UnsafeSetupError(
        `queue ${queue} may not be declared: ${reasonOf(error)}`,
        'Let the user of the URL configure, write and read it (rabbitmqctl set_permissions).',
        error,
      );
    case RESOURCE_LOCKED:
      return new UnsafeSetupError(
        `queue ${queue} is exclusive to another connection`,
        'Give every subscriber a queue name of its own.',
        error,
      );
    default:
      return error;
  }
}

/** What the broker itself refused to do, as an error of Aura; anything else comes back as it is. */
export function refusalOf(what: string, error: unknown): unknown {
  if (!isRefusal(error)) return error;
  return new StoreUnavailableError(`RabbitMQ refuses to ${what}: ${reasonOf(error)}`, error);
}

/** Any failure of an operation as an error of Aura. */
export function asAuraError(error: unknown): AuraError {
  if (error instanceof AuraError) return error;
  if (isNotFound(error)) return notDeclared(error);
  return new StoreUnavailableError(`RabbitMQ did not do it: ${reasonOf(error)}`, error);
}

function codeOf(error: unknown): number | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : undefined;
}
