import { valid } from 'semver';
import { z } from 'zod';

/** A semantic version. */
export const semver = z
  .string()
  .max(64)
  .refine((text) => /^\d/.test(text) && valid(text) !== null, 'must be a semantic version such as 1.0.0');
