import { UnsafeSetupError } from '@aura/kernel';
import { BUILT_IN_PARTICIPANT } from '../plan/built-in';

/**
 * The name that a participant takes its steps under. Errors: `UnsafeSetupError` for the one that the coordinator performs its
 * own steps under: nobody could tell whose a step is.
 */
export function ownName({ name }: { readonly name: string }): string {
  if (name !== BUILT_IN_PARTICIPANT) return name;
  throw new UnsafeSetupError(
    `a participant cannot be named "${name}": the coordinator performs waits, transactions and sub-sagas under this name`,
    'Give the participant another name, such as that of what it does.',
  );
}
