import { ForbiddenError, OPERATOR, UnauthenticatedError } from '@aura/nest';
import type { Authenticator } from '@aura/nest';
import { forbidden, unauthenticated } from '../problems/known-problems';
import type { Identify } from './identify';

/** Roads that change what all others work with. */
const OPERATORS_ONLY: readonly { readonly method: string; readonly path: RegExp }[] = [
  { method: 'POST', path: /^\/api\/v1\/definitions\/?$/ },
];

/** Asks an authenticator who makes a request; publishing a definition takes an operator where anybody is asked. */
export function identifyBy(authenticator: Authenticator): Identify {
  return async ({ method, url, headers }) => {
    const authorization = headers['authorization'];
    try {
      const actor = await authenticator.actorOf(
        typeof authorization === 'string' ? authorization : authorization?.[0],
      );
      const path = url.split('?', 1)[0] ?? '/';
      const isOperators = OPERATORS_ONLY.some((road) => road.method === method && road.path.test(path));
      if (isOperators) authenticator.demand(OPERATOR, actor);
      return actor;
    } catch (error) {
      if (error instanceof UnauthenticatedError) throw unauthenticated(error.message);
      if (error instanceof ForbiddenError) throw forbidden(error.message, error.help);
      throw error;
    }
  };
}
