import type { Middleware } from './middleware';
import { leaveNothing } from './outcome';

/** Stops what is not an event: a dead letter with the reason, and nobody is disturbed. */
export const decode: Middleware = async (context, next) => {
  const { event } = context.delivery;
  if (event.ok) return next(context);
  const { code, message } = event.error;
  return { kind: 'dead', error: { kind: 'technical', code, message }, targets: [], onDead: leaveNothing };
};
