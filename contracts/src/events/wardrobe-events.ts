import { accountMovement, pricedLook, savedOutfit, stockMovement } from '../fashion/wardrobe';
import { defineEvent } from './define-event';
import { stepOutput } from './step-context';

/** End of the action `price-look`. */
export const lookPriced = defineEvent(
  'ai.aura.look.priced.v1',
  'Pieces of the catalogue were found and their prices were added up.',
  stepOutput(pricedLook),
);

/** End of the action `fund-account`. */
export const accountFunded = defineEvent(
  'ai.aura.account.funded.v1',
  "Money was paid into a person's account; the first payment opened it.",
  stepOutput(accountMovement),
);

/** End of the action `hold-budget`. */
export const budgetHeld = defineEvent(
  'ai.aura.budget.held.v1',
  "Money of a person's account was set aside for a reservation.",
  stepOutput(accountMovement),
);

/** End of the action `release-budget`. */
export const budgetReleased = defineEvent(
  'ai.aura.budget.released.v1',
  'What was held of an account for a reservation is free again.',
  stepOutput(accountMovement),
);

/** End of the action `capture-budget`. */
export const budgetCaptured = defineEvent(
  'ai.aura.budget.captured.v1',
  'What was held of an account for a reservation was spent.',
  stepOutput(accountMovement),
);

/** End of the action `receive-stock`. */
export const stockReceived = defineEvent(
  'ai.aura.stock.received.v1',
  'Pieces of the catalogue came in.',
  stepOutput(stockMovement),
);

/** End of the action `hold-stock`. */
export const stockHeld = defineEvent(
  'ai.aura.stock.held.v1',
  'Pieces were set aside for a reservation.',
  stepOutput(stockMovement),
);

/** End of the action `release-stock`. */
export const stockReleased = defineEvent(
  'ai.aura.stock.released.v1',
  'Pieces that were held for a reservation are on hand again.',
  stepOutput(stockMovement),
);

/** End of the action `sell-stock`. */
export const stockSold = defineEvent(
  'ai.aura.stock.sold.v1',
  'Pieces that were held for a reservation were sold.',
  stepOutput(stockMovement),
);

/** End of the action `save-outfit`. */
export const outfitSaved = defineEvent(
  'ai.aura.outfit.saved.v1',
  "An outfit was put among a person's own.",
  stepOutput(savedOutfit),
);

/** End of the action `remove-outfit`. */
export const outfitRemoved = defineEvent(
  'ai.aura.outfit.removed.v1',
  "An outfit is no longer among a person's own.",
  stepOutput(savedOutfit),
);
