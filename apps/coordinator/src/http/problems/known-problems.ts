import type { DefinitionProblem } from '@aura/contracts';
import type { CancelRefusal, MendRefusal, RerunRefusal, RetireRefusal, StartRefusal } from '@aura/saga';
import { Problem, retryAfter } from './problem';

const DEFAULT_RETRY_MS = 1000;
/** A process that stops is usually started again, ms. */
const STOPPING_RETRY_MS = 2000;

const statusOfRefusal: Readonly<Record<StartRefusal['code'], number>> = {
  UNKNOWN_WORKFLOW: 404,
  INVALID_INPUT: 422,
  KEY_REUSED: 422,
  NOT_ACTIVE: 409,
  OVERLOADED: 429,
  UNAVAILABLE: 503,
};

/** A refused start as an answer. */
export function startRefused(refusal: StartRefusal): Problem {
  const status = statusOfRefusal[refusal.code];
  const parts = {
    code: refusal.code,
    detail: refusal.message,
    help: refusal.help,
    ...(refusal.errors ? { errors: [...refusal.errors] } : {}),
    ...(refusal.waitsFor ? { waitsFor: [...refusal.waitsFor] } : {}),
  };
  const later = status === 429 || status === 503;
  return new Problem(status, parts, later ? retryAfter(refusal.retryAfterMs ?? DEFAULT_RETRY_MS) : {});
}

/** The wait for a saga is over, and it goes on. */
export function waitOver(sagaId: string, waitMs: number): Problem {
  const location = `/api/v1/workflows/${sagaId}`;
  return new Problem(
    504,
    {
      code: 'WAIT_OVER',
      detail: `saga ${sagaId} was started and goes on; it has not ended within ${waitMs} ms`,
      help: `Ask for it at ${location}, follow ${location}/events, or wait longer with ?waitMs=.`,
      sagaId,
    },
    { location },
  );
}

/** The process stops while a saga is waited for; the saga goes on wherever Aura runs. */
export function stoppedWaiting(sagaId: string): Problem {
  const location = `/api/v1/workflows/${sagaId}`;
  const detail = `Aura is stopping here; saga ${sagaId} was started and goes on as long as an Aura runs`;
  const help = `Ask for it at ${location} in a moment.`;
  return new Problem(
    503,
    { code: 'STOPPING', detail, help, sagaId },
    { location, ...retryAfter(STOPPING_RETRY_MS) },
  );
}

/** Nobody knows who makes the request. */
export function unauthenticated(
  detail: string,
  help = 'Send Authorization: Bearer and a token that this Aura knows.',
): Problem {
  return new Problem(401, { code: 'UNAUTHENTICATED', detail, help }, { 'www-authenticate': 'Bearer' });
}

/** Who makes the request may not do this. */
export function forbidden(detail: string, help: string): Problem {
  return new Problem(403, { code: 'FORBIDDEN', detail, help });
}

/** A browser sends this for a page of an origin that is not listed. */
export function originRefused(origin: string): Problem {
  return new Problem(403, {
    code: 'ORIGIN_NOT_ALLOWED',
    detail: `pages of ${JSON.stringify(origin.slice(0, 100))} may not use this Aura from a browser`,
    help: 'List the origin in AURA_ORIGINS, separated by commas, and start Aura again; or send the request from a server.',
  });
}

const statusOfCancel: Readonly<Record<CancelRefusal['code'], number>> = {
  UNKNOWN_SAGA: 404,
  SAGA_ENDED: 409,
  SAGA_APPLIED: 409,
  SAGA_GIVEN_UP: 409,
};

/** A refused cancel as an answer. */
export function cancelRefused({ code, message, help, applied }: CancelRefusal): Problem {
  return new Problem(statusOfCancel[code], {
    code: code === 'UNKNOWN_SAGA' ? 'SAGA_NOT_FOUND' : code,
    detail: message,
    help,
    ...(applied ? { applied: [...applied] } : {}),
  });
}

/** A refused mending or rerun as an answer. */
export function mendRefused({ code, message, help }: MendRefusal | RerunRefusal): Problem {
  return code === 'UNKNOWN_SAGA'
    ? new Problem(404, { code: 'SAGA_NOT_FOUND', detail: message, help })
    : new Problem(409, { code, detail: message, help });
}

