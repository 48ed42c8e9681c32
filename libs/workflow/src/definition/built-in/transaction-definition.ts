import { kebabName, snakeName } from '@aura/contracts';
import { z } from 'zod';
import { duration } from '../duration';

const branch = z.strictObject({ id: snakeName, action: kebabName, input: z.json().default({}) });

/** `transaction` of a step of type transaction: the branches that are applied together or not at all. */
export const transactionDefinition = z.strictObject({
  prepareTimeout: duration.default(5000),
  branches: z
    .array(branch)
    .min(2, 'needs at least two branches; one alone is a step')
    .max(20)
    .refine(
      (branches) => new Set(branches.map(({ id }) => id)).size === branches.length,
      'needs a different id for each branch',
    ),
});
