import { snakeName } from '@aura/contracts';
import { z } from 'zod';
import { semver } from '../semver';

/** `saga` of a step of type saga: the workflow that performs it, once or until its output says that it is enough. */
export const sagaDefinition = z.strictObject({
  workflow: snakeName,
  version: semver.exactOptional(),
  input: z.json().default({}),
  repeat: z.strictObject({ until: z.string().min(1), max: z.number().int().min(1).max(100) }).exactOptional(),
});