/** No saga has this id; the same for any id that is not held, whatever its shape. */
export function sagaNotFound(sagaId: string): Problem {
  return new Problem(404, {
    code: 'SAGA_NOT_FOUND',
    detail: `no saga ${JSON.stringify(sagaId.slice(0, 100))} is held here`,
    help: 'Check the id; it is the sagaId of the answer that accepted the start.',
  });
}

/** No route has this path, or a path that no router can read. */
export function routeNotFound(path: string): Problem {
  return new Problem(404, {
    code: 'NOT_FOUND',
    detail: `nothing is at ${JSON.stringify(path.slice(0, 200))}`,
    help: 'GET / names the roads; /api/docs describes them.',
  });
}

/** The path is there, the method is not. */
export function methodNotAllowed(method: string, path: string, allowed: readonly string[]): Problem {
  const allow = allowed.join(', ');
  return new Problem(
    405,
    {
      code: 'METHOD_NOT_ALLOWED',
      detail: `${path} does not know ${method}`,
      help: `Use ${allow}.`,
    },
    { allow },
  );
}

/** A body over its limit. */
export function bodyTooLarge(limit: number): Problem {
  return new Problem(413, {
    code: 'PAYLOAD_TOO_LARGE',
    detail: `the body has more than ${sizeText(limit)}, the most that is read here`,
    help: 'Send less; large content goes by reference.',
  });
}

/** A body of a media type that this road does not read. */
export function unsupportedMediaType(got: string | undefined, accepted: readonly string[]): Problem {
  return new Problem(
    415,
    {
      code: 'UNSUPPORTED_MEDIA_TYPE',
      detail: got ? `content type ${got} is not read here` : 'the request names no content type',
      help: `Send Content-Type ${accepted.join(' or ')}.`,
    },
    { 'accept-post': accepted.join(', ') },
  );
}

/** A definition that is refused, with every reason. */
export function definitionRefused(problems: readonly DefinitionProblem[]): Problem {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new Problem(422, {
    code: 'INVALID_DEFINITION',
    detail: `the definition has ${count}`,
    help: 'Mend what the problems name, line by line, and send it again.',
    problems: [...problems],
  });
}

/** No event with this source and id waits for its saga. */
export function eventNotHeld({ source, id }: { readonly source: string; readonly id: string }): Problem {
  return new Problem(404, {
    code: 'EVENT_NOT_HELD',
    detail: `no event ${JSON.stringify(id.slice(0, 100))} of ${JSON.stringify(source.slice(0, 100))} waits for its saga`,
    help: 'See GET /api/v1/events/unclaimed; an event leaves it when its saga appears, or after five minutes.',
  });
}

/** Nothing that is named so waits for anything. */
export function nothingWaits(id: string): Problem {
  return new Problem(404, {
    code: 'NOTHING_WAITS',
    detail: `nothing with the id ${JSON.stringify(id.slice(0, 200))} waits for anything`,
    help: 'Give the id of a saga, of a dead letter, `source id` of an event, or id@version of a definition.',
  });
}

/** There is no such definition to retire. */
export function retireRefused({ message, help }: RetireRefusal): Problem {
  return new Problem(404, { code: 'DEFINITION_NOT_FOUND', detail: message, help });
}

/** A request whose parts are not what the road reads; one entry per violation. `whole`: what is read, for a violation without a path. */
export function invalidRequest(
  errors: readonly { readonly path: string; readonly message: string }[],
  whole = 'the body',
): Problem {
  const first = errors[0];
  const detail = first ? `${first.path || whole}: ${first.message}` : 'the request cannot be read';
  return new Problem(400, {
    code: 'INVALID_REQUEST',
    detail,
    help: 'Mend what the errors name and send it again.',
    errors: [...errors],
  });
}

const KIB = 1024;
const MIB = KIB * KIB;

function sizeText(bytes: number): string {
  if (bytes % MIB === 0) return `${bytes / MIB} MiB`;
  return bytes % KIB === 0 ? `${bytes / KIB} KiB` : `${bytes} bytes`;
}
