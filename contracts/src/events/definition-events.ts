import * as z from 'zod';
import { digest, kebabName } from '../names';
import { defineEvent } from './define-event';

const ref = { definition: z.string(), version: z.string(), digest };

/** A plan as JSON text: participants parse it once and keep it by digest. */
const planText = z.object({ ...ref, plan: z.string() });

export const definitionPublished = defineEvent(
  'ai.aura.definition.published.v1',
  'A definition was compiled. Every participant it names binds what it needs and confirms.',
  planText,
);

export const definitionBound = defineEvent(
  'ai.aura.definition.bound.v1',
  'A participant has bound what a definition needs of it.',
  z.object({ ...ref, participant: kebabName, instance: z.string() }),
);

export const definitionActivated = defineEvent(
  'ai.aura.definition.activated.v1',
  'Every participant has confirmed; sagas of the definition may start.',
  z.object(ref),
);

export const definitionExpired = defineEvent(
  'ai.aura.definition.expired.v1',
  'Not every participant has confirmed a definition in time: it takes no sagas until it is published again.',
  z.object({ ...ref, waitsFor: z.array(z.string()) }),
);

export const definitionRetired = defineEvent(
  'ai.aura.definition.retired.v1',
  'A definition takes no new sagas.',
  z.object(ref),
);

export const definitionReleased = defineEvent(
  'ai.aura.definition.released.v1',
  'The last saga of a retired definition has ended. Every participant it names unbinds what nobody else needs and confirms.',
  planText,
);

export const definitionUnbound = defineEvent(
  'ai.aura.definition.unbound.v1',
  'A participant has unbound what a released definition alone needed of it.',
  z.object({ ...ref, participant: kebabName, instance: z.string() }),
);

export const planRequested = defineEvent(
  'ai.aura.plan.requested.v1',
  'A participant met a plan that it does not know.',
  z.object({ digest, participant: kebabName, replyTo: z.string() }),
);

export const planProvided = defineEvent('ai.aura.plan.provided.v1', 'The plan that was asked for.', planText);
