import type { JsonValue } from '@aura/contracts';
import type { Chance } from '@aura/testing';
import type { WaitSpec } from './definition-spec';

/** A wait for a while, or for an event that somebody sends once it has begun. `place`: the definition and the step. */
export function randomWait(chance: Chance, place: string): WaitSpec {
  if (chance.hits(500)) return { for: chance.pick(['100ms', '2s', '6s']) };
  return { on: `signal.${place}.v1`, byKey: chance.hits(500) };
}

/** `wait` of the step as an author would write it. */
export function waitMember(wait: WaitSpec): { readonly [member: string]: JsonValue } {
  if ('for' in wait) return { for: wait.for };
  return wait.byKey ? { on: wait.on, correlate: 'event.data.key', match: 'input.key' } : { on: wait.on };
}

/** Whether a step has nothing to tell those behind it: it only waited for a while. */
export function isTimer({ wait }: { readonly wait?: WaitSpec }): boolean {
  return wait !== undefined && 'for' in wait;
}
