import type { AccountMovement } from '@aura/contracts';
import type { AppliedClaim, HoldingsChange } from '@aura/workflow';

/** What was moved of the one account of a step. */
export function movementOf(reservation: string, applied: readonly AppliedClaim[]): AccountMovement {
  const [moved] = applied;
  if (moved === undefined) throw new TypeError(`nothing was applied for the reservation ${reservation}`);
  const { amount, unit } = moved.change as unknown as HoldingsChange;
  return {
    userId: moved.id,
    reservation,
    amountCents: amount,
    ...(unit === null ? {} : { currency: unit }),
  };
}
