import { reservationId, stockMovement, stockSold } from '@aura/contracts';
import { defineAction } from '@aura/workflow';
import type { HoldingsWish } from '@aura/workflow';
import { z } from 'zod';
import { movedItems } from '../stock/moved-items';
import { stock } from '../stock/stock';
import { unitsByItem, wantedItems } from '../stock/wanted-items';

/** Input of `sell-stock`: of which items; how many is what is held. */
export const sellStockInput = z.object({ reservation: reservationId, items: wantedItems });

/** Sells all that is held for a reservation. Refusals: NOTHING_HELD. Without undo: what is sold comes back as goods that come in. */
export const sellStock = defineAction({
  name: 'sell-stock',
  description: 'Sells pieces that are held for a reservation.',
  kind: 'stateful',
  resources: [stock],
  input: sellStockInput,
  output: stockMovement,
  emits: stockSold.type,
  claim: ({ items, reservation }) =>
    unitsByItem(items).map(({ id }) => {
      const amount: HoldingsWish = { kind: 'spend', hold: reservation };
      return { type: stock.name, id, amount };
    }),
  outcome: ({ reservation }, applied) => ({ output: { reservation, items: movedItems(applied) } }),
});
