import { queryUnderstanding, queryUnderstood } from '@aura/contracts';
import { defineAction } from '@aura/workflow';
import { z } from 'zod';
import { understand } from '../domain/understand';

/** Input of `understand-query`: what somebody asked for, in English, if anything; at most 2000 characters. */
export const understandQueryInput = z.object({ query: z.string().max(2000).optional() });

/** Puts a query into terms of the domain; no query is a neutral one. */
export const understandQuery = defineAction({
  name: 'understand-query',
  description:
    'Reads occasions, seasons, colours, garments, materials, styles, formality, budget and refusals from a query.',
  kind: 'pure',
  input: understandQueryInput,
  output: queryUnderstanding,
  emits: queryUnderstood.type,
  run: ({ query }) => ({ output: understand(query) }),
});
