import { reservationId, stockMovement, stockReleased } from '@aura/contracts';
import { defineAction } from '@aura/workflow';
import type { HoldingsWish } from '@aura/workflow';
import { z } from 'zod';
import { movedItems } from '../stock/moved-items';
import { stock } from '../stock/stock';
import { unitsByItem, wantedItems } from '../stock/wanted-items';

/** Input of `release-stock`: of which items; how many is what is held. */
export const releaseStockInput = z.object({ reservation: reservationId, items: wantedItems });

/** Puts back on hand what is held for a reservation; nothing, where nothing is. Never refused, and therefore without undo. */
export const releaseStock = defineAction({
  name: 'release-stock',
  description: 'Puts pieces back on hand that are held for a reservation.',
  kind: 'stateful',
  resources: [stock],
  input: releaseStockInput,
  output: stockMovement,
  emits: stockReleased.type,
  claim: ({ items, reservation }) =>
    unitsByItem(items).map(({ id }) => {
      const amount: HoldingsWish = { kind: 'release', hold: reservation };
      return { type: stock.name, id, amount };
    }),
  outcome: ({ reservation }, applied) => ({ output: { reservation, items: movedItems(applied) } }),
});
