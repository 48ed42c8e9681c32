import { reservationId, stockHeld, stockMovement } from '@aura/contracts';
import { defineAction } from '@aura/workflow';
import type { HoldingsWish } from '@aura/workflow';
import { z } from 'zod';
import { movedItems } from '../stock/moved-items';
import { PIECES, stock } from '../stock/stock';
import { unitsByItem, wantedItems } from '../stock/wanted-items';

/** Input of `hold-stock`. Without `reservation`: the saga's id. */
export const holdStockInput = z.object({ reservation: reservationId.optional(), items: wantedItems });

/** Sets pieces aside for a reservation, all of them or none. Refusals: OUT_OF_STOCK, ALREADY_HELD. */
export const holdStock = defineAction({
  name: 'hold-stock',
  description: 'Sets pieces aside for a reservation, all of them or none.',
  kind: 'stateful',
  resources: [stock],
  input: holdStockInput,
  output: stockMovement,
  emits: stockHeld.type,
  claim: ({ items, reservation }, { saga }) =>
    unitsByItem(items).map(({ id, units }) => {
      const amount: HoldingsWish = { kind: 'hold', hold: reservation ?? saga, amount: units, unit: PIECES };
      return { type: stock.name, id, amount };
    }),
  outcome: ({ reservation }, applied, { saga }) => ({
    output: { reservation: reservation ?? saga, items: movedItems(applied) },
  }),
  undo: { name: 'release-stock' },
});
