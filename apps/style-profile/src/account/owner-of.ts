import { BusinessError } from '@aura/kernel';
import type { ActionContext } from '@aura/workflow';

/** Whose account it is: the person of the input, else of the saga. Errors: `BusinessError` NO_PERSON. */
export function ownerOf(
  { userId }: { readonly userId?: string | undefined },
  context: Pick<ActionContext, 'userId' | 'step'>,
): string {
  const owner = userId ?? context.userId;
  if (owner !== undefined) return owner;
  throw new BusinessError(`step ${context.step} does not say whose account it means`, {
    code: 'NO_PERSON',
    help: 'Give userId in the input, or start the saga for a person.',
  });
}
