import type { Middleware } from './middleware';
import { leaveNothing } from './outcome';

/** Stops what is not an event: a dead letter with the reason, and nobody is disturbed. */
export const decode: Middleware = (context, next) => {
  const { event } = context.delivery;
  if (event.ok) return next(context);
  const { code, message } = event.error;
  const error = { kind: 'technical', code, message } as const;
  return Promise.resolve({ kind: 'dead', error, targets: [], onDead: leaveNothing });
};
