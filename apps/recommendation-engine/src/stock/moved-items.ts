import type { StockMovement } from '@aura/contracts';
import type { AppliedClaim, HoldingsChange } from '@aura/workflow';

/** What was moved of each item. */
export function movedItems(applied: readonly AppliedClaim[]): StockMovement['items'] {
  return applied.map(({ id, change }) => ({ id, units: (change as unknown as HoldingsChange).amount }));
}
