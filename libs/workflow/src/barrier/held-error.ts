import { AuraError } from '@aura/kernel';
import type { ResourceClaim } from '../participant/action';

/** A transaction holds what is wanted; it may be free a moment later, so that trying again is right. */
export class HeldError extends AuraError {
  constructor({ type, id }: Pick<ResourceClaim, 'type' | 'id'>, by: string) {
    super(`${type}/${id} is held by transaction ${by}`, {
      code: 'HELD_BY',
      help: `Try again, or look at \`aura tx show ${by}\`: it holds until it is committed or aborted.`,
      details: { type, id, by },
    });
  }
}

/** What an outcome says of a failure that is only another's hold. */
export function contention(cause: unknown): { readonly isContended?: true } {
  return cause instanceof HeldError ? { isContended: true } : {};
}
