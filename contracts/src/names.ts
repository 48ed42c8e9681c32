import * as z from 'zod';

/** Ids of definitions and steps: `[a-z][a-z0-9_]{0,62}`. */
export const snakeName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'must match [a-z][a-z0-9_]{0,62} (lower case, digits, underscore)');

/** Names of actions and participants: `[a-z][a-z0-9-]{0,62}`. */
export const kebabName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must match [a-z][a-z0-9-]{0,62} (lower case, digits, hyphen)');

/** Content digest: `sha256:` and 64 lower-case hex digits. */
export const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hex digits');

/** CloudEvents type of ours: reverse domain, past tense, version at the end. */
export const eventType = z
  .string()
  .max(200)
  .regex(
    /^[a-z][a-z0-9]*(\.[a-z0-9_-]+)+$/i,
    'must be a reverse-domain name such as com.example.order.placed.v1',
  );
