import type { JsonValue } from '@aura/contracts';
import { canonicalJson, digestOf } from './canonical-json';
import type { Plan } from './plan';

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}

/** The digest of a plan: SHA-256 of the canonical JSON of everything but the digest. */
export function planDigest(plan: Omit<Plan, 'digest'>): string {
  const content = Object.entries(plan).filter(([name]) => name !== 'digest');
  return digestOf(canonicalJson(Object.fromEntries(content) as JsonValue));
}

/** Gives a plan its digest and freezes it. */
export function sealPlan(content: Omit<Plan, 'digest'>): Plan {
  return frozen({ ...content, digest: planDigest(content) });
}
